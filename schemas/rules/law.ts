import type { Finding } from '../decision.ts'
import type { Provenance } from '../event.ts'
import type { Day } from '../values/time.ts'
import { rules } from './catalogue.ts'
import type { Question, Questions } from './questions.ts'
import { judge, type OnDay, type Rule } from './row.ts'
import { markReleased } from './released.ts'

/** One rule as one question asks it. */
interface Bound {
  readonly rule: Rule<unknown>
  readonly factsOf: (asked: unknown) => unknown
  /** Whether a book is spared these facts. */
  readonly exempts: (facts: unknown) => boolean
}

interface AskedOf {
  readonly day: Day
  readonly context?: { readonly provenance: Provenance; readonly released?: readonly Finding[] }
}

const bind = (rule: Rule<unknown>, factsOf: (asked: never) => unknown): Bound => ({
  rule,
  factsOf: factsOf as Bound['factsOf'],
  exempts: rule.books === 'same' ? () => false : (rule.books.when ?? (() => true)),
})

/** For each question the rules that it asks, in the order of their numbers: made once, when the process starts. */
function tableOf(all: readonly Rule[]): ReadonlyMap<string, readonly Bound[]> {
  const table = new Map<string, Bound[]>()
  for (const rule of all as readonly unknown[] as readonly Rule<unknown>[])
    for (const [question, factsOf] of Object.entries(rule.asks)) {
      const bound = table.get(question)
      if (bound) bound.push(bind(rule, factsOf))
      else table.set(question, [bind(rule, factsOf)])
    }
  return table
}

/** The law over a list of rules. The park's own is `law`; tests make others. */
export function lawOf(all: readonly Rule[]) {
  const table = tableOf(all)
  return {
    /**
     * What the law says to an act: every rule that is bound to the question judges its facts by the edition of the day of the act (`asked.day`).
     * A book is spared what the row exempts it from. Pure; findings come in the order of the rules' numbers.
     */
    ask<Q extends Question>(question: Q, asked: Questions[Q]): readonly Finding[] {
      const { day, context }: AskedOf = asked
      const book = context?.provenance === 'book'
      const findings: Finding[] = []
      for (const { rule, factsOf, exempts } of table.get(question) ?? []) {
        const facts = factsOf(asked)
        if (facts === undefined) continue
        for (const one of Array.isArray(facts) ? (facts as readonly unknown[]) : [facts]) {
          if (book && exempts(one)) continue
          findings.push(...judge(rule, one, (one as OnDay).day ?? day))
        }
      }
      return context?.released === undefined ? findings : markReleased(findings, context.released)
    },
  }
}

export const law = lawOf(rules)
