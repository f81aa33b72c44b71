import type { Admitted } from './admission.ts'
import { StoreBusy, StoreUnavailable } from './faults.ts'
import type { AppendResult } from './port.ts'

export interface BatchLimits {
  /** Requests, and bytes of their bodies, that travel in one batch. */
  readonly requests: number
  readonly bytes: number
  /** Batches that may be under way at once: one at the server, the others on their way to it and back. */
  readonly underWay: number
  /** Requests that may wait; one more is told that the store is busy. */
  readonly waiting: number
}
export const BATCH_LIMITS: BatchLimits = { requests: 256, bytes: 1_048_576, underWay: 2, waiting: 20_000 }

/** Fewer requests than this are not shared out over several batches: what a batch costs by itself would outweigh the work beside it. */
const WORTH_SHARING = 32

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
 * Group commit: while batches are under way the next one gathers, and it leaves when the answer of one came. No timer: an idle store
 * answers at once, a busy one shares each flush to disk among all who wait. While the server writes one batch, this process answers those
 * of the batch before and gathers the batch after.
 *
 * Order: of one stream, and of one command, only one batch is ever under way; what else concerns them waits for its answer. So appends to
 * one stream reach the log in the order in which they were asked for, whichever batch has to be sent again.
 */
export function openBatcher(
  send: (batch: readonly Admitted[]) => Promise<readonly AppendResult[]>,
  limits: BatchLimits = BATCH_LIMITS,
): Batcher {
  let queue: Waiting[] = []
  let batches = 0
  const streams = new Set<string>()
  const commands = new Set<string>()
  let planned = false
  let closed: Promise<void> | undefined
  let idle = (): void => undefined

  /** A turn of the event loop from now, so that those whom the last batch answered can send what follows into the next one. */
  function plan(): void {
    if (planned || queue.length === 0 || batches >= limits.underWay) return
    planned = true
    setImmediate(() => {
      planned = false
      while (batches < limits.underWay) {
        const batch = take()
        if (batch.length === 0) break
        void travel(batch)
      }
    })
  }

  async function travel(batch: readonly Waiting[]): Promise<void> {
    batches++
    for (const { request } of batch) streams.add(request.stream)
    try {
      const results = await send(batch.map(({ request }) => request))
      for (const [index, waiting] of batch.entries()) settle(waiting, results[index])
    } catch (fault) {
      for (const waiting of batch) waiting.reject(fault)
    }
    batches--
    for (const { request } of batch) {
      streams.delete(request.stream)
      commands.delete(request.commandId)
    }
    if (queue.length > 0) plan()
    else if (batches === 0) idle()
  }

  /** The first of the queue, within the limits, each command once; what must wait for a batch under way keeps its place. */
  function take(): readonly Waiting[] {
    const share = Math.ceil((queue.length + commands.size) / limits.underWay)
    const most = Math.min(limits.requests, Math.max(WORTH_SHARING, share))
    const batch: Waiting[] = []
    const held: Waiting[] = []
    let bytes = 0
    let next = 0
    for (; next < queue.length && batch.length < most; next++) {
      const waiting = queue[next] as Waiting
      const { stream, commandId } = waiting.request
      if (streams.has(stream) || commands.has(commandId)) {
        held.push(waiting)
        continue
      }
      if (batch.length > 0 && bytes + waiting.request.bytes > limits.bytes) break
      commands.add(commandId)
      bytes += waiting.request.bytes
      batch.push(waiting)
    }
    queue = [...held, ...queue.slice(next)]
    return batch
  }

  return {
    append(request) {
      if (closed) return Promise.reject(new StoreUnavailable('the store is closed'))
      if (queue.length >= limits.waiting)
        return Promise.reject(new StoreBusy(`${limits.waiting} appends are waiting already`))
      return new Promise((resolve, reject) => {
        queue.push({ request, resolve, reject })
        plan()
      })
    },
    close: () =>
      (closed ??= new Promise((done) => {
        if (queue.length === 0 && batches === 0) done()
        else idle = done
      })),
  }
}

function settle(waiting: Waiting, result: AppendResult | undefined): void {
  if (result) waiting.resolve(result)
  else waiting.reject(new Error('the store gave no verdict on this append'))
}
