import { admit } from '../admission.ts'
import { StoreBusy, StoreRefused, StoreUnavailable } from '../faults.ts'
import type { EventStore, Subscription } from '../port.ts'
import { openAppender } from './appender.ts'
import { EventStoreDBClient } from './client.ts'
import { closeStream } from './closing.ts'
import { connect, type Connection } from './connection.ts'
import { beginEpoch, currentEpoch } from './epoch.ts'
import { PATIENCE, patiently, type Patience } from './faults.ts'
import { openLogIndex } from './log-index.ts'
import { openMemoryIndex } from './memory-index.ts'
import { openPostgresIndex } from './postgres-index.ts'
import { openReader } from './reader.ts'
import { subscribe, SUBSCRIPTION_LIMITS, type SubscriptionLimits } from './subscription.ts'
import { openOwnAppends } from './own-appends.ts'

export interface EventStoreDbOptions {
  /** `esdb://…` of a node or `esdb+discover://…` of a cluster, with its login where it asks for one. */
  readonly url: string
  /** PostgreSQL for the index of the log, shared by all processes; without it each process keeps its own, in memory. */
  readonly databaseUrl?: string
  /** Appends that may be under way at once; the others wait. Beyond some hundreds the client only gets slower. */
  readonly openCalls?: number
  /** Appends that may wait; one more is refused as busy. */
  readonly waiting?: number
  readonly patience?: Partial<Patience>
  readonly subscriptions?: Partial<SubscriptionLimits>
  /** MaxAppendSize of the server in bytes, where it is not the default of its version. */
  readonly maxAppendSize?: number
  /** Between two looks at who leads a cluster, while nothing fails; milliseconds. */
  readonly watchMs?: number
}

const WATCH_MS = 5_000

export interface EventStoreDb extends EventStore {
  /** To be called once after the server was restored from a backup: checkpoints of the time before are void then, and the index is built again. */
  beginEpoch(): Promise<string>
  /** A closed stream takes no more events. */
  closeStream(stream: string): Promise<void>
}

/** The event store on EventStoreDB, version 22.6 or newer. What it promises, and where that differs from PostgreSQL: README.md beside this. */
export async function openEventStoreDb(options: EventStoreDbOptions): Promise<EventStoreDb> {
  const { openCalls = 256, waiting = 20_000 } = options
  const patience = { ...PATIENCE, ...options.patience }
  const limits = { ...SUBSCRIPTION_LIMITS, ...options.subscriptions }

  checkAddress(options.url)
  const storage = options.databaseUrl === undefined ? openMemoryIndex() : await openPostgresIndex(options.databaseUrl)
  const { url, maxAppendSize } = options
  const connection = connect({ url, openCalls, patience, maxAppendSize, watchMs: options.watchMs ?? WATCH_MS })
  const index = openLogIndex(
    {
      readAll: connection.readAll,
      epoch: () => currentEpoch(connection, patience.callMs),
      confirmLeader: connection.confirmLeader,
      lookMs: patience.callMs,
    },
    storage,
  )
  await mayReadAll(connection, () => index.close())
  const own = openOwnAppends()
  const reader = openReader(connection, index, own, patience)
  const appendInTurn = openAppender(connection, index, own, patience)

  const underWay = new Set<Promise<unknown>>()
  const subscriptions = new Set<Subscription>()
  let closing: Promise<void> | undefined

  async function close(): Promise<void> {
    await Promise.all([...subscriptions].map((subscription) => subscription.stop()))
    await Promise.allSettled(underWay)
    await connection.close()
    await index.close()
  }

  return {
    ...reader,
    async append(request) {
      const admitted = admit(request)
      if (closing) throw new StoreUnavailable('the store is closed')
      if (underWay.size >= waiting) throw new StoreBusy(`${waiting} appends are waiting already`)
      const append = appendInTurn(admitted)
      underWay.add(append)
      try {
        return await append
      } finally {
        underWay.delete(append)
      }
    },
    subscribe(after, onPage, pageOptions = {}) {
      const subscription = subscribe(connection, index, reader.head, after, onPage, pageOptions, limits)
      subscriptions.add(subscription)
      void subscription.done.catch(() => undefined).finally(() => subscriptions.delete(subscription))
      return subscription
    },
    beginEpoch: () => patiently(patience, () => beginEpoch(connection, patience.callMs)),
    closeStream: (stream) => patiently(patience, () => closeStream(connection, stream)),
    close: () => (closing ??= close()),
  }
}

/** The client parses the address where a call is made, and its error holds all of it, the password among it. @throws TypeError */
function checkAddress(url: string): void {
  try {
    EventStoreDBClient.connectionString(url)
  } catch (error) {
    // The cause would carry the address with its password into logs.
    // oxlint-disable-next-line preserve-caught-error
    throw new TypeError(`EVENTSTORE_URL cannot be used: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/**
 * Everything here is read from `$all`, which takes a login in `$admins`: a store that may not is refused when it is opened and not at its first reader.
 * A server that does not answer yet is no reason: it is asked again with everything else.
 * @throws StoreRefused
 */
async function mayReadAll(connection: Connection, closeIndex: () => Promise<void>): Promise<void> {
  try {
    await connection.readAll('end', 1)
  } catch (error) {
    if (!(error instanceof StoreRefused)) return
    await connection.close()
    await closeIndex()
    throw error
  }
}
