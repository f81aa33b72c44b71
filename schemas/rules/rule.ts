import type { Facts, Finding } from '../decision.ts'
import type { Text } from '../texts/fill.ts'

export type RuleId = `R${number}`
export type Severity = 'BLOCK' | 'HOLD' | 'WARN' | 'ALERT'

/** A rule of law as a row: what it is and since when. Texts live here, never in code; `{fact}` names one of the facts. */
export interface RuleRow {
  readonly id: RuleId
  readonly severity: Severity
  /** Article of law, standard or reading that the rule rests on. */
  readonly source: string
  readonly effective: { readonly from: string; readonly to?: string }
  readonly zh: string
  readonly en: string
  /** Texts for breaches that have other facts: the first whose facts are all given is shown instead (`textFor`). */
  readonly more?: readonly Text[]
}

/** A row with its pure check. It says which breach, if any, these facts hold; a breach may soften the row's severity. */
export interface Rule<F> extends RuleRow {
  check(facts: F): Breach | readonly Breach[] | undefined
}

export interface Breach {
  readonly pointer: string
  readonly facts: Facts
  readonly severity?: 'BLOCK' | 'HOLD' | 'WARN'
}

export const inForce = ({ effective }: RuleRow, day: string): boolean =>
  effective.from <= day && (effective.to === undefined || day <= effective.to)

/** What one rule says about these facts on the day of the act: the law of that day applies, not today's. */
export function judge<F>(rule: Rule<F>, facts: F, day: string): readonly Finding[] {
  if (!inForce(rule, day)) return []
  const breaches = rule.check(facts)
  if (breaches === undefined) return []
  const list: readonly Breach[] = Array.isArray(breaches) ? breaches : [breaches as Breach]
  return list.map(({ pointer, facts: breachFacts, severity = rule.severity }) => ({
    rule: rule.id,
    severity: severity === 'ALERT' ? 'WARN' : severity,
    pointer,
    facts: breachFacts,
  }))
}
