import { setTimeout as pause } from 'node:timers/promises'
import type pg from 'pg'
import { becomeLeader, LOCK_SPACES } from '../postgres/leadership.ts'
import { CareHandedOver, claimMark, databaseTime } from './caretaker-mark.ts'
import { openCaretaker, type Caretaker, type CaretakerOptions, type Problem } from './caretaker.ts'
import type { Runtime } from './execute.ts'

export interface LedCaretakerOptions extends Omit<CaretakerOptions, 'mark' | 'time'> {
  /** Whose policies and watches these are; the copies of one service share one mark. */
  readonly service: string
  readonly databaseUrl: string
  readonly pool: pg.Pool
  readonly onFault?: (fault: unknown) => void
}

export interface LedCaretaker {
  /** Whether this process is the one that looks after the log. */
  leads(): boolean
  problems(): readonly Problem[]
  /** Finishes the page under way and gives the care to the next process. */
  stop(): Promise<void>
}

const RETRY_MS = 500

/**
 * Of all copies of a service one is the caretaker; when it dies, another begins where its mark stands. That two of them may overlap for a
 * moment does nothing twice (reactions have ids of their events), and only the newer one moves the mark.
 */
export function openLedCaretaker(
  runtime: Runtime,
  { service, databaseUrl, pool, onFault = () => undefined, ...care }: LedCaretakerOptions,
): LedCaretaker {
  const stopping = new AbortController()
  let current: Caretaker | undefined

  async function serve(lost: AbortSignal): Promise<void> {
    const deposed = new AbortController()
    const over = AbortSignal.any([lost, deposed.signal, stopping.signal])
    // What it keeps in memory begins at the mark, so every term begins with nothing in memory.
    const caretaker = openCaretaker(runtime, {
      ...care,
      time: () => databaseTime(pool),
      mark: await claimMark(pool, service),
      onMisused: onFault,
    })
    current = caretaker
    caretaker.start((fault) => {
      if (fault instanceof CareHandedOver) deposed.abort()
      else onFault(fault)
    })
    if (!over.aborted) await new Promise((resolve) => over.addEventListener('abort', resolve, { once: true }))
    await caretaker.stop()
    current = undefined
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      const leadership = await becomeLeader({
        connectionString: databaseUrl,
        space: LOCK_SPACES.caretakers,
        names: [service],
        until: stopping.signal,
      })
      if (!leadership) return
      try {
        await serve(leadership.lost)
      } catch (fault) {
        onFault(fault)
      } finally {
        await leadership.release()
      }
      // Whoever was waiting comes first, and a database that is away is not asked in a circle.
      await pause(RETRY_MS, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  }

  const running = run()
  return {
    leads: () => current !== undefined,
    problems: () => current?.problems() ?? [],
    async stop() {
      stopping.abort()
      await running
    },
  }
}
