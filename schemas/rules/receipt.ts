import type { DifferenceKind } from '../manifest/shapes.ts'
import type { Rule, RuleRow } from './rule.ts'
import type { z } from 'zod'

const KILOGRAM = 1_000

interface WeighbridgeFacts {
  readonly gross: number
  readonly tare: number
}

export const loadWeighed: Rule<WeighbridgeFacts> = {
  id: 'R69',
  severity: 'BLOCK',
  source: '令第23号 第十二条第一项、第十八条',
  effective: { from: '2022-01-01' },
  zh: '接受或拒收危险废物前，接受人须先过磅',
  en: 'The receiver weighs a load of hazardous waste before it accepts or refuses it',
  more: [
    {
      zh: '过磅净重 {net} 千克，与接受、拒收之和 {decided} 千克不一致',
      en: 'The weighed net mass is {net} kg, but {decided} kg were accepted and refused',
    },
    {
      zh: '毛重 {grossKg} 千克减皮重 {tareKg} 千克不大于零，请核对过磅数据',
      en: 'Gross {grossKg} kg less tare {tareKg} kg is not above zero: check the weighing',
    },
  ],
  check: ({ gross, tare }) =>
    gross > tare ? undefined : { pointer: '/tareKg', facts: { grossKg: gross / KILOGRAM, tareKg: tare / KILOGRAM } },
}

/** The same article, asked once every line is decided: what arrived is what was accepted and refused, cut to the whole kilogram. */
export const netIsDecided: Rule<{ readonly net: number; readonly decided: number }> = {
  ...loadWeighed,
  check({ net, decided }) {
    const decidedKg = Math.floor(decided / KILOGRAM)
    return net === decidedKg * KILOGRAM
      ? undefined
      : { pointer: '/lines', facts: { net: net / KILOGRAM, decided: decidedKg } }
  },
}

export const dutiesSeparate: Rule<{
  readonly actorUnit: string | undefined
  readonly consignor: string
  readonly receiver: string
}> = {
  id: 'R70',
  severity: 'BLOCK',
  source: '令第23号 第十二条',
  effective: { from: '2022-01-01' },
  zh: '接受人的操作不得由移出人 {consignor} 的人员办理',
  en: 'A person of the consignor {consignor} cannot act for the receiver',
  check: ({ actorUnit, consignor, receiver }) =>
    actorUnit === consignor && consignor !== receiver ? { pointer: '', facts: { consignor } } : undefined,
}

interface DifferenceFacts {
  readonly line: number
  readonly difference: z.infer<typeof DifferenceKind>
  readonly note: string | undefined
  readonly shipped: number
  readonly accepted: number
  readonly pointer: string
}

export const differenceExplained: Rule<DifferenceFacts> = {
  id: 'R72',
  severity: 'BLOCK',
  source: '令第23号 第十八条第二款',
  effective: { from: '2022-01-01' },
  zh: '第 {line} 行移出 {shipped} 克、接受 {accepted} 克，差异种类“{difference}”：有差异须填种类和说明',
  en: 'Line {line}: {shipped} g shipped, {accepted} g accepted, difference “{difference}”: a difference needs its kind and a note',
  check({ line, difference, note, shipped, accepted, pointer }) {
    const facts = { line, difference, shipped, accepted }
    if (difference === 'none') return shipped === accepted ? undefined : { pointer: `${pointer}/difference`, facts }
    return note === undefined ? { pointer: `${pointer}/note`, facts } : undefined
  },
}

interface SurplusFacts {
  readonly line: number
  readonly shipped: number
  readonly accepted: number
  /** By how much more than shipped may be accepted, grams. */
  readonly limit: number
  readonly pointer: string
}

export const acceptedWithinLimit: Rule<SurplusFacts> = {
  id: 'R74',
  severity: 'BLOCK',
  source: '物料平衡；本项目约定（限值见配置）',
  effective: { from: '2022-01-01' },
  zh: '第 {line} 行接受 {accepted} 克，超过移出 {shipped} 克加限值 {limit} 克',
  en: 'Line {line}: {accepted} g accepted is more than the {shipped} g shipped plus the limit of {limit} g',
  check: ({ line, shipped, accepted, limit, pointer }) =>
    accepted > shipped + limit
      ? { pointer: `${pointer}/accepted`, facts: { line, shipped, accepted, limit } }
      : undefined,
}

interface TreatmentFacts {
  readonly treated: number
  /** Accepted and not yet treated. */
  readonly open: number
  readonly outputs: number
}

export const treatmentBalanced: Rule<TreatmentFacts> = {
  id: 'R77',
  severity: 'BLOCK',
  source: '生态环境法典 第534条；物料平衡',
  effective: { from: '2022-01-01' },
  zh: '处理 {treated} 克：待处理 {open} 克，产物、残渣、损失和填埋合计 {outputs} 克',
  en: '{treated} g treated: {open} g are open, and product, residues, loss and landfill add up to {outputs} g',
  check({ treated, open, outputs }) {
    if (treated <= open && outputs === treated) return undefined
    return { pointer: '/treated', facts: { treated, open, outputs } }
  },
}

export const receiptRules: readonly RuleRow[] = [
  loadWeighed,
  dutiesSeparate,
  differenceExplained,
  acceptedWithinLimit,
  treatmentBalanced,
]
