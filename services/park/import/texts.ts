import type { Facts } from '../../../schemas/decision.ts'
import type { RuleId } from '../../../schemas/rules/rule.ts'
import { importErrors } from '../../../schemas/texts/errors/import.ts'
import { fill } from '../../../schemas/texts/fill.ts'
import { renderFinding, renderRefusal } from '../../../schemas/texts/render.ts'

/**
 * What a problem says in both languages. The books' own troubles have texts of their own, more exact than the rule behind them;
 * refusals and findings of the deciders read as they do everywhere else.
 */
export function textsOf(code: string, rule: RuleId | undefined, facts: Facts): { readonly zh: string; readonly en: string } {
  if (code === 'finding' && rule !== undefined) {
    const { zh, en } = renderFinding({ rule, severity: 'WARN', pointer: '', facts })
    return { zh, en }
  }
  if (Object.hasOwn(importErrors, code)) {
    const row = importErrors[code as keyof typeof importErrors]
    return { zh: fill(row.zh, facts, 'zh'), en: fill(row.en, facts, 'en') }
  }
  const { zh, en } = renderRefusal({ code, ...(rule === undefined ? {} : { rule }), pointer: '', facts })
  return { zh, en }
}
