import { expect } from 'vitest'
import type { Decider, Facts } from '../../schemas/decision.ts'
import type { RuleId } from '../../schemas/rules/rule.ts'

/** Given what happened, when someone asks, then these events or this refusal follow. The one helper of all tests of deciders. */
export function specification<S, C, E, X extends object>(decider: Decider<S, C, E, X>, context: X) {
  return (...history: readonly E[]) => ({
    /** `other`: what this one decision is told differently, such as who asks. */
    when(command: C, other: Partial<X> = {}) {
      const decision = decider.decide(command, history.reduce(decider.evolve, decider.initial), { ...context, ...other })
      return {
        /** Accepted with exactly these events; none: nothing changed. */
        then: (...events: readonly E[]) => expect(decision).toMatchObject({ accepted: true, events }),
        /** Accepted, and the events carry findings of these rules. */
        thenWarned: (...rules: readonly RuleId[]) =>
          expect(decision).toMatchObject({ accepted: true, findings: rules.map((rule) => ({ rule, severity: 'WARN' })) }),
        /** A rule of law stands against it. */
        refusedBy: (rule: RuleId, facts?: Facts) =>
          expect(decision).toMatchObject({ accepted: false, refusals: expect.arrayContaining([expect.objectContaining(facts ? { rule, facts } : { rule })]) }),
        /** Refused for a reason of the error catalogue. */
        refusedAs: (code: string, pointer?: string) =>
          expect(decision).toMatchObject({ accepted: false, refusals: [pointer === undefined ? { code } : { code, pointer }] }),
      }
    },
  })
}
