import type { Finding, Refusal } from '../decision.ts'
import { ruleRow } from '../rules/catalogue.ts'
import { errorCatalogue } from './errors/catalogue.ts'
import { fill } from './fill.ts'

/** A refusal as users see it; Chinese is what they see unless they ask for English. */
export interface RenderedRefusal {
  readonly code: string
  readonly rule?: string
  /** JSON pointer into the command. */
  readonly pointer: string
  readonly zh: string
  readonly en: string
}

/** A finding as users see it. */
export interface RenderedFinding {
  readonly rule: string
  readonly severity: Finding['severity']
  readonly pointer: string
  /** Article of law, standard or reading behind the rule. */
  readonly source: string
  readonly zh: string
  readonly en: string
}

/**
 * The texts of a refusal: its row of the error catalogue, followed by what the rule behind it says. A code without a row is a fault of
 * ours and shows as itself: whoever is refused still learns where.
 */
export function renderRefusal({ code, rule, pointer, facts }: Refusal): RenderedRefusal {
  const row = Object.hasOwn(errorCatalogue, code) ? errorCatalogue[code] : undefined
  const law = rule === undefined ? undefined : ruleRow(rule)
  const all = rule === undefined ? facts : { ...facts, rule }
  const zh = [row ? fill(row.zh, all, 'zh') : code, ...(law ? [fill(law.zh, facts, 'zh')] : [])].join('：')
  const en = [row ? fill(row.en, all, 'en') : code, ...(law ? [fill(law.en, facts, 'en')] : [])].join(': ')
  return { code, ...(rule === undefined ? {} : { rule }), pointer, zh, en }
}

/** The texts of a finding. A rule that has left the catalogue shows by its id: findings outlive the code that made them. */
export function renderFinding({ rule, severity, pointer, facts }: Finding): RenderedFinding {
  const law = ruleRow(rule)
  return {
    rule,
    severity,
    pointer,
    source: law?.source ?? '',
    zh: law ? fill(law.zh, facts, 'zh') : rule,
    en: law ? fill(law.en, facts, 'en') : rule,
  }
}

/** The HTTP status of a refusal's code. */
export const statusOf = (code: string): number =>
  (Object.hasOwn(errorCatalogue, code) ? errorCatalogue[code]?.status : undefined) ?? 500
