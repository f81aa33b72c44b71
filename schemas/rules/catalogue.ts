import { batchRules } from './batches.ts'
import { codeRules } from './codes.ts'
import { unaskedRules } from './elsewhere.ts'
import { indicatorRules } from './indicators.ts'
import { labelRules } from './labels.ts'
import { licenceRules } from './licences.ts'
import { manifestRules } from './manifests.ts'
import { planRules } from './plans.ts'
import { quantityRules } from './quantities.ts'
import { receiptRules } from './receipt.ts'
import { recordingRules } from './recording.ts'
import { roadRules } from './road.ts'
import { editionOn, type Edition, type Rule, type RuleRow, type RuleText } from './row.ts'
import { stockRules } from './stock.ts'
import { timerRules } from './timers.ts'
import { unitRules } from './units.ts'
import type { Day } from '../values/time.ts'

const number = ({ id }: RuleRow): number => Number(id.slice(1))

/** Every rule of the list R01-R108 by its number: what is asked, and what is not with the reason. A rule is written in the file of its area. */
export const ruleCatalogue: readonly RuleRow[] = (
  [
    ...unitRules,
    ...licenceRules,
    ...codeRules,
    ...planRules,
    ...quantityRules,
    ...batchRules,
    ...stockRules,
    ...labelRules,
    ...manifestRules,
    ...roadRules,
    ...receiptRules,
    ...timerRules,
    ...recordingRules,
    ...indicatorRules,
    ...unaskedRules,
  ] as unknown as readonly RuleRow[]
).toSorted((a, b) => number(a) - number(b))

/** The rules that questions ask. */
export const rules: readonly Rule[] = ruleCatalogue.filter((row): row is Rule => row.bound)

const rows = new Map<string, RuleRow>(ruleCatalogue.map((row) => [row.id, row]))

/** The row of a rule; nothing for a number that the list does not have. */
export const ruleRow = (id: string): RuleRow | undefined => rows.get(id)

/**
 * What an edition of a rule says when it is broken, and what it rests on: by the day of the act, or by the newest edition without one. Nothing
 * for what no release of this catalogue asked.
 */
export function lawOn(id: string, day?: Day): { readonly text: RuleText; readonly edition: Edition } | undefined {
  const row = rows.get(id)
  if (!row?.bound) return undefined
  const edition = (day === undefined ? undefined : editionOn(row, day)) ?? row.editions.at(-1) ?? row.editions[0]
  return { text: edition.text ?? row.text, edition }
}
