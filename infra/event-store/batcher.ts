import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Admitted } from './admission.ts'
import { StoreBusy, StoreUnavailable } from './faults.ts'
import type { AppendResult } from './port.ts'

export interface BatchLimits {
  /** Requests, and bytes of their bodies, that travel in one batch. */
  readonly requests: number
  readonly bytes: number
  /** Requests that may wait; one more is told that the store is busy. */
  readonly waiting: number
}
export const BATCH_LIMITS: BatchLimits = { requests: 256, bytes: 1_048_576, waiting: 20_000 }

export interface Batcher {
  append(request: Admitted): Promise<AppendResult>
  /** Takes nothing more and settles when everything that waited got its answer. */
  close(): Promise<void>
}

interface Waiting {
  readonly request: Admitted
  resolve(result: AppendResult): void
  reject(fault: unknown): void
}

/**
 * Group commit: while one batch is under way the next one gathers, and it leaves when the answer of the one before came. No timer: an idle
 * store answers at once, a busy one shares each flush to disk among all who wait.
 */
export function openBatcher(send: (batch: readonly Admitted[]) => Promise<readonly AppendResult[]>, limits: BatchLimits = BATCH_LIMITS): Batcher {
  let queue: Waiting[] = []
  let running: Promise<void> | undefined
  let open = true

  async function run(): Promise<void> {
    while (queue.length > 0) {
      // A turn of the event loop, so that those whom the last batch answered can send what follows into this one.
      await nextTurn()
      const batch = take()
      try {
        const results = await send(batch.map(({ request }) => request))
        for (const [index, waiting] of batch.entries()) settle(waiting, results[index])
      } catch (fault) {
        for (const waiting of batch) waiting.reject(fault)
      }
    }
    running = undefined
  }

  /** The first of the queue, within the limits. A command that is in the batch already waits: its repeat is answered by the receipt. */
  function take(): readonly Waiting[] {
    const batch: Waiting[] = []
    const held: Waiting[] = []
    const commands = new Set<string>()
    let bytes = 0
    let next = 0
    for (; next < queue.length && batch.length < limits.requests; next++) {
      const waiting = queue[next] as Waiting
      if (batch.length > 0 && bytes + waiting.request.bytes > limits.bytes) break
      if (commands.has(waiting.request.commandId)) {
        held.push(waiting)
        continue
      }
      commands.add(waiting.request.commandId)
      bytes += waiting.request.bytes
      batch.push(waiting)
    }
    queue = [...held, ...queue.slice(next)]
    return batch
  }

  return {
    append(request) {
      if (!open) return Promise.reject(new StoreUnavailable('the store is closed'))
      if (queue.length >= limits.waiting) return Promise.reject(new StoreBusy(`${limits.waiting} appends are waiting already`))
      return new Promise((resolve, reject) => {
        queue.push({ request, resolve, reject })
        running ??= run()
      })
    },
    async close() {
      open = false
      await running
    },
  }
}

function settle(waiting: Waiting, result: AppendResult | undefined): void {
  if (result) waiting.resolve(result)
  else waiting.reject(new Error('the store gave no verdict on this append'))
}
