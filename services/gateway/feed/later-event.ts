import type { FastifyBaseLogger } from 'fastify'
import type { Trouble } from '../../../infra/http/problem.ts'
import type { FeedPage } from './read-feed.ts'

/** An upgrade takes minutes: a reader that asks more often learns nothing. */
export const RETRY_SECONDS = 60

/** What stops a reader before an event of a later system; nothing where the page has events that go before it, or nothing is in the way. */
export function laterEvent({ events, reached, later }: FeedPage): Trouble | undefined {
  if (later === undefined || events.length > 0) return undefined
  return {
    code: 'event-of-later-system',
    facts: { position: String(later), reached: String(reached) },
    headers: { 'retry-after': String(RETRY_SECONDS), 'wufei-position': String(reached) },
  }
}

/** Logs each such event once for operators, however many readers it stops. */
export function openLaterLog(): (log: FastifyBaseLogger, { later }: Pick<FeedPage, 'later'>) => void {
  let newest = 0
  return (log, { later = 0 }) => {
    if (later <= newest) return
    newest = later
    log.error({ position: later }, 'the feed stops before an event of a later system: upgrade this service')
  }
}
