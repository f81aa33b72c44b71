import { setTimeout as pause } from 'node:timers/promises'
import { behind, type Behind } from '../event-store/behind.ts'
import type { EventStore, Position } from '../event-store/port.ts'
import type { Kafka } from '../kafka/port.ts'
import { becomeLeader, LOCK_SPACES } from '../postgres/leadership.ts'
import { migrate } from '../postgres/migrate.ts'
import { inSession, openPool } from '../postgres/sessions.ts'
import { inTime } from '../process/in-time.ts'
import { openLine } from './line.ts'
import { claimMark, readMark, relayMigrations } from './mark.ts'
import { DEFAULT_PARTITIONS, DEFAULT_TOPIC_PREFIX, topicsOf } from './topics.ts'

export interface RelayOptions {
  readonly store: Pick<EventStore, 'subscribe' | 'readAll' | 'epoch'>
  readonly kafka: Kafka
  /** Where the mark is kept; its table is made where it is missing. */
  readonly databaseUrl: string
  readonly topicPrefix?: string
  /** Relays of one name take turns; each has its own mark. */
  readonly name?: string
  /** Events a send and a mark. */
  readonly pageSize?: number
  /** How long stopping waits for brokers that are away, milliseconds. */
  readonly stopMs?: number
  /** Told of faults that are tried again. */
  readonly onFault?: (fault: unknown) => void
}

export interface Relay {
  /** Whether this process is the one that relays. */
  leads(): boolean
  /** Up to where the log lies acknowledged in Kafka, whoever sent it. */
  position(): Promise<Position>
  /** Waits for that; false if it did not come within `timeoutMs`. */
  waitFor(position: Position, timeoutMs: number): Promise<boolean>
  /** Of what is not acknowledged yet. */
  lag(): Promise<Behind>
  /** Finishes the pages under way and gives the mark to the next process. */
  stop(): Promise<void>
}

const PAGE = 1_000
const STOP_MS = 5_000
const BACKOFF_MS = [50, 250, 1_000, 5_000]
const POLL_MS = 20

/**
 * Sends the log to Kafka: every event once or more, of each key in order, from where the mark stands. Of several processes one relays.
 *
 * A relay whose lock vanished without a word may still send what it has under way, two pages, and whoever reads sees them a second time
 * behind what its successor sent; its mark it cannot move any more, and so it ends. One that was stopped asks for its fence before it
 * sends again. Readers drop what their chain of positions shows them to have had.
 */
export async function openRelay({
  store,
  kafka,
  databaseUrl,
  topicPrefix = DEFAULT_TOPIC_PREFIX,
  name = 'relay',
  pageSize = PAGE,
  stopMs = STOP_MS,
  onFault = () => undefined,
}: RelayOptions): Promise<Relay> {
  await inSession(databaseUrl, (client) => migrate(client, relayMigrations))
  const pool = openPool({ connectionString: databaseUrl, max: 2, application_name: 'relay' }, onFault)
  const stopping = new AbortController()
  let leading = false

  /** One term: from the mark on, until stopped, deposed or out of luck. A term has a producer of its own, which a fault makes void. */
  async function lead(lost: AbortSignal): Promise<void> {
    const epoch = await store.epoch()
    const mark = await claimMark(pool, name, epoch)
    const partitions = new Map(
      await Promise.all(
        topicsOf(topicPrefix).map(async (topic) => [topic, (await kafka.watermarks(topic)).length] as const),
      ),
    )
    const producer = await kafka.producer()
    const line = openLine({
      producer,
      mark,
      epoch,
      topicPrefix,
      partitions: (topic) => partitions.get(topic) ?? DEFAULT_PARTITIONS,
    })
    const subscription = store.subscribe(mark.position(), line.take, { pageSize })
    const over = AbortSignal.any([lost, stopping.signal])
    const end = (): void => void subscription.stop()
    over.addEventListener('abort', end)
    leading = true
    try {
      if (over.aborted) end()
      await Promise.race([subscription.done, line.failed])
      await line.settled()
    } finally {
      leading = false
      over.removeEventListener('abort', end)
      await subscription.stop()
      await line.settled().catch(() => undefined)
      await producer.close().catch(onFault)
    }
  }

  async function run(): Promise<void> {
    for (let tries = 0; !stopping.signal.aborted; ) {
      const leadership = await becomeLeader({
        connectionString: databaseUrl,
        space: LOCK_SPACES.relay,
        names: [name],
        until: stopping.signal,
      })
      if (!leadership) return
      const began = performance.now()
      try {
        await lead(leadership.lost)
      } catch (fault) {
        onFault(fault)
        tries = performance.now() - began > 10_000 ? 0 : tries + 1
      } finally {
        await leadership.release()
      }
      const wait = BACKOFF_MS[Math.min(tries, BACKOFF_MS.length) - 1] ?? BACKOFF_MS[0]
      await pause(wait, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  }

  const position = async (): Promise<Position> => (await readMark(pool, name))?.position ?? 0
  const running = run()
  return {
    leads: () => leading,
    position,
    async waitFor(wanted, timeoutMs) {
      const until = performance.now() + timeoutMs
      // A database that is away for a moment is no answer.
      while ((await position().catch(() => 0)) < wanted) {
        if (performance.now() > until || stopping.signal.aborted) return false
        await pause(POLL_MS)
      }
      return true
    },
    async lag() {
      return behind(store, await position())
    },
    async stop() {
      stopping.abort()
      // What brokers that are away have not acknowledged by then is in doubt, and told again by whoever leads next.
      await inTime(running, stopMs).catch(onFault)
      if (!pool.ending) await pool.end()
    },
  }
}
