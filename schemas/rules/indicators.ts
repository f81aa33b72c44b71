import { recoveryMethods } from '../catalogues/methods.ts'
import { printable, type Total } from '../values/total.ts'
import type { Day } from '../values/time.ts'
import type { WasteStream } from '../values/waste.ts'
import { rule, unbound } from './row.ts'

/** First day of the statistics by this formula. */
const FIRST_FORMULA = '2016-01-01'

/** How a rate is computed: a row with its edition, so that a figure of last year keeps the definition of last year. */
export interface RateFormula {
  readonly edition: string
  readonly effective: { readonly from: Day; readonly to?: Day }
  readonly source: string
  readonly zh: string
  readonly en: string
  /** Codes of treatment that are 利用 in this edition; every other one is 处置 (HJ 1033 附录F: R, C2, C3; general waste: GR-). */
  readonly recovery: ReadonlySet<string>
}

/** 综合利用率, one row an edition, newest last. Of municipal, construction waste and sludge it is read the same way (regulations 9). */
export const recyclingFormulas: readonly [RateFormula, ...RateFormula[]] = [
  {
    edition: 'recycling-rate@1',
    effective: { from: '2016-01-01' },
    source: '国家统计局 一般工业固体废物综合利用率; 危险废物等类别比照',
    zh: '综合利用率 = 综合利用量 ÷（产生量 + 综合利用往年贮存量）；由产生单位统计，残渣计入产生量，分母为零时不出数',
    en: 'rate = recovered ÷ (generated + recovered from stock of earlier years); counted where the waste was generated, residues count as generated, no value where the denominator is 0',
    recovery: new Set(recoveryMethods()),
  },
]

/** The edition in force on the last day of the period; streams share it. */
export function recyclingFormula(_stream: WasteStream, day: Day): RateFormula {
  const inForce = recyclingFormulas.filter(
    ({ effective }) => effective.from <= day && (effective.to === undefined || day <= effective.to),
  )
  return inForce.at(-1) ?? recyclingFormulas[0]
}

/** Whether a method is 利用 in the edition of that day; any other treatment is 处置. */
export const isRecovery = (method: string, { recovery }: RateFormula): boolean => recovery.has(method)

interface RateFacts {
  readonly numerator: Total
  readonly denominator: Total
}

export const ratesStayWithinTheWhole = rule('R98', {
  title: { zh: '综合利用率在0至100%之间', en: 'A recycling rate lies between 0 and 100 %' },
  text: {
    zh: '综合利用率应在 0 至 100% 之间：分子 {numerator} 克，分母 {denominator} 克',
    en: 'A recycling rate lies between 0 and 100 %: numerator {numerator} g, denominator {denominator} g',
  },
  editions: [{ from: FIRST_FORMULA, source: '国家统计局 一般工业固体废物综合利用率', severity: 'ALERT' }],
  books: 'same',
  asks: { 'projection:rate': ({ numerator, denominator }) => ({ numerator, denominator }) },
  check: ({ numerator, denominator }: RateFacts) =>
    numerator < 0 || numerator > denominator
      ? { pointer: '', facts: { numerator: printable(numerator), denominator: printable(denominator) } }
      : undefined,
  cases: {
    'projection:rate': [
      {
        name: { zh: '当月利用多于产生', en: 'a month recovers more than it generated' },
        command: { numerator: 1_100_000, denominator: 1_000_000 },
        expect: 'WARN',
      },
    ],
  },
})

export const indicatorRules = [
  ratesStayWithinTheWhole,
  unbound(
    'R99',
    '国家统计局 综合利用量由产生单位统计；本项目约定',
    ['园区外产生的不计入园区综合利用量的分子', 'Intake from outside the park stays out of its numerator'],
    [
      '由查询范围保证（insideParkOnly 只读园区内产生的分录）；缺少的事实：分子中园区外的量，须随流量一并读出',
      'The scope of the query holds it (insideParkOnly reads entries of units inside alone); missing fact: what of a numerator came from outside, read beside it',
    ],
  ),
]
