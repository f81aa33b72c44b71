import { setTimeout as pause } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import type { Configuration } from '../../../infra/configuration/configuration.ts'
import type { EventStore, Position } from '../../../infra/event-store/port.ts'
import { noCounts, type FeedCounts } from '../../../infra/feed/counts.ts'
import { openPool } from '../../../infra/postgres/sessions.ts'
import { inTime } from '../../../infra/process/in-time.ts'
import type { Parked } from '../../../projections/runner/checkpoints.ts'
import { openReporting } from '../../../projections/runner/reporting.ts'
import type { Runner } from '../../../projections/runner/runner.ts'
import { faultOf, type Order, type Report } from './messages.ts'

/** A runner whose folding is done by a thread of this process. */
export interface FoldingThread extends Runner {
  /** What became of what the feed over Kafka published, as of the last page. */
  readonly counts: FeedCounts
}

export interface FoldingThreadOptions {
  readonly config: Configuration
  readonly databaseUrl: string
  /** Where this thread asks how old the oldest event is that a projection has yet to fold. */
  readonly store: Pick<EventStore, 'readAll'>
  /** Names of the projections that are folded. */
  readonly names: readonly string[]
  /** Called with faults that are tried again: of a projection, of the feed, and ends of the thread itself. */
  readonly onFault: (fault: unknown, of: 'projection' | 'feed' | 'thread') => void
  readonly onParked: (parked: Parked) => void
  /** Starts the thread; another one where it died. */
  readonly start?: () => Worker
}

const BACKOFF_MS = [0, 250, 1_000, 5_000]
/** A thread that lived so long did not die of its start, milliseconds. */
const SETTLED_MS = 60_000
/** A page under way is finished long before that. */
const STOP_MS = 15_000
const READERS = 4

const startWorker = (): Worker => new Worker(new URL('start.mjs', import.meta.url), { name: 'folding' })

/**
 * Folds all read models on a thread of its own, so that requests do not wait for pages and pages not for requests. The thread opens its own
 * log, sessions and feed; what it reports is how far it is. One that dies is followed by another, which goes on at the checkpoints, as
 * another process would: rows and checkpoint are one transaction.
 * @throws whatever keeps the first thread from opening
 */
export async function openFoldingThread({
  config,
  databaseUrl,
  store,
  names,
  onFault,
  onParked,
  start = startWorker,
}: FoldingThreadOptions): Promise<FoldingThread> {
  const stopping = new AbortController()
  const pool = openPool({ connectionString: databaseUrl, max: READERS }, (fault) => onFault(fault, 'projection'))
  const positions = new Map<string, Position>()
  const replays = new Map<number, { resolve(events: number): void; reject(fault: unknown): void }>()
  let calls = 0
  let counts = noCounts()
  let leading = false
  let worker: Worker | undefined
  let gaveUp: (fault: unknown) => void = () => undefined
  let over: () => void = () => undefined
  const done = new Promise<void>((resolve, reject) => {
    over = resolve
    gaveUp = reject
  })
  done.catch(() => undefined)

  const { advanced, ...reporting } = openReporting({
    pool,
    schema: 'rm',
    store,
    names,
    own: (projection) =>
      [...positions].flatMap(([name, position]) => (projection === undefined || name === projection ? [position] : [])),
    stopping: stopping.signal,
  })

  /** What was known of a thread that folds no longer: the checkpoints say how far its rows are. */
  function forget(): void {
    positions.clear()
    leading = false
    for (const { reject } of replays.values()) reject(new Error('the thread that folds ended'))
    replays.clear()
  }

  function hear(said: Report): void {
    switch (said.is) {
      case 'open':
      case 'not open':
        return
      case 'gave up':
        return gaveUp(faultOf(said.fault))
      case 'leading':
        positions.clear()
        leading = said.positions !== undefined
        for (const [name, position] of Object.entries(said.positions ?? {})) positions.set(name, position)
        return
      case 'advanced':
        // One that is on its way from an earlier term says nothing.
        if (leading) positions.set(said.projection, said.position)
        if (said.counts) counts = said.counts
        return advanced(said.projection, said.position)
      case 'fault':
        return onFault(faultOf(said.fault), said.of)
      case 'parked':
        return onParked(said.parked)
      case 'replayed':
        replays.get(said.call)?.resolve(said.events)
        return void replays.delete(said.call)
      case 'not replayed':
        replays.get(said.call)?.reject(faultOf(said.fault))
        return void replays.delete(said.call)
    }
  }

  /** Runs one thread to its end; `opened` is called once it follows the log, or with what keeps it from that. */
  function runOne(opened: (fault?: unknown) => void): Promise<void> {
    return new Promise((ended) => {
      const mine = start()
      worker = mine
      mine.on('message', (said: Report) => {
        if (said.is === 'open') opened()
        if (said.is === 'not open') {
          opened(faultOf(said.fault))
          onFault(faultOf(said.fault), 'thread')
          void mine.terminate()
        }
        hear(said)
      })
      mine.on('error', (fault) => onFault(fault, 'thread'))
      mine.on('exit', (code) => {
        worker = undefined
        forget()
        opened(new Error(`the thread that folds ended with ${code} before it was open`))
        ended()
      })
      send({ do: 'open', config, databaseUrl })
      if (stopping.signal.aborted) send({ do: 'stop' })
    })
  }

  const send = (order: Order): void => worker?.postMessage(order, [])

  async function run(opened: (fault?: unknown) => void): Promise<void> {
    for (let deaths = 0; !stopping.signal.aborted; deaths++) {
      const began = performance.now()
      await runOne(opened)
      if (stopping.signal.aborted) break
      if (performance.now() - began > SETTLED_MS) deaths = 0
      onFault(new Error('the thread that folds ended; another one goes on where it was'), 'thread')
      const wait = BACKOFF_MS[Math.min(deaths, BACKOFF_MS.length - 1)]
      await pause(wait, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  }

  let running: Promise<void> = Promise.resolve()
  async function stop(): Promise<void> {
    stopping.abort()
    send({ do: 'stop' })
    // A thread that hangs is ended: what it had begun is rolled back.
    await inTime(running, STOP_MS).catch(() => worker?.terminate())
    over()
    if (!pool.ending) await pool.end()
  }

  try {
    await new Promise<void>((resolve, reject) => {
      running = run((fault) => (fault === undefined ? resolve() : reject(fault)))
    })
  } catch (fault) {
    await stop()
    throw fault
  }

  return {
    done,
    ...reporting,
    get counts() {
      return counts
    },
    leads: () => leading,
    replayParked: () =>
      new Promise((resolve, reject) => {
        // Where another process folds, or the thread is about to, nothing is replayed here.
        if (!worker || !leading) return resolve(0)
        const call = ++calls
        replays.set(call, { resolve, reject })
        send({ do: 'replay', call })
      }),
    stop,
  }
}
