import { parseLabelCode } from '../values/label-code.ts'
import type { Rule, RuleRow } from './rule.ts'

const HJ1259 = { from: '2022-10-01' } as const

/** The books cannot balance once more leaves a place than lies there and is not promised to a manifest. */
export const stockNeverNegative: Rule<{ readonly taken: number; readonly balance: number; readonly pointer: string }> =
  {
    id: 'R28',
    severity: 'BLOCK',
    source: 'HJ 1259-2022 附录 B、C',
    effective: HJ1259,
    zh: '取用 {taken} 克，批次可用余量只有 {balance} 克',
    en: '{taken} g taken, but only {balance} g of the lot are free there',
    check: ({ taken, balance, pointer }) => (taken > balance ? { pointer, facts: { taken, balance } } : undefined),
  }

/** Batch codes are the links of the chain 产生 → 入库 → 出库: each step names one that is there (6.3). */
export const batchChainWhole: Rule<{
  readonly named: string | undefined
  readonly known: readonly string[]
  readonly pointer: string
}> = {
  id: 'R29',
  severity: 'BLOCK',
  source: 'HJ 1259-2022 6.3、附录 B',
  effective: HJ1259,
  zh: '前序批次 {named} 与该批次的记录（{known}）不符',
  en: 'Batch {named} is not among those of this lot ({known})',
  check: ({ named, known, pointer }) =>
    named === undefined || known.includes(named) ? undefined : { pointer, facts: { named, known: known.join('|') } },
}

/** What a lot's label must say, and whether another lot bears it. */
export interface LabelFacts {
  readonly label: string
  /** Its first 34 characters: producer's credit code, waste code without hyphens, generation day. */
  readonly expected: string
  /** True where another lot bears this label already. */
  readonly taken: boolean
  readonly pointer: string
}

export const labelSaysWhatItIs: Rule<LabelFacts> = {
  id: 'R31',
  severity: 'BLOCK',
  source: 'HJ 1276-2022；生态环境法典 第531条（原固废法 第77条）',
  effective: { from: '2023-07-01' },
  zh: '标签 {label} 缺失、与该批次不符（应为 {expected}…）或已用于其他批次',
  en: 'Label {label} is missing, not that of this lot ({expected}…), or borne by another lot',
  check: ({ label, expected, taken, pointer }) =>
    parseLabelCode(label) && label.startsWith(expected) && !taken ? undefined : { pointer, facts: { label, expected } },
}

/** The same article before a move: a container of hazardous waste has its label by then, and the one scanned is its own. */
export const containerLabelled: Rule<{
  /** Whether there must be one: on hazardous waste, unless that was asked already or a book has no column for it. */
  readonly required: boolean
  readonly label: string | undefined
  readonly scanned: string | undefined
  readonly pointer: string
}> = {
  ...labelSaysWhatItIs,
  check({ required, label, scanned, pointer }) {
    const missing = required && label === undefined
    return missing || (scanned !== undefined && scanned !== label)
      ? { pointer, facts: { label: scanned ?? '', expected: label ?? '' } }
      : undefined
  },
}

/** One row a rule, for the catalogue. */
export const storageRules: readonly RuleRow[] = [stockNeverNegative, batchChainWhole, labelSaysWhatItIs]
