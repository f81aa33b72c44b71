import { migrate, type Migrations } from '../../postgres/migrate.ts'
import { admit } from '../admission.ts'
import { BATCH_LIMITS, openBatcher, type BatchLimits } from '../batcher.ts'
import { observedBatches } from '../observed-batches.ts'
import type { EventStore, Subscription } from '../port.ts'
import { openSignal } from '../signal.ts'
import { subscribeByReading } from '../subscription.ts'
import { formerLogs } from './formerly.ts'
import { clientConfig, openConnection, PATIENCE, type Patience } from './connection.ts'
import { openListener, type Listener } from './listener.ts'
import { openReader, READER_SETTINGS } from './reader.ts'
import { sendBatch, WRITER_SETTINGS } from './writer.ts'
import { inSession, openPool } from '../../postgres/sessions.ts'

export const EVENT_STORE_MIGRATIONS: Migrations = {
  part: 'event-store',
  directory: new URL('migrations/', import.meta.url),
  formerly: formerLogs,
}

export interface PostgresStoreOptions {
  /** Connection string of the database; its login owns the schema, or is a member of `role` where the schema is up to date already. */
  readonly url: string
  /** Role that appends and reads: it can do nothing else. */
  readonly role?: string
  /** Brings the schema up to date first, with the login's own rights. */
  readonly migrate?: boolean
  /** Sessions for reading. */
  readonly readers?: number
  readonly batch?: Partial<BatchLimits>
  readonly patience?: Partial<Patience>
  /** How long a lost hint may delay a subscriber, milliseconds. */
  readonly pollMs?: number
  /** Hears how many requests each batch carried: for the metrics. */
  readonly onBatch?: (requests: number) => void
}

/** The event store on PostgreSQL 13 or newer. Its guarantees and their price: README.md of the folder above. */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<EventStore> {
  const { url, role = 'wufei_app', readers = 4, pollMs = 250 } = options
  if (options.migrate ?? true) await inSession(url, (client) => migrate(client, EVENT_STORE_MIGRATIONS))
  const patience = { ...PATIENCE, ...options.patience }

  const writing = openConnection({ url, role, purpose: 'event store: writer', settings: WRITER_SETTINGS })
  const observed = observedBatches((batch) => sendBatch(writing, patience, batch), options.onBatch)
  const batcher = openBatcher(observed.send, { ...BATCH_LIMITS, ...options.batch })
  const pool = openPool({
    ...clientConfig({ url, role, purpose: 'event store: reader', settings: READER_SETTINGS }),
    max: readers,
  })
  const reader = openReader(pool, patience)

  const changes = openSignal()
  let listener: Listener | undefined
  const subscriptions = new Set<Subscription>()
  let closing: Promise<void> | undefined

  async function close(): Promise<void> {
    await Promise.all([...subscriptions].map((subscription) => subscription.stop()))
    await batcher.close()
    await Promise.all([listener?.close(), writing.close(), pool.end()])
  }

  return {
    ...reader,
    async append(request) {
      const result = await batcher.append(observed.from(admit(request)))
      // Subscribers of this process need not wait for the hint to come back from the server.
      if (result.outcome === 'appended') changes.raise()
      return result
    },
    subscribe(after, onPage, pageOptions) {
      listener ??= openListener({ url, role, purpose: 'event store: listener' }, changes)
      const subscription = subscribeByReading(reader, changes, pollMs, after, onPage, pageOptions)
      subscriptions.add(subscription)
      void subscription.done.catch(() => undefined).finally(() => subscriptions.delete(subscription))
      return subscription
    },
    close: () => (closing ??= close()),
  }
}
