import type { Facts } from '../decision.ts'
import { parseLabelCode } from '../values/label-code.ts'
import type { Rule, RuleRow } from './rule.ts'

const HJ1259 = { from: '2022-10-01' } as const

interface StockFacts {
  readonly taken: number
  readonly balance: number
  /** What lies there and to which manifests how much of it is promised, where the reader may know them (`promisedAt`). */
  readonly promises?: Facts
  readonly pointer: string
}

/** The books cannot balance once more leaves a place than lies there and is not promised to a manifest. */
export const stockNeverNegative: Rule<StockFacts> = {
  id: 'R28',
  severity: 'BLOCK',
  source: 'HJ 1259-2022 附录 B、C',
  effective: HJ1259,
  zh: '取用 {taken} 克，批次可用余量只有 {balance} 克',
  en: '{taken} g taken, but only {balance} g of the lot are free there',
  more: [
    {
      zh: '取用 {taken} 克，该处存有 {held} 克，其中 {promised} 克已列入联单 {promisedTo}，可用 {balance} 克；请减少数量，或先作废该联单',
      en: '{taken} g taken; {held} g lie there, of which {promised} g are promised to manifest {promisedTo} and {balance} g are free: take less, or cancel that manifest first',
    },
    // A request for all that is free has no mass of its own.
    {
      zh: '该处存有 {held} 克，其中 {promised} 克已列入联单 {promisedTo}，没有可用余量；请先作废该联单，或另选批次',
      en: '{held} g lie there, but {promised} g are promised to manifest {promisedTo} and none are free: cancel that manifest first, or choose another lot',
    },
    {
      zh: '批次 {emptyLot} 在移出人的贮存点没有存量，请核对批次标识',
      en: 'Nothing of lot {emptyLot} lies in a store of the consignor: check the id of the lot',
    },
    {
      zh: '批次 {looseLot} 没有为联单该行预留的数量，请核对联单',
      en: 'Nothing of lot {looseLot} is reserved for this line of the manifest: check the manifest',
    },
  ],
  check: ({ taken, balance, promises = {}, pointer }) =>
    taken > balance ? { pointer, facts: { taken, balance, ...promises } } : undefined,
}

/** Facts of R29: the batch that is named, and those that the lot has. */
export const chainFacts = (named: string, known: readonly string[]): Facts =>
  known.length === 0 ? { unknown: named } : { named, known: known.join(', ') }

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
  more: [
    {
      zh: '前序批次 {unknown} 与该批次不符：该批次没有这一环节的记录',
      en: 'Batch {unknown} is not of this lot, which has no record of that step',
    },
  ],
  check: ({ named, known, pointer }) =>
    named === undefined || known.includes(named) ? undefined : { pointer, facts: chainFacts(named, known) },
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
  zh: '危险废物容器尚未贴标签，请先登记标签',
  en: 'This container of hazardous waste has no label yet: label it first',
  more: [
    {
      zh: '标签 {takenLabel} 已用于其他批次，请核对标签',
      en: 'Label {takenLabel} is borne by another lot: check the label',
    },
    {
      zh: '标签 {label} 与该批次不符，应为 {expected} 及三位顺序号',
      en: 'Label {label} is not of this lot, whose labels are {expected} and three digits of serial',
    },
    {
      zh: '标签 {label} 与该批次不符，该批次的标签是 {own}',
      en: 'Label {label} is not that of this lot, which is {own}',
    },
    {
      zh: '标签 {label} 与该批次不符，该批次尚未贴标签',
      en: 'Label {label} is not of this lot, which has none yet',
    },
  ],
  check: ({ label, expected, taken, pointer }) =>
    parseLabelCode(label) && label.startsWith(expected)
      ? taken
        ? { pointer, facts: { takenLabel: label } }
        : undefined
      : { pointer, facts: { label, expected } },
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
      ? {
          pointer,
          facts: {
            ...(scanned === undefined ? {} : { label: scanned }),
            ...(label === undefined ? {} : { own: label }),
          },
        }
      : undefined
  },
}

/** One row a rule, for the catalogue. */
export const storageRules: readonly RuleRow[] = [stockNeverNegative, batchChainWhole, labelSaysWhatItIs]
