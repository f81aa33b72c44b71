import type { Facts } from '../decision.ts'
import { parseBatchCode, type BatchKind } from '../values/batch-code.ts'
import type { Day } from '../values/time.ts'
import { rule, unbound } from './row.ts'
import { ALWAYS, LEDGER_STANDARD } from './sources.ts'

/** Steps that give a batch code, and the forms that HJ 1259-2022 annex B and 公告2021年第82号 suggest for each. */
const FORMS = {
  generated: ['generation', 'general-generation'],
  stored: ['store-in', 'general-storage'],
  'taken-out': ['store-out'],
  departed: ['general-out'],
} as const satisfies Readonly<Record<string, readonly BatchKind[]>>

interface BatchFacts {
  readonly batch: string | undefined
  readonly step: keyof typeof FORMS
  /** Of the act. */
  readonly on: Day
  readonly pointer: string
}

const anotherStep = { zh: '出库批次编码用在别的环节', en: 'a code of store-out on another step' }
const anotherDay = { zh: '编码里是另一天', en: 'the code says another day' }

/**
 * The standard says that its codes may be used: any other code is lawful. One that has a suggested form but says another step or another
 * day than the act is probably a slip, and is never refused for it. Where books are read, a column of codes that is there and empty is
 * refused under the same number, because a step that names no batch links to nothing (readings, "all").
 */
const batchCodeFits = rule('R25', {
  title: { zh: '批次编码的环节和日期与记录相符', en: 'A batch code says the step and the day of its act' },
  text: {
    zh: '批次编码 {batch}：{problem}（{step}，{day}）',
    en: 'Batch code {batch}: {problem} ({step}, {day})',
  },
  editions: [{ from: LEDGER_STANDARD, source: 'HJ 1259-2022 附录B；公告2021年第82号', severity: 'WARN' }],
  books: 'same',
  asks: {
    GenerateLot: ({ command: { batch }, day }) => ({ batch, step: 'generated', on: day, pointer: '/batch' }),
    OpenLot: ({ command: { batch }, day }) => ({ batch, step: 'generated', on: day, pointer: '/batch' }),
    GenerateIntoPool: ({ command: { record }, day }) => ({
      batch: record,
      step: 'generated',
      on: day,
      pointer: '/record',
    }),
    StoreLot: ({ command: { batch }, day }) => ({ batch, step: 'stored', on: day, pointer: '/batch' }),
    TakeOutLot: ({ command: { batch }, day }) => ({ batch, step: 'taken-out', on: day, pointer: '/batch' }),
    RecordOutShipment: ({ command: { record }, day }) => ({
      batch: record,
      step: 'departed',
      on: day,
      pointer: '/record',
    }),
  },
  check({ batch, step, on, pointer }: BatchFacts) {
    const read = batch === undefined ? undefined : parseBatchCode(batch)
    if (batch === undefined || !read) return undefined
    const kinds: readonly BatchKind[] = FORMS[step]
    const problem = !kinds.includes(read.kind)
      ? 'batch-of-another-step'
      : read.day === on
        ? undefined
        : 'batch-of-another-day'
    return problem && { pointer, facts: { batch, problem, step, day: on } }
  },
  cases: {
    GenerateLot: [{ name: anotherStep, command: { batch: 'HWCK20251206001' }, expect: 'WARN' }],
    OpenLot: [{ name: anotherDay, command: { batch: 'HWCS20230101001' }, expect: 'WARN' }],
    GenerateIntoPool: [{ name: anotherDay, command: { record: 'CS20250101001' }, expect: 'WARN' }],
    StoreLot: [{ name: anotherStep, command: { batch: 'HWCK20251206001' }, expect: 'WARN' }],
    TakeOutLot: [{ name: anotherDay, command: { batch: 'HWCK20250101001' }, expect: 'WARN' }],
    RecordOutShipment: [{ name: anotherDay, command: { record: 'CC20250101001' }, expect: 'WARN' }],
  },
})

interface ChainFacts {
  readonly named: string | undefined
  readonly known: readonly string[]
  readonly pointer: string
}

const strangeBatch = { zh: '前序批次不是该批次的', en: 'the batch before it is another lot’s' }

/** Batch codes are the links of the chain 产生 → 入库 → 出库: each step names one that is there (6.3). */
const batchChainWhole = rule('R29', {
  title: { zh: '入库、出库、转移注明的前序批次存在', en: 'The batch that a step names before it is there' },
  text: {
    zh: '前序批次 {named} 与该批次的记录（{known}）不符',
    en: 'Batch {named} is not among those of this lot ({known})',
    more: [
      {
        zh: '前序批次 {unknown} 与该批次不符：该批次没有这一环节的记录',
        en: 'Batch {unknown} is not of this lot, which has no record of that step',
      },
    ],
  },
  editions: [
    // A link to nothing proves nothing on any day.
    { from: ALWAYS, to: '2022-09-30', source: '本项目约定（批次链完整）', severity: 'BLOCK' },
    { from: LEDGER_STANDARD, source: 'HJ 1259-2022 6.3、附录 B', severity: 'BLOCK' },
  ],
  books: 'same',
  asks: {
    StoreLot: ({ command: { generationBatch }, lot: { batch } }) => ({
      named: generationBatch,
      known: batch === undefined ? [] : [batch],
      pointer: '/generationBatch',
    }),
    TakeOutLot: ({ command: { storeIn }, lot }) => ({
      named: storeIn,
      known: Object.keys(lot.storedIn),
      pointer: '/storeIn',
    }),
    'FileManifest:lots': ({ outBatch, pointer }) => outBatch && { ...outBatch, pointer: `${pointer}/outBatch` },
  },
  check: ({ named, known, pointer }: ChainFacts) =>
    named === undefined || known.includes(named) ? undefined : { pointer, facts: chainFacts(named, known) },
  cases: {
    StoreLot: [{ name: strangeBatch, command: { generationBatch: 'HWCS20250101999' }, expect: 'BLOCK' }],
    TakeOutLot: [{ name: strangeBatch, command: { storeIn: 'HWRK20250101999' }, expect: 'BLOCK' }],
    'FileManifest:lots': [
      {
        name: strangeBatch,
        command: { lines: { 0: { lots: { 0: { outBatch: 'HWCK20250101999' } } } } },
        expect: 'BLOCK',
      },
    ],
  },
})

/** Facts of R29: the batch that is named, and those that the lot has. */
const chainFacts = (named: string, known: readonly string[]): Facts =>
  known.length === 0 ? { unknown: named } : { named, known: known.join(', ') }

export const batchRules = [
  unbound(
    'R24',
    'HJ 1259-2022 6.2',
    ['每个包装在产生时记录，管道输送的每日记录', 'Every package is recorded at generation; piped waste each day'],
    ['缺少的事实：产生设施的工作日和管道计量', 'Missing fact: the days a line works, and meters of pipes'],
  ),
  batchCodeFits,
  batchChainWhole,
  unbound(
    'R30',
    'HJ 1259-2022 6.3.2；本项目约定（100克）',
    ['入库量与所连产生量一致', 'What is stored is what the linked batches generated'],
    [
      '缺少的事实：一次入库所连的各产生批次的数量；单个批次的称重差异记为盈亏',
      'Missing fact: the masses of all batches that one entry links to; of a single lot the difference of weighings is posted',
    ],
  ),
]
