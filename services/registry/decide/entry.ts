import { actsFor, concerns, hasRole, type Actor } from '../../../schemas/actor.ts'
import type { Context } from '../../../schemas/context.ts'
import {
  accept,
  acceptUnlessBlocked,
  refusal,
  refuse,
  type Decider,
  type Finding,
  type Refusal,
} from '../../../schemas/decision.ts'
import type { UnitEvent } from '../../../schemas/unit/events.ts'
import { versionOn, type Changes, type History } from '../../../schemas/unit/history.ts'
import { evolveUnit, noHistory, type UnitHistory } from '../../../schemas/unit/state.ts'
import { sameContent } from '../../../schemas/values/same.ts'
import { businessDay, dayBefore, type Day } from '../../../schemas/values/time.ts'
import { law } from '../../../schemas/rules/law.ts'

export type UnitDecider<C> = Decider<UnitHistory, C, UnitEvent, Context>
interface OfUnit {
  readonly unit: string
  readonly occurredAt: string
  readonly reason?: string | undefined
  readonly effectiveFrom?: Day | undefined
}

/** The park's book-keeper writes for everybody, a unit for itself; the bureau writes only about licences. */
export const byUnit = (actor: Actor, unit: string): boolean => actsFor(actor, unit, 'producer', 'carrier', 'receiver')
export const byBureau = (actor: Actor): boolean => hasRole(actor, 'admin', 'bureau')
export const byBookKeeper = (actor: Actor): boolean => hasRole(actor, 'admin')

/**
 * What a unit adds to its entry. `propose` says which fact that would be, nothing if it is known already; `findings` what the law says
 * about its content. The rest is the same for all of them.
 */
export function entry<C extends OfUnit>(
  may: (actor: Actor, unit: string) => boolean,
  propose: (command: C, unit: UnitHistory, context: Context) => UnitEvent | Refusal | undefined,
  findings: (command: C, context: Context, day: Day) => readonly Finding[] = (command, context, day) =>
    law.ask('EnterUnit', { command, context, day }),
): UnitDecider<C> {
  return {
    initial: noHistory,
    evolve: evolveUnit,
    decide(command, unit, context) {
      if (unit.registration === undefined || !concerns(context.actor, [command.unit]))
        return refuse(refusal('unit-unknown', '/unit', { unit: command.unit }))
      if (!may(context.actor, command.unit)) return refuse(refusal('forbidden'))
      const proposed = propose(command, unit, context)
      if (proposed === undefined) return accept([])
      if ('code' in proposed) return refuse(proposed)
      return acceptUnlessBlocked(findings(command, context, businessDay(command.occurredAt)), () => [proposed])
    },
  }
}

/** What a command says beside whose entry it is, when, since when and why late: the content of its event. */
export function contentOf<C extends OfUnit>(command: C): Omit<C, keyof OfUnit> {
  const { unit: _unit, occurredAt: _occurredAt, reason: _reason, effectiveFrom: _from, ...content } = command
  return content
}

/** First day on which what a command says holds: the one that it names, or that of the act. */
export const effectiveDay = ({ effectiveFrom, occurredAt }: Pick<OfUnit, 'effectiveFrom' | 'occurredAt'>): Day =>
  effectiveFrom ?? businessDay(occurredAt)

/** What is to be said about a thing that may be known already. */
export type News<T> =
  /** Not known, or ended by then: all of it. `effectiveFrom` is absent of what is known for the first time without a day. */
  { readonly whole: T; readonly effectiveFrom?: Day } | { readonly changes: Changes<T>; readonly effectiveFrom: Day }

/**
 * What a command says of a thing that is not known yet: nothing where all of it is. Fields that a command leaves out stay as they are. From
 * books, a thing that was ended in the park and is listed as it was is no news: the next list was copied from the last. Books of a time before
 * anything was known of the thing say how it was until then, and change nothing of what came later.
 */
