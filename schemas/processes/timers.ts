import type { Terms } from '../calendar/terms.ts'
import type { Facts } from '../decision.ts'
import type { DomainEvent } from '../streams.ts'
import { limitsOn } from '../rules/limits.ts'
import { businessDay, type Moment } from '../values/time.ts'
import type { Transfer } from './manifest-terms.ts'

/** What an event means to a timer: it begins (again) or ends, for one part of the manifest where it has several. */
export interface Opening {
  readonly part?: string
  /** Who has to see to it. */
  readonly owner: string
  readonly facts: Facts
}
export interface Closing {
  readonly part?: string
}

/**
 * A rule of law about what must happen to a manifest in time, as a row. All instants count from the act that opens it, and by the limits
 * of its day.
 */
export interface TimerRow {
  readonly rule: 'R65' | 'R71' | 'R75'
  opens(event: DomainEvent, transfer: Transfer): Opening | undefined
  closes(event: DomainEvent, transfer: Transfer): Closing | undefined
  /** When a finding is raised if it is still open; undefined where the calendar does not reach so far. */
  alertAt(openedAt: Moment, terms: Terms): Moment | undefined
  /** After which it is late. */
  dueAt(openedAt: Moment, terms: Terms): Moment | undefined
}

const limitsAt = (moment: Moment) => limitsOn(businessDay(moment))
const inTransit = (departedAt: Moment, terms: Terms): Moment =>
  terms.hours(departedAt, limitsAt(departedAt).transitHours)
const returned = (refusedAt: Moment, terms: Terms): Moment => terms.days(refusedAt, limitsAt(refusedAt).returnDays)

export const timerRows: readonly TimerRow[] = [
  {
    rule: 'R65',
    opens: (event, { carrier }) =>
      event.type === 'ManifestDeparted'
        ? {
            owner: carrier,
            facts: { departedAt: event.occurredAt, hours: limitsAt(event.occurredAt).transitHours },
          }
        : undefined,
    closes: (event) => (event.type === 'ManifestArrived' ? {} : undefined),
    alertAt: inTransit,
    dueAt: inTransit,
  },
  {
    rule: 'R71',
    opens: (event, { receiver }) =>
      event.type === 'ManifestArrived'
        ? {
            owner: receiver,
            facts: { arrivedAt: event.occurredAt, workingDays: limitsAt(event.occurredAt).decisionWorkingDays },
          }
        : undefined,
    closes: (event) => (event.type === 'ManifestCompleted' ? {} : undefined),
    alertAt: (arrivedAt, terms) => terms.workingDays(arrivedAt, limitsAt(arrivedAt).decisionAlertWorkingDays),
    dueAt: (arrivedAt, terms) => terms.workingDays(arrivedAt, limitsAt(arrivedAt).decisionWorkingDays),
  },
  {
    rule: 'R75',
    opens: (event, { consignor }) =>
      event.type === 'LineDecided' && event.data.refused > 0
        ? {
            part: String(event.data.line),
            owner: consignor,
            facts: {
              line: event.data.line,
              refused: event.data.refused,
              refusedAt: event.occurredAt,
              days: limitsAt(event.occurredAt).returnDays,
            },
          }
        : undefined,
    closes: (event, { toReturn }) =>
      event.type === 'LineReturned' && toReturn[event.data.line] === 0 ? { part: String(event.data.line) } : undefined,
    alertAt: returned,
    dueAt: returned,
  },
]
