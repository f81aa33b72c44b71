import { setTimeout as pause } from 'node:timers/promises'
import { KafkaUnavailable } from './faults.ts'
import { ADMIN_PATIENCE_MS, FIRST_RETRY_MS } from './settings.ts'

/**
 * Asks again until there is an answer: a broker that is away, and one that does not know yet what another one was told a moment ago, are
 * the same to whoever asks. `forget` lets go of what the client believes about brokers and leaders.
 * @throws KafkaUnavailable after half a minute
 */
export async function answered<T>(question: () => Promise<T>, forget: () => void = () => undefined): Promise<T> {
  const until = performance.now() + ADMIN_PATIENCE_MS
  for (;;) {
    try {
      return await question()
    } catch (cause) {
      if (performance.now() > until) throw new KafkaUnavailable('the brokers did not answer', { cause })
      forget()
      await pause(FIRST_RETRY_MS)
    }
  }
}
