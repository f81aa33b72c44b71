import { setTimeout as delay } from 'node:timers/promises'
import type { EventStore, RecordedEvent } from '../../infra/event-store/port.ts'
import type { Random } from '../support/random.ts'

/** The books of a subscriber: what survives its crashes. */
export interface Books {
  checkpoint: number
  readonly effects: RecordedEvent[]
}

export interface Follower {
  readonly books: Books
  stop(): Promise<void>
}

/** Follows the log from a checkpoint with crashes in between, and comes back from the books each time. */
export type Follow = (store: EventStore, after: number, pageSize: number, random: Random) => Follower

class Crash extends Error {}

type Page = readonly RecordedEvent[]
type Handle = (page: Page, books: Books, crashPoint: () => Promise<void>) => Promise<void>

/** A subscriber that is started again after every crash. Crashes stop after a while, so that each run ends. */
export const followWith =
  (handle: Handle): Follow =>
  (store, after, pageSize, random) => {
    const books: Books = { checkpoint: after, effects: [] }
    let crashes = 3
    let stopped = false
    const crashPoint = async (): Promise<void> => {
      if (random.chance(0.3)) await delay(random.below(4))
      if (crashes > 0 && random.chance(0.1)) {
        crashes--
        throw new Crash()
      }
    }
    let subscription = store.subscribe(books.checkpoint, (page) => handle(page, books, crashPoint), { pageSize })
    const running = (async () => {
      while (!stopped) {
        try {
          await subscription.done
        } catch (error) {
          if (!(error instanceof Crash)) throw error
          if (!stopped)
            subscription = store.subscribe(books.checkpoint, (page) => handle(page, books, crashPoint), { pageSize })
        }
      }
    })()
    running.catch(() => undefined)
    return {
      books,
      async stop() {
        stopped = true
        await subscription.stop()
        await running
      },
    }
  }

const endOf = (page: Page): number => page.at(-1)?.position ?? 0

/** As it should be: effects and checkpoint in one step, and a crash before or after it loses and doubles nothing. */
export const followTransactionally = followWith(async (page, books, crashPoint) => {
  await crashPoint()
  books.effects.push(...page)
  books.checkpoint = endOf(page)
  await crashPoint()
})
