import type { Finding, Refusal } from '../decision.ts'
import { lawOn } from '../rules/catalogue.ts'
import { errorCatalogue } from './errors/catalogue.ts'
import { notices } from './notices.ts'
import { fill, textFor } from './fill.ts'

/** A refusal as users see it; Chinese is what they see unless they ask for English. */
export interface RenderedRefusal {
  readonly code: string
  readonly rule?: string
  /** JSON pointer into the command. */
  readonly pointer: string
  /** Article of law, standard or reading behind the rule, as it was in force on the day of the act. */
  readonly source?: string
  readonly zh: string
  readonly en: string
}

/** A finding as users see it. */
export interface RenderedFinding<S extends string = Finding['severity']> {
  readonly rule: string
  readonly severity: S
  readonly pointer: string
  /** Article of law, standard or reading behind the rule, as it was in force on the day of the act. */
  readonly source: string
  readonly zh: string
  readonly en: string
}

/**
 * The texts of a refusal: its row of the error catalogue, followed by what the rule behind it says. A code without a row is a fault of
 * ours and shows as itself: whoever is refused still learns where.
 */
export function renderRefusal({ code, rule, pointer, facts, day }: Refusal): RenderedRefusal {
  const row = Object.hasOwn(errorCatalogue, code) ? errorCatalogue[code] : undefined
  const law = rule === undefined ? undefined : lawOn(rule, day)
  const all = rule === undefined ? facts : { ...facts, rule }
  const said = row ? textFor(row, all) : { zh: code, en: code }
  const ruled = law && textFor(law.text, facts)
  const zh = [fill(said.zh, all, 'zh'), ...(ruled ? [fill(ruled.zh, facts, 'zh')] : [])].join('：')
  const en = [fill(said.en, all, 'en'), ...(ruled ? [fill(ruled.en, facts, 'en')] : [])].join(': ')
  return {
    code,
    ...(rule === undefined ? {} : { rule }),
    pointer,
    ...(law ? { source: law.edition.source } : {}),
    zh,
    en,
  }
}

/** The texts of a finding by the edition of its day, the newest without one. A rule that has left the catalogue shows by its id: findings outlive the code that made them. */
export function renderFinding<S extends string>({
  rule,
  severity,
  pointer,
  facts,
  day,
}: Omit<Finding, 'rule' | 'severity'> & { readonly rule: string; readonly severity: S }): RenderedFinding<S> {
  const law = lawOn(rule, day)
  const notice = Object.hasOwn(notices, rule) ? notices[rule] : undefined
  const text = law?.text ?? notice
  const source = law?.edition.source ?? notice?.source ?? ''
  const { zh, en } = text ? textFor(text, facts) : { zh: rule, en: rule }
  return { rule, severity, pointer, source, zh: fill(zh, facts, 'zh'), en: fill(en, facts, 'en') }
}

/** The HTTP status of a refusal's code. */
export const statusOf = (code: string): number =>
  (Object.hasOwn(errorCatalogue, code) ? errorCatalogue[code]?.status : undefined) ?? 500
