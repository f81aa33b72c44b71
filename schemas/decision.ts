import type { RuleId } from './rules/row.ts'
import type { Day } from './values/time.ts'

export type Facts = Readonly<Record<string, string | number>>

/** A rule's verdict that an event travels with. BLOCK refuses, HOLD waits for an official, WARN is recorded with the event. */
export interface Finding {
  readonly rule: RuleId
  readonly severity: 'BLOCK' | 'HOLD' | 'WARN'
  /** JSON pointer into the command. */
  readonly pointer: string
  readonly facts: Facts
  /** Business day whose edition of the rule was applied. */
  readonly day?: Day
  /** Of severity HOLD, in a held command that is decided again: an official has released it, so it does not stop the act. */
  readonly released?: true
}

/** Why a command was refused: a code of the error catalogue, the rule behind it if one is, and where in the command. */
export interface Refusal {
  readonly code: string
  readonly rule?: RuleId
  readonly pointer: string
  readonly facts: Facts
  /** Business day whose edition of the rule was applied. */
  readonly day?: Day
}

export type Decision<E> =
  | { readonly accepted: true; readonly events: readonly E[]; readonly findings: readonly Finding[] }
  | {
      readonly accepted: false
      readonly refusals: readonly Refusal[]
      /** Only findings of severity HOLD were made: the act waits for an official, where its command can be held. */
      readonly held?: { readonly events: readonly E[]; readonly findings: readonly Finding[] }
    }

/** Decides what may happen to one stream. Pure: the clock, ids, catalogues and the actor come in by `context`. */
export interface Decider<S, C, E, X> {
  readonly initial: S
  evolve(state: S, event: E): S
  decide(command: C, state: S, context: X): Decision<E>
}

export const accept = <E>(events: readonly E[], findings: readonly Finding[] = []): Decision<E> => ({
  accepted: true,
  events,
  findings,
})
export const refuse = (...refusals: readonly Refusal[]): Decision<never> => ({ accepted: false, refusals })
export const refusal = (code: string, pointer = '', facts: Facts = {}): Refusal => ({ code, pointer, facts })

const isStopping = ({ severity, released }: Finding): boolean => severity !== 'WARN' && released !== true
export const isBlocking = ({ severity }: Finding): boolean => severity === 'BLOCK'

// The first refusal gives the answer its code.
const blockingFirst = (a: Finding, b: Finding): number => Number(isBlocking(b)) - Number(isBlocking(a))

/** Refusals of the findings that stop an act: `rule-broken` where one blocks, `rule-held` where one waits for an official. */
export const refusalsOf = (findings: readonly Finding[]): readonly Refusal[] =>
  findings
    .filter(isStopping)
    .toSorted(blockingFirst)
    .map(({ severity, released: _, ...broken }) => ({
      code: severity === 'BLOCK' ? 'rule-broken' : 'rule-held',
      ...broken,
    }))

/**
 * Accepts with findings that only warn or were released; refuses where one blocks. Where others wait for an official, the refusal has what would be
 * appended: `execute` stores the command until they are released. `events` is called only when nothing blocks, so it may rely on what the
 * blocking rules made sure of.
 */
export function acceptUnlessBlocked<E>(findings: readonly Finding[], events: () => readonly E[]): Decision<E> {
  const refusals = refusalsOf(findings)
  if (refusals.length === 0) return accept(events(), findings)
  if (findings.some(isBlocking)) return refuse(...refusals)
  return { accepted: false, refusals, held: { events: events(), findings } }
}
