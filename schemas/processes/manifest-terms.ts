import type { Terms } from '../calendar/terms.ts'
import type { DomainEvent } from '../streams.ts'
import type { ManifestEventOf } from '../manifest/events.ts'
import type { AboutFinding } from '../finding/events.ts'
import { manifestStream } from '../values/identifiers.ts'
import { compareMoments, type Moment } from '../values/time.ts'
import type { WasteStream } from '../values/waste.ts'
import { processManager, type Cause, type Deadline, type Happened } from './process.ts'
import { timerRows, type Opening, type TimerRow } from './timers.ts'

/** What timers must know of a transfer of hazardous waste. */
export interface Transfer {
  readonly number: string
  readonly consignor: string
  readonly receiver: string
  /** Who carries it now. */
  readonly carrier: string
  readonly units: readonly string[]
  readonly streams: readonly WasteStream[]
  /** Refused grams that are not back yet, by line. */
  readonly toReturn: Readonly<Record<number, number>>
}

interface Timer extends Opening {
  readonly rule: TimerRow['rule']
  readonly openedAt: Moment
  readonly recordedAt: Moment
  readonly cause: Cause
  readonly closed?: { readonly at: Moment; readonly cause: Cause }
  /** Its finding is in the log. */
  readonly raised?: true
}

interface ManifestTerms {
  /** Stream of the manifest. */
  readonly subject: string
  readonly transfer: Transfer | undefined
  /** No further step follows but returns. */
  readonly ended: boolean
  readonly timers: readonly Timer[]
}

/**
 * How long something that was overdue when it was recorded may wait for what was recorded behind it, milliseconds: books bring the arrival and the
 * decision of one load in different rows, and a phone that was offline brings all its steps at once.
 */
const GRACE_MS = 600_000

const rowOf = new Map(timerRows.map((row) => [row.rule as string, row]))
const isTimer = (rule: string): boolean => rowOf.has(rule)
const MANIFEST = manifestStream('')

const idOf = ({ rule, part }: Pick<Timer, 'rule' | 'part'>): string => (part === undefined ? rule : `${rule}.${part}`)

/** R65, R71 and R75: what must happen to a manifest in time, with a finding where it does not. What was done late is settled as late. */
export const manifestTerms = processManager<ManifestTerms>({
  name: 'manifest-terms',
  isTimed: true,
  on: [
    'ManifestFiled',
    'OfficialNumberAttached',
    'ManifestPickedUp',
    'ManifestHandedOver',
    'ManifestDeparted',
    'ManifestArrived',
    'LineDecided',
    'LineReturned',
    'ManifestCorrected',
    'ManifestCompleted',
    'ManifestCancelled',
    'FindingRaised',
    'FindingSettled',
  ],
  initial: { subject: '', transfer: undefined, ended: false, timers: [] },

  instanceOf({ stream, event }) {
    if (event.type !== 'FindingRaised' && event.type !== 'FindingSettled') return stream.slice(MANIFEST.length)
    const { rule, subject } = event.data
    return isTimer(rule) && subject.startsWith(MANIFEST) ? subject.slice(MANIFEST.length) : undefined
  },

  evolve(state, happened, terms) {
    const { event } = happened
    if (event.type === 'FindingRaised') return withRaised(state, event.data, happened)
    if (event.type === 'FindingSettled') {
      const { rule, part } = event.data
      return unlessOver({
        ...state,
        timers: state.timers.filter((timer) => timer.rule !== rule || timer.part !== part),
      })
    }
    if (event.type === 'ManifestCorrected') return corrected(state, event, happened, terms)
    const transfer = transferAfter(state.transfer, event)
    if (transfer === undefined) return undefined
    const ended = state.ended || event.type === 'ManifestCompleted' || event.type === 'ManifestCancelled'
    const subject = happened.stream
    return unlessOver({ subject, transfer, ended, timers: timersAfter(state.timers, transfer, happened, terms) })
  },

  deadlines: ({ subject, transfer, timers }, terms) =>
    timers.flatMap((timer) => deadlinesOf(timer, subject, transfer, terms)),
})

/** What can still follow: a step of a manifest that goes on, or of a timer that is not settled. */
const unlessOver = (state: ManifestTerms): ManifestTerms | undefined =>
  (state.ended || state.transfer === undefined) && state.timers.length === 0 ? undefined : state

/** R75 follows what is refused after the correction, line by line, from the moment of the decision. */
function corrected(
  state: ManifestTerms,
  event: ManifestEventOf<'ManifestCorrected'>,
  happened: Happened,
  terms: Terms,
): ManifestTerms | undefined {
  const { transfer } = state
  if (transfer === undefined) return unlessOver(state)
  const after = event.data.refused.reduce<ManifestTerms & { readonly transfer: Transfer }>(
    (known, refused) => {
      const { line, was, is, decidedAt } = refused
      const left = (known.transfer.toReturn[line] ?? 0) + is - was
      const next = { ...known.transfer, toReturn: { ...known.transfer.toReturn, [line]: left } }
      const one = { ...event, occurredAt: decidedAt, data: { ...event.data, refused: [refused] } }
      return {
        ...known,
        transfer: next,
        timers: timersAfter(known.timers, next, { ...happened, event: one }, terms),
      }
    },
    { ...state, transfer },
  )
  return unlessOver(after)
}

