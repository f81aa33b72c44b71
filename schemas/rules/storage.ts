import type { Rule } from './rule.ts'

const HJ1259 = { from: '2022-10-01' } as const

/** The books cannot balance once more leaves a place than lies there and is not promised to a manifest. */
export const stockNeverNegative: Rule<{ readonly taken: number; readonly balance: number; readonly pointer: string }> = {
  id: 'R28',
  severity: 'BLOCK',
  source: 'HJ 1259-2022 附录 B、C',
  effective: HJ1259,
  zh: '取用 {taken} 克，批次可用余量只有 {balance} 克',
  en: '{taken} g taken, but only {balance} g of the lot are free there',
  check: ({ taken, balance, pointer }) => (taken > balance ? { pointer, facts: { taken, balance } } : undefined),
}

/** Batch codes are the links of the chain 产生 → 入库 → 出库: each step names one that is there (6.3). */
export const batchChainWhole: Rule<{ readonly named: string | undefined; readonly known: readonly string[]; readonly pointer: string }> = {
  id: 'R29',
  severity: 'BLOCK',
  source: 'HJ 1259-2022 6.3、附录 B',
  effective: HJ1259,
  zh: '前序批次 {named} 与该批次的记录（{known}）不符',
  en: 'Batch {named} is not among those of this lot ({known})',
  check: ({ named, known, pointer }) => (named === undefined || known.includes(named) ? undefined : { pointer, facts: { named, known: known.join('|') } }),
}

/** What a lot's label must say, and whether another lot bears it. */
export interface LabelFacts {
  readonly label: string
  /** 18 + 8 + 8 characters: producer's credit code, waste code without hyphens, generation day. */
  readonly expected: string
  /** True where another lot bears this label already. */
  readonly taken: boolean
  readonly pointer: string
}

const LABELS = { severity: 'BLOCK', source: 'HJ 1276-2022；生态环境法典 第531条（原固废法 第77条）', effective: { from: '2023-07-01' } } as const

export const labelSaysWhatItIs: Rule<LabelFacts> = {
  id: 'R31',
  ...LABELS,
  zh: '标签 {label} 应以 {expected} 开头（单位、废物代码、产生日期）且不得重复',
  en: 'Label {label} must begin with {expected} (unit, waste code, generation day) and be unique',
  check: ({ label, expected, taken, pointer }) => (label.startsWith(expected) && !taken ? undefined : { pointer, facts: { label, expected } }),
}

/** A container of hazardous waste carries its label before it is moved, and the one that was scanned is its own. */
export const containerLabelled: Rule<{ readonly hazardous: boolean; readonly label: string | undefined; readonly scanned: string | undefined; readonly pointer: string }> = {
  id: 'R31',
  ...LABELS,
  zh: '扫描的标签 {scanned} 不是该批次的标签（{label}）',
  en: 'The label scanned, {scanned}, is not that of this lot ({label})',
  check({ hazardous, label, scanned, pointer }) {
    if (hazardous && label === undefined) return { pointer, facts: { scanned: scanned ?? 'none', label: 'none' } }
    return scanned === undefined || scanned === label ? undefined : { pointer, facts: { scanned, label: label ?? 'none' } }
  },
}