export function newsOf<T extends object>(
  history: History<T> | undefined,
  given: T,
  command: OfUnit,
  { provenance }: Pick<Context, 'provenance'>,
): News<T> | undefined {
  const { effectiveFrom } = command
  if (history === undefined) return { whole: given, ...(effectiveFrom === undefined ? {} : { effectiveFrom }) }
  const day = effectiveDay(command)
  const { content, ended } = versionOn(history, day)
  const changes = differences(content, given)
  if (ended !== undefined)
    return provenance === 'book' && changes === undefined
      ? undefined
      : { whole: { ...content, ...given }, effectiveFrom: day }
  if (changes === undefined) return undefined
  const known = history.statements.find((one) => 'is' in one)?.from ?? ''
  return provenance === 'book' && day < known
    ? { whole: { ...content, ...given }, effectiveFrom: day }
    : { changes, effectiveFrom: day }
}

/** Fields that are given and differ from what is known; undefined where none does. Lists are sets. */
function differences<T extends object>(known: T, given: T): Changes<T> | undefined {
  const fields = Object.entries(given).filter(
    ([field, value]) => value !== undefined && !sameContent(inOrder(value), inOrder(known[field as keyof T])),
  )
  return fields.length === 0 ? undefined : (Object.fromEntries(fields) as Changes<T>)
}
const inOrder = (value: unknown): unknown => (Array.isArray(value) ? [...(value as unknown[])].sort() : value)

interface Term {
  readonly from: Day
  readonly to: Day
}
/** What is to be said about a document with terms: its first, a further one, or a change within one. */
export type TermNews<T> =
  | { readonly is: 'first' | 'further'; readonly term: T }
  | { readonly is: 'change'; readonly changes: Changes<T>; readonly effectiveFrom: Day }
  | { readonly is: 'ended'; readonly from: Day }

/** A term is known by its first day: another first day is another term, whichever of them is recorded first. */
export function termNewsOf<T extends Term>(
  history: History<T> | undefined,
  given: T,
  command: OfUnit,
): TermNews<T> | undefined {
  if (history === undefined) return { is: 'first', term: given }
  const terms = history.statements.flatMap((one) => ('is' in one ? [one.is] : []))
  const known = terms.some(({ from }) => from === given.from)
  const day = known ? withinTerm(terms, given, effectiveDay(command)) : given.from
  const { content, ended, from = day } = versionOn(history, day)
  const changes = differences(content, given)
  if (changes === undefined) return undefined
  if (ended !== undefined) return { is: 'ended', from }
  return known ? { is: 'change', changes, effectiveFrom: day } : { is: 'further', term: { ...content, ...given } }
}

/** The day, moved into the term: to its first day or to the last before the next term. */
function withinTerm(terms: readonly Term[], { from }: Term, day: Day): Day {
  const [next] = terms.flatMap((term) => (term.from > from ? [term.from] : [])).sort()
  if (next !== undefined && day >= next) return dayBefore(next)
  return day < from ? from : day
}

/** The end of a thing as of a day. Ended on that day already: nothing; ended earlier: refused. */
export function ending<T>(
  history: History<T> | undefined,
  { kind, key, command, unknown }: { kind: string; key: string; command: OfUnit; unknown: Refusal },
  event: (effectiveFrom: Day, content: T) => UnitEvent,
): UnitEvent | Refusal | undefined {
  if (history === undefined) return unknown
  const day = effectiveDay(command)
  const { content, ended, from } = versionOn(history, day)
  if (ended === undefined) return event(day, content)
  return from === day ? undefined : refusal('already-ended', '/effectiveFrom', { kind, key, from: from ?? day })
}

/** What stands under a key that somebody outside chose, `constructor` included. */
export const under = <T>(entries: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(entries, key) ? entries[key] : undefined

/** Whether a period runs forwards: both days belong to it. */
export const reversed = ({ from, to }: Term): Refusal | undefined =>
  to < from ? refusal('period-reversed', '/to', { from, to }) : undefined
