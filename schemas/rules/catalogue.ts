import { batchCodeFits } from './batch.ts'
import { outsideIntakeStaysOut, ratesStayWithinTheWhole } from './indicators.ts'
import { massWellFormed, weighedInTonnes } from './quantity.ts'
import { receiptRules } from './receipt.ts'
import { momentsInOrder, recordedInTime } from './recording.ts'
import { creditCodeValid } from './registry.ts'
import type { RuleRow } from './rule.ts'
import { sameLoadTwice } from './same-load.ts'
import { storageRules } from './storage.ts'
import { timerRules } from './timers.ts'
import { transferRules } from './transfer.ts'
import {
  codeOnItsPath,
  generalCodeListed,
  hazardousCategoryExists,
  hazardousCodeListed,
  identifiedByReport,
  natureAsListed,
} from './waste.ts'

const number = ({ id }: RuleRow): number => Number(id.slice(1))

/** Every rule of law that the system judges, by its number: what REST, GraphQL, reports and the docs name a finding by. */
export const ruleCatalogue: readonly RuleRow[] = [
  creditCodeValid,
  hazardousCodeListed,
  hazardousCategoryExists,
  identifiedByReport,
  generalCodeListed,
  codeOnItsPath,
  natureAsListed,
  batchCodeFits,
  weighedInTonnes,
  massWellFormed,
  momentsInOrder,
  recordedInTime,
  sameLoadTwice,
  ...storageRules,
  ...transferRules,
  ...receiptRules,
  ...timerRules,
  ratesStayWithinTheWhole,
  outsideIntakeStaysOut,
].toSorted((a, b) => number(a) - number(b))

const rows = new Map<string, RuleRow>(ruleCatalogue.map((row) => [row.id, row]))

/** The row of a rule; nothing for a rule that no release of this catalogue has. */
export const ruleRow = (id: string): RuleRow | undefined => rows.get(id)
