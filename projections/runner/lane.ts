import type { Page } from '../../infra/feed/feed.ts'
import { spannedIfTraced } from '../../infra/telemetry/spans.ts'
import type { Keeper } from './keeper.ts'

/** One projection's way through the log, at its own pace: whoever has little to write does not wait for whoever has much. */
export interface Lane {
  readonly keeper: Keeper
  /** Hands over the next page; settles when there is room for one more, so that the reader is a page ahead and no further. */
  give(page: Page): Promise<void>
  /** How long the last transaction took, milliseconds; 0 before the first. */
  took(): number
  /** Runs `work` between two transactions. */
  between<T>(work: () => Promise<T>): Promise<T>
  /** The page under way is finished; what waits, be it pages or a checkpoint, is left to the next term. */
  stop(): Promise<void>
  /** Settles when the lane was stopped; rejects with the fault that ended it. */
  readonly done: Promise<void>
}

/** How long a checkpoint may stay behind pages that its projection went past, milliseconds: readers in other processes wait for checkpoints. */
const SETTLE_MS = 20

/** Opens a lane whose transactions take up to `pageSize` events: pages that came in while one was written are written as one. */
export function openLane(keeper: Keeper, pageSize: number, onAdvance: () => void): Lane {
  let pages: Page[] = []
  let waiting = 0
  let running = false
  let took = 0
  let ended = false
  let settling: NodeJS.Timeout | undefined
  let turn: Promise<unknown> = Promise.resolve()
  let settle: (fault?: unknown) => void = () => undefined
  const room: (() => void)[] = []
  const done = new Promise<void>((resolve, reject) => {
    settle = (fault) => (fault === undefined ? resolve() : reject(fault))
  })
  // Who gives a page or awaits the end meets the fault; without either it must not end the process.
  done.catch(() => undefined)

  function between<T>(work: () => Promise<T>): Promise<T> {
    const mine = turn.then(work)
    turn = mine.catch(() => undefined)
    return mine
  }

  const makeRoom = () => {
    for (const wake of room.splice(0)) wake()
  }

  function end(fault?: unknown): void {
    ended = true
    pages = []
    settle(fault)
    makeRoom()
  }

  /** Whole pages, as many as fit. */
  function next(): Page {
    let [count, events] = [0, 0]
    for (const page of pages) {
      if (count > 0 && events + page.events.length > pageSize) break
      count++
      events += page.events.length
    }
    const taken = pages.splice(0, count)
    waiting -= events
    if (waiting < pageSize) makeRoom()
    // Offsets name every partition, so the last ones hold for all of them.
    const { offsets = [], upTo = 0 } = taken.at(-1) ?? {}
    return { events: taken.flatMap((page) => page.events), offsets, upTo }
  }

  function takeTraced(page: Page): Promise<void> {
    const { name } = keeper.projection
    const { events } = page
    const attributes = () => ({
      'wufei.projection': name,
      'wufei.events': events.length,
      'wufei.position': events.at(-1)?.position ?? 0,
    })
    return spannedIfTraced(
      `project ${name}`,
      { links: () => events.map(({ metadata }) => metadata.traceparent), attributes },
      () => keeper.take(page),
    )
  }

  /** Pages that change no row share a checkpoint: many of them may go by while one is written. */
  function settleSoon(): void {
    settling ??= setTimeout(() => {
      settling = undefined
      between(() => keeper.settle()).catch(end)
    }, SETTLE_MS)
  }

  async function run(): Promise<void> {
    running = true
    while (pages.length > 0 && !ended) {
      await between(async () => {
        const before = keeper.position()
        const page = next()
        if (keeper.pass(page)) settleSoon()
        else {
          const began = performance.now()
          await takeTraced(page)
          took = performance.now() - began
        }
        if (keeper.position() > before) onAdvance()
      })
    }
    running = false
  }

  return {
    keeper,
    done,
    between,
    took: () => took,
    async give(page) {
      if (ended) return done
      pages.push(page)
      waiting += page.events.length
      if (!running) run().catch(end)
      while (waiting >= pageSize && !ended) await new Promise<void>((wake) => room.push(wake))
      if (ended) await done
    },
    async stop() {
      ended = true
      await turn
      clearTimeout(settling)
      end()
    },
  }
}
