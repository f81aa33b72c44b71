import type { Facts } from '../../../schemas/decision.ts'
import type { RuleId } from '../../../schemas/rules/row.ts'
import { importErrors } from '../../../schemas/texts/errors/import.ts'
import { fill, textFor } from '../../../schemas/texts/fill.ts'
import { renderFinding, renderRefusal } from '../../../schemas/texts/render.ts'

/**
 * What a problem says in both languages. The books' own troubles have texts of their own, more exact than the rule behind them;
 * refusals and findings of the deciders read as they do everywhere else.
 */
export function textsOf(
  code: string,
  rule: RuleId | undefined,
  facts: Facts,
): { readonly zh: string; readonly en: string } {
  if (code === 'finding' && rule !== undefined) {
    const { zh, en } = renderFinding({ rule, severity: 'WARN', pointer: '', facts })
    return { zh, en }
  }
  if (Object.hasOwn(importErrors, code)) {
    const row = textFor(importErrors[code as keyof typeof importErrors], facts)
    return { zh: fill(row.zh, facts, 'zh'), en: fill(row.en, facts, 'en') }
  }
  const { zh, en } = renderRefusal({ code, ...(rule === undefined ? {} : { rule }), pointer: '', facts })
  return { zh, en }
}

/** Rules that refusals without one of their own come under, where a book's row is what is refused. */
const BEHIND: Readonly<Record<string, RuleId>> = {
  // The batch that a row names is not there.
  'lot-unknown': 'R29',
  'nothing-to-store': 'R29',
  // Nothing lies where it is taken from.
  'nothing-in-store': 'R28',
  'manifest-unknown': 'R47',
  'net-not-gross-less-tare': 'R69',
  'decision-contradicts': 'R72',
  'planned-differs': 'R56',
  'lot-of-other-waste': 'R55',
  // Method code at acceptance, of the list and of the plan.
  'method-unknown': 'R76',
  // A number names one manifest.
  'manifest-already-filed': 'R48',
  'number-already-attached': 'R48',
  'treatment-twice': 'R77',
  'moisture-missing': 'R94',
}

/** The same where it depends on the book whose row is refused. */
const BEHIND_IN: Readonly<Record<string, Readonly<Record<string, RuleId>>>> = {
  // A licence names the methods that it allows.
  licences: { 'method-unknown': 'R09' },
  'hw-manifests': { 'already-exists-with-other-content': 'R48' },
  'hw-treatment': { 'already-exists-with-other-content': 'R77' },
}

export function ruleBehind(code: string, { code: cover = '' }: Facts, book: string): RuleId | undefined {
  // A licence names categories and codes.
  if (code === 'category-unknown') return String(cover).startsWith('HW') ? 'R03' : 'R02'
  return BEHIND_IN[book]?.[code] ?? BEHIND[code]
}
