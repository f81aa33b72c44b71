import type { Text } from '../texts/fill.ts'
import { ruleCatalogue } from './catalogue.ts'
import type { RuleId, RuleRow, Severity } from './row.ts'

/** An edition of a rule as readers see it. */
export interface ListedEdition {
  readonly from: string
  readonly to?: string
  readonly source: string
  readonly severity: Severity
  /** What a breach of this edition says; `{fact}` names one of its facts. */
  readonly zh: string
  readonly en: string
  readonly penalty?: Text
}

/** What a rule does to a command that breaks it. */
export interface ListedCase {
  readonly question: string
  readonly zh: string
  readonly en: string
  readonly expect: 'BLOCK' | 'HOLD' | 'WARN'
}

/** A rule of the list R01-R108 as REST, GraphQL and the page show it. */
export interface ListedRule {
  readonly id: RuleId
  readonly zh: string
  readonly en: string
  /** False for a rule that nothing asks; then there is a reason, and what it rests on. */
  readonly applies: boolean
  readonly reason?: Text
  readonly source?: string
  readonly editions: readonly ListedEdition[]
  /** Questions that ask it: a command, or a part of one after the colon; `timer` where the passing of time breaks it. */
  readonly asks: readonly string[]
  /** Why books of the past are spared it, all of it or in part. */
  readonly booksExempt?: Text
  readonly cases: readonly ListedCase[]
}

function listed(row: RuleRow): ListedRule {
  const { id, title } = row
  if (!row.bound)
    return { id, ...title, applies: false, reason: row.reason, source: row.source, editions: [], asks: [], cases: [] }
  const asks = Object.keys(row.asks)
  return {
    id,
    ...title,
    applies: true,
    editions: row.editions.map(({ from, to, source, severity, penalty, text = row.text }) => ({
      from,
      ...(to === undefined ? {} : { to }),
      source,
      severity,
      zh: text.zh,
      en: text.en,
      ...(penalty ? { penalty } : {}),
    })),
    asks: asks.length === 0 ? ['timer'] : asks,
    ...(row.books === 'same' ? {} : { booksExempt: row.books.exempt }),
    cases: Object.entries(row.cases).flatMap(([question, cases]) =>
      cases.map(({ name, expect }) => ({ question, ...name, expect })),
    ),
  }
}

/** Every rule of the list by its number, as readers see it. */
export const ruleListing: readonly ListedRule[] = ruleCatalogue.map(listed)
