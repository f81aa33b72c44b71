import { expect } from 'vitest'
import type { Decider, Decision, Facts, Refusal } from '../../schemas/decision.ts'
import { eventSchemas, type DomainEvent } from '../../schemas/streams.ts'
import type { RuleId } from '../../schemas/rules/row.ts'

/** Given what happened, when someone asks, then these events or this refusal follow. The one helper of all tests of deciders. */
export function specification<S, C, E extends DomainEvent, X extends object>(decider: Decider<S, C, E, X>, context: X) {
  return (...history: readonly E[]) => ({
    /** `other`: what this one decision is told differently, such as who asks. */
    when(command: C, other: Partial<X> = {}) {
      const decision = decider.decide(command, history.reduce(decider.evolve, decider.initial), {
        ...context,
        ...other,
      })
      return {
        /** Accepted, and nothing changed. */
        thenNothing: () => expect(acceptedIn(decision).events).toEqual([]),
        /** Accepted with exactly these events. */
        thenEvents: (...events: readonly E[]) => expect(acceptedIn(decision).events).toEqual(events),
        /** Accepted, and the events carry just the findings of these rules. */
        thenWarned: (...rules: readonly RuleId[]) =>
          expect(acceptedIn(decision).findings).toMatchObject(rules.map((rule) => ({ rule, severity: 'WARN' }))),
        /** A rule of law stands against it. */
        refusedBy: (rule: RuleId, facts?: Facts) =>
          expect(decision).toMatchObject({
            accepted: false,
            refusals: expect.arrayContaining([expect.objectContaining(facts ? { rule, facts } : { rule })]),
          }),
        /** Refused with exactly this, facts and all. */
        refusedWith: (why: Refusal) => expect(decision).toEqual({ accepted: false, refusals: [why] }),
        /** Refused for a reason of the error catalogue. */
        refusedAs: (code: string, pointer?: string) =>
          expect(decision).toMatchObject({
            accepted: false,
            refusals: [pointer === undefined ? { code } : { code, pointer }],
          }),
      }
    },
  })
}

/** What was accepted, every event in the form of its schema. */
function acceptedIn<E extends DomainEvent>(decision: Decision<E>) {
  if (!decision.accepted) throw new Error(`refused: ${JSON.stringify(decision.refusals)}`)
  for (const { type, data } of decision.events) eventSchemas[type].parse(data)
  return decision
}
