import { Worker } from 'node:worker_threads'
import type { Configuration } from '../../../../infra/configuration/configuration.ts'
import { inTime } from '../../../../infra/process/in-time.ts'
import { faultOf } from '../../folding/messages.ts'
import type { Attempted, ImportPark } from '../import-park.ts'
import { plainSteps } from '../local-park.ts'
import type { AskedAttempt, Order, Report } from './messages.ts'
import { outbox } from './outbox.ts'
import { routing } from './routing.ts'

/** Threads of this process that decide and record plans, side by side with the one that reads the books. */
export interface ImportThreads {
  /** Opens the park in each thread. @throws whatever keeps one from opening */
  open(config: Configuration): Promise<void>
  /** The park with its plans decided by the threads. */
  park(local: ImportPark): ImportPark
  stop(): Promise<void>
}

/** A page of appends is over long before that. */
const STOP_MS = 15_000

interface Call {
  resolve(attempted: Attempted): void
  reject(fault: unknown): void
}

interface Thread {
  readonly worker: Worker
  readonly ended: Promise<void>
  readonly send: (order: Order) => void
  readonly ask: (attempt: AskedAttempt) => void
  events: number
}

const startWorker = (): Worker => new Worker(new URL('start.mjs', import.meta.url), { name: 'import' })

/** Starts `count` threads, which load their modules meanwhile. One that dies ends the import, as the end of its process would. */
export function startImportThreads(count: number, begin: () => Worker = startWorker): ImportThreads {
  const calls = new Map<number, Call>()
  const opened: Call[] = []
  let next = 0
  let broken: unknown
  let stopping = false

  function breakOff(fault: unknown): void {
    broken ??= fault
    for (const { reject } of [...calls.values(), ...opened.splice(0)]) reject(broken)
    calls.clear()
  }

  function start(): Thread {
    const worker = begin()
    const send = (order: Order): void => worker.postMessage(order, [])
    const thread: Thread = {
      worker,
      send,
      ask: outbox((attempts) => send({ do: 'attempt', attempts })),
      events: 0,
      ended: new Promise((ended) => {
        worker.on('exit', (code) => {
          if (!stopping) breakOff(new Error(`a thread of the import ended with ${code}`))
          ended()
        })
      }),
    }
    worker.on('error', breakOff)
    worker.on('message', (said: Report) => {
      switch (said.is) {
        case 'open':
          return opened.shift()?.resolve({ status: 'recorded', answers: [], took: [] })
        case 'attempted':
          thread.events = said.events
          for (const { call, ...attempted } of said.attempted) {
            calls.get(call)?.resolve(attempted)
            calls.delete(call)
          }
          return
        case 'fault':
          return breakOff(faultOf(said.fault))
      }
    })
    return thread
  }

  const threads = Array.from({ length: count }, start)

  return {
    async open(config) {
      const opening = threads.map(
        ({ send }) =>
          new Promise<Attempted>((resolve, reject) => {
            opened.push({ resolve, reject })
            send({ do: 'open', config })
          }),
      )
      await Promise.all(opening)
    },
    park(local) {
      const threadOf = routing(count)
      return {
        ...local,
        attempt: (plan, ids, options, books) =>
          new Promise<Attempted>((resolve, reject) => {
            if (broken !== undefined) return reject(broken)
            const call = next++
            calls.set(call, { resolve, reject })
            threads[threadOf(books, plan)]?.ask({ call, steps: plainSteps(plan, ids), ...options })
          }),
        events: () => threads.reduce((sum, { events }) => sum + events, 0),
      }
    },
    async stop() {
      stopping = true
      for (const { send } of threads) send({ do: 'stop' })
      await inTime(Promise.all(threads.map(({ ended }) => ended)), STOP_MS).catch(() =>
        Promise.all(threads.map(({ worker }) => worker.terminate())),
      )
    },
  }
}
