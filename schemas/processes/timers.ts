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

interface Refused {
  /** Line of which something is refused that was not before. */
  readonly line?: number
  readonly refused: number
  /** Line whose refused mass was corrected. */
  readonly corrected?: number
}

/** What is refused by a decision, or by the correction of one: of one line at a time (manifest-terms). */
function refusedBy(event: DomainEvent): Refused {
  if (event.type === 'LineDecided') return event.data
  const [one] = event.type === 'ManifestCorrected' ? event.data.refused : []
  if (!one) return { refused: 0 }
  return one.was === 0 ? { line: one.line, refused: one.is, corrected: one.line } : { refused: 0, corrected: one.line }
}

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
    opens: (event, { consignor }) => {
      const { line, refused } = refusedBy(event)
      if (line === undefined || refused === 0) return undefined
      const facts = { line, refused, refusedAt: event.occurredAt, days: limitsAt(event.occurredAt).returnDays }
      return { part: String(line), owner: consignor, facts }
    },
    closes: (event, { toReturn }) => {
      const line = event.type === 'LineReturned' ? event.data.line : refusedBy(event).corrected
      return line !== undefined && toReturn[line] === 0 ? { part: String(line) } : undefined
    },
    alertAt: returned,
    dueAt: returned,
  },
]
