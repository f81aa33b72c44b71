import { setTimeout as delay } from 'node:timers/promises'
import type { AllStreamResolvedEvent } from './client.ts'
import type { Position, RecordedEvent, Subscription } from '../port.ts'
import type { Connection, Following } from './connection.ts'
import { decode, placeOf } from './envelope.ts'
import { verdictOn } from './faults.ts'
import { inOrder, type Anchor, type LogIndex } from './log-index.ts'

export interface SubscriptionLimits {
  /** Milliseconds before the second try; each further wait is twice as long, up to `longestMs`, and the first page resets it. */
  readonly waitMs: number
  readonly longestMs: number
  /** After so many milliseconds without an event the head of the log is compared, so that a subscription which fell silent is noticed. */
  readonly quietMs: number
}
export const SUBSCRIPTION_LIMITS: SubscriptionLimits = { waitMs: 100, longestMs: 10_000, quietMs: 10_000 }

/**
 * Follows the log by the server's own pushing. The client never subscribes again by itself, so this does, and always from behind the last
 * page that its handler finished: whatever the client had buffered, and whatever checkpoint the server told, is not asked.
 */
export function subscribe(
  connection: Connection,
  index: Pick<LogIndex, 'anchor'>,
  head: () => Promise<Position>,
  after: Position,
  onPage: (page: readonly RecordedEvent[]) => Promise<void>,
  { pageSize = 500 }: { readonly pageSize?: number },
  limits: SubscriptionLimits,
): Subscription {
  const stopping = new AbortController()
  const stopped = (): boolean => stopping.signal.aborted

  async function run(): Promise<void> {
    let reached: Anchor | undefined
    for (let wait = limits.waitMs; !stopped(); wait = Math.min(wait * 2, limits.longestMs)) {
      reached ??= await orUndefined(() => index.anchor(after))
      const from = reached
      const following = from && (await orUndefined(() => connection.subscribe(from.position, pageSize)))
      const feed = following && openFeed(following, pageSize, stopping.signal)
      try {
        while (reached && feed) {
          const { position, latest }: Anchor = reached
          const read = await orUndefined(() => feed.next(limits.quietMs))
          if (read === undefined || stopped()) break
          if (read.length === 0) {
            // Quiet: true where the log has nothing more.
            if (((await orUndefined(head)) ?? position) > position) break
            continue
          }
          const { events } = inOrder(
            read.filter((raw) => placeOf(raw) > position).flatMap((raw) => decode(raw)?.event ?? []),
            latest,
          )
          const last = events.at(-1)
          if (!last) continue
          const page = events.filter((event) => event.position > after)
          if (page.length > 0) await onPage(page)
          reached = { position: last.position, latest: last.recordedAt }
          wait = limits.waitMs
        }
      } finally {
        feed?.close()
      }
      if (!stopped()) await delay(wait, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  }

  const done = run()
  // The fault is for those who await `done`; where it is not awaited, it must not end the process.
  done.catch(() => undefined)
  return {
    done,
    async stop() {
      stopping.abort()
      await done.catch(() => undefined)
    },
  }
}

/** Undefined where a call failed in a way that passes. */
async function orUndefined<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call()
  } catch (error) {
    if (verdictOn(error) === 'lasting') throw error
    return undefined
  }
}

interface Feed {
  /** The next events, as many as are there, at most a page; none after so many milliseconds of silence. @throws what ended the subscription */
  next(quietMs: number): Promise<readonly AllStreamResolvedEvent[]>
  close(): void
}

function openFeed({ subscription, failed }: Following, pageSize: number, stop: AbortSignal): Feed {
  let failure: Error | undefined
  let wake = (): void => undefined
  const stir = (): void => wake()
  const fail = (error: Error): void => {
    failure ??= error
    wake()
  }
  // Unhandled, an error would end the process.
  subscription.on('error', fail)
  subscription.on('end', () => fail(new Error('the server ended the subscription')))
  subscription.on('readable', stir)
  stop.addEventListener('abort', stir)

  const buffered = (): readonly AllStreamResolvedEvent[] => {
    const page: AllStreamResolvedEvent[] = []
    while (page.length < pageSize) {
      const event = subscription.read() as AllStreamResolvedEvent | null
      if (event === null) break
      page.push(event)
    }
    return page
  }

  return {
    async next(quietMs) {
      let quiet = false
      for (;;) {
        const page = buffered()
        if (page.length > 0 || quiet || stop.aborted) return page
        if (failure) throw await failed(failure)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(() => {
            quiet = true
            resolve()
          }, quietMs)
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      }
    },
    close() {
      stop.removeEventListener('abort', stir)
      subscription.unsubscribe().catch(() => undefined)
      subscription.destroy()
    },
  }
}