function transferAfter(known: Transfer | undefined, event: DomainEvent): Transfer | undefined {
  if (event.type === 'ManifestFiled') {
    const { form, number = '', consignor, receiver, shipper, legs, lines } = event.data
    if (form !== 'transfer-manifest') return undefined
    return {
      number,
      consignor: consignor.unit,
      receiver: receiver.unit,
      carrier: legs[0]?.carrier ?? '',
      units: [...new Set([consignor.unit, receiver.unit, shipper, ...legs.map(({ carrier }) => carrier)])],
      streams: [...new Set(lines.map(({ waste }) => waste.stream))],
      toReturn: {},
    }
  }
  if (known === undefined) return undefined
  const carriedBy = (carrier: string): Transfer => ({
    ...known,
    carrier,
    units: known.units.includes(carrier) ? known.units : [...known.units, carrier],
  })
  const toReturn = (line: number, grams: number): Transfer => ({
    ...known,
    toReturn: { ...known.toReturn, [line]: (known.toReturn[line] ?? 0) + grams },
  })
  switch (event.type) {
    case 'OfficialNumberAttached':
      return { ...known, number: event.data.number }
    case 'ManifestPickedUp':
      return carriedBy(event.data.carrier)
    case 'ManifestHandedOver':
      return carriedBy(event.data.to.carrier)
    case 'LineDecided':
      return toReturn(event.data.line, event.data.refused)
    case 'LineReturned':
      return toReturn(event.data.line, -event.data.lots.reduce((sum, { grams }) => sum + grams, 0))
    default:
      return known
  }
}

function timersAfter(timers: readonly Timer[], transfer: Transfer, happened: Happened, terms: Terms): readonly Timer[] {
  const { event, recordedAt, cause } = happened
  return timerRows.reduce((known, row) => {
    const closing = row.closes(event, transfer)
    const opening = row.opens(event, transfer)
    const after =
      closing === undefined
        ? known
        : known.flatMap((timer) => {
            if (timer.rule !== row.rule || timer.part !== closing.part || timer.closed !== undefined) return [timer]
            const closed = { at: event.occurredAt, cause }
            return timer.raised || isAfterAlert(row, timer, closed.at, terms) ? [{ ...timer, closed }] : []
          })
    return opening === undefined
      ? after
      : [...after, { ...opening, rule: row.rule, openedAt: event.occurredAt, recordedAt, cause }]
  }, timers)
}

/** What was done before anybody had to be reminded leaves no trace. */
function isAfterAlert(row: TimerRow, { openedAt }: Timer, at: Moment, terms: Terms): boolean {
  const alert = row.alertAt(openedAt, terms)
  return alert !== undefined && compareMoments(at, alert) > 0
}

/** A finding of a timer that has been closed and forgotten meanwhile was raised a moment too late, and is settled at once. */
function withRaised(state: ManifestTerms, about: AboutFinding, { event, recordedAt, cause }: Happened): ManifestTerms {
  const { rule, part, subject } = about
  const known = state.timers.some((timer) => timer.rule === rule && timer.part === part)
  const at = event.occurredAt
  const forgotten: Timer = {
    rule: rule as Timer['rule'],
    ...(part === undefined ? {} : { part }),
    owner: '',
    facts: {},
    openedAt: at,
    recordedAt,
    cause,
    closed: { at, cause },
    raised: true,
  }
  const { units, streams } = about
  return {
    subject,
    transfer: state.transfer ?? { number: '', consignor: '', receiver: '', carrier: '', units, streams, toReturn: {} },
    ended: state.ended || state.transfer === undefined,
    timers: known
      ? state.timers.map((timer) => (timer.rule === rule && timer.part === part ? { ...timer, raised: true } : timer))
      : [...state.timers, forgotten],
  }
}

function deadlinesOf(timer: Timer, subject: string, transfer: Transfer | undefined, terms: Terms): readonly Deadline[] {
  const { rule, part, openedAt, recordedAt, cause, owner, facts, closed, raised } = timer
  const row = rowOf.get(rule)
  if (row === undefined) return []
  const due = row.dueAt(openedAt, terms)
  const about = {
    rule,
    subject,
    ...(part === undefined ? {} : { part }),
    units: [...(transfer?.units ?? [])],
    streams: [...(transfer?.streams ?? [])],
  }
  if (raised) {
    if (closed === undefined) return []
    const late = due === undefined ? {} : { late: compareMoments(closed.at, due) > 0 }
    const effect = { type: 'settle', finding: about, ...late } as const
    return [{ key: `settle/${idOf(timer)}`, due: closed.at, cause: closed.cause, effect }]
  }
  const known = { number: transfer?.number ?? '', ...facts, ...(due === undefined ? {} : { dueAt: due }) }
  const finding = { ...about, severity: 'ALERT', facts: known, owner, ...(due === undefined ? {} : { due }) } as const
  const grace = new Date(Date.parse(recordedAt) + GRACE_MS).toISOString()
  return [
    {
      key: `raise/${idOf(timer)}`,
      due: row.alertAt(openedAt, terms),
      ...(closed ? {} : { notBefore: grace }),
      cause,
      effect: { type: 'raise', finding },
    },
  ]
}
