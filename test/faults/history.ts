import { eventId } from '../../infra/event-store/event-id.ts'
import type { AppendResult, RecordedEvent } from '../../infra/event-store/port.ts'

/** One command as it was sent, once or several times, and all that came back. */
export interface Sent {
  readonly commandId: string
  readonly stream: string
  readonly expected: number | 'any'
  readonly count: number
  /** True where the id was used before for another stream. */
  readonly reusesId: boolean
  readonly answers: AppendResult[]
  readonly faults: unknown[]
}

export type Seen = Pick<RecordedEvent, 'position' | 'stream' | 'revision' | 'id'>

/** All that the outside could see of one run. */
export interface History {
  /** Position of the newest event before the run. */
  readonly before: number
  readonly sent: readonly Sent[]
  /** The log after the run, read in one piece. */
  readonly log: readonly Seen[]
  /** What each subscriber did, one effect an event. */
  readonly effects: Readonly<Record<string, readonly Seen[]>>
  /** Subscribers that did not come to the end of the log in time. */
  readonly late: readonly string[]
}

/** What is checked, and how each breach reads. Ported in spirit from Jepsen's Kafka and bank checkers. */
export const checks: Readonly<Record<string, (history: History) => readonly string[]>> = {
  'no call fails': ({ sent }) =>
    sent.flatMap(({ commandId, faults }) => faults.map((fault) => `${commandId}: ${String(fault)}`)),

  'what was acknowledged is in the log': ({ sent, log }) => {
    const places = new Map(log.map(({ id }, place) => [id, place]))
    return accepted(sent).flatMap(({ sent: { commandId, count }, answer: { firstPosition, position } }) => {
      const first = places.get(eventId(commandId, 0)) ?? Number.NaN
      const lost = Array.from({ length: count }, (_, i) => i)
        .filter((i) => places.get(eventId(commandId, i)) !== first + i)
        .map((i) => `event ${i} of ${commandId} is not in its place`)
      const told = log[first]?.position === firstPosition && log[first + count - 1]?.position === position
      return told ? lost : [...lost, `${commandId} does not lie at ${firstPosition} to ${position}`]
    })
  },

  'positions have no hole': ({ before, log }) =>
    log.flatMap(({ position }, i) =>
      position === before + 1 + i ? [] : [`${position} stands where ${before + 1 + i} should`],
    ),

  'a command has one effect': ({ sent, log }) => [
    ...repeated(log.map(({ id }) => id)).map((id) => `event ${id} is in the log twice`),
    ...sent
      .filter(({ answers }) => answers.filter(({ outcome }) => outcome === 'appended').length > 1)
      .map(({ commandId }) => `${commandId} was appended twice`),
  ],

  'a reused command id is told': ({ sent }) =>
    sent
      .filter(({ reusesId, answers }) => reusesId && answers.some(({ outcome }) => outcome !== 'reused'))
      .map(({ commandId }) => `${commandId} was used for two streams and nobody said so`),

  'an expected revision is what it met': ({ sent }) =>
    accepted(sent).flatMap(({ sent: { commandId, expected, count }, answer }) =>
      expected === 'any' || answer.revision === expected + count
        ? []
        : [`${commandId} expected ${expected} and was put at ${answer.revision}`],
    ),

  'a stream is in order in the log': ({ log }) => inversions('log', log),
  'no subscriber skips': ({ log, effects }) =>
    Object.entries(effects).flatMap(([name, seen]) => {
      const ids = new Set(seen.map(({ id }) => id))
      return log.filter(({ id }) => !ids.has(id)).map(({ position }) => `${name} never saw ${position}`)
    }),
  'no subscriber acts twice': ({ effects }) =>
    Object.entries(effects).flatMap(([name, seen]) =>
      repeated(seen.map(({ id }) => id)).map((id) => `${name} acted twice on ${id}`),
    ),
  'a stream is in order for every subscriber': ({ effects }) =>
    Object.entries(effects).flatMap(([name, seen]) => inversions(name, seen)),
  'every subscriber comes to the end': ({ late }) => late.map((name) => `${name} still waits`),
}

export interface Breach {
  readonly check: string
  readonly what: readonly string[]
}

/** `but`: a check that this kind of store does not promise. */
export const breachesOf = (history: History, but?: string): readonly Breach[] =>
  Object.entries(checks)
    .filter(([check]) => check !== but)
    .map(([check, judge]) => ({ check, what: judge(history) }))
    .filter(({ what }) => what.length > 0)

type Accepted = Extract<AppendResult, { outcome: 'appended' | 'replayed' }>

function accepted(sent: readonly Sent[]): readonly { readonly sent: Sent; readonly answer: Accepted }[] {
  return sent
    .filter(({ reusesId }) => !reusesId)
    .flatMap((one) =>
      one.answers.flatMap((answer) =>
        answer.outcome === 'appended' || answer.outcome === 'replayed' ? [{ sent: one, answer }] : [],
      ),
    )
}

const repeated = (ids: readonly string[]): readonly string[] => [
  ...new Set(ids.filter((id, i) => ids.indexOf(id) !== i)),
]

function inversions(name: string, seen: readonly Seen[]): readonly string[] {
  const reached = new Map<string, number>()
  return seen.flatMap(({ stream, revision }) => {
    const before = reached.get(stream) ?? 0
    reached.set(stream, Math.max(before, revision))
    return revision <= before ? [`${name}: ${stream}@${revision} after @${before}`] : []
  })
}
