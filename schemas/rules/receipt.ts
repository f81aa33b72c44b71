import type { DifferenceKind } from '../manifest/shapes.ts'
import type { Actor } from '../actor.ts'
import type { Manifest } from '../manifest/state.ts'
import { weightTolerance } from './limits.ts'
import type { DecidedLine } from './questions.ts'
import { rule, unbound, type Breaches } from './row.ts'
import { acrossTheCode, ofTheManifest, outsideTheLicence, TRANSFER_ORDER } from './sources.ts'
import type { z } from 'zod'

const KILOGRAM = 1_000

type WeighingFacts =
  | { readonly status: Manifest['status'] }
  | { readonly grossKg: number; readonly tareKg: number }
  /** Grams: what arrived by the scale, and what was accepted and refused once nothing is left to decide. */
  | { readonly net: number; readonly decided: number }

const unweighed = {
  name: { zh: '未过磅就作决定', en: 'it is decided before it is weighed' },
  given: { manifest: { status: 'arrived' } },
  expect: 'BLOCK',
} as const

export const loadWeighed = rule('R69', {
  title: {
    zh: '接受人先过磅，净重即接受与拒收之和',
    en: 'The receiver weighs first; what arrived is accepted and refused',
  },
  text: {
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
  },
  editions: ofTheManifest('第十二条第一项、第十八条'),
  books: 'same',
  asks: {
    WeighLoad: ({ command: { grossKg, tareKg } }) => ({ grossKg, tareKg }),
    AcceptManifest: ({ manifest, decided, completes }) =>
      manifest.form === 'transfer-manifest' && manifest.weighing && completes
        ? { net: manifest.weighing.net, decided: massOf(manifest.lines) + massOf(decided) }
        : undefined,
    'AcceptManifest:state': ({ status }) => ({ status }),
    'RefuseManifest:state': ({ status }) => ({ status }),
  },
  check(facts: WeighingFacts): Breaches {
    if ('status' in facts) return facts.status === 'arrived' ? { pointer: '', facts: {} } : undefined
    if ('grossKg' in facts)
      return facts.grossKg > facts.tareKg ? undefined : { pointer: '/tareKg', facts: { ...facts } }
    // Cut to the whole kilogram, as a weighbridge prints it.
    const decidedKg = Math.floor(facts.decided / KILOGRAM)
    return facts.net === decidedKg * KILOGRAM
      ? undefined
      : { pointer: '/lines', facts: { net: facts.net / KILOGRAM, decided: decidedKg } }
  },
  cases: {
    WeighLoad: [{ name: { zh: '皮重大于毛重', en: 'tare above gross' }, command: { tareKg: 11_000 }, expect: 'BLOCK' }],
    AcceptManifest: [
      {
        name: { zh: '接受量与净重不一致', en: 'accepted differs from what was weighed' },
        command: { lines: { 0: { accepted: 480_000, difference: 'quantity', note: '少了' } } },
        expect: 'BLOCK',
      },
    ],
    'AcceptManifest:state': [unweighed],
    'RefuseManifest:state': [unweighed],
  },
})

const massOf = (lines: readonly { readonly accepted: number; readonly refused: number }[]): number =>
  lines.reduce((sum, { accepted, refused }) => sum + accepted + refused, 0)

interface Duties {
  readonly actor: Actor
  readonly consignor: string
  readonly receiver: string
}
const dutiesOf = ({
  manifest,
  context: { actor },
}: {
  readonly manifest: Manifest
  readonly context: { readonly actor: Actor }
}): Duties => ({
  actor,
  consignor: manifest.consignor,
  receiver: manifest.receiver,
})
const byTheConsignor = {
  name: { zh: '移出人的人员替接受人办理', en: 'a person of the consignor acts for the receiver' },
  given: {
    context: {
      actor: { subject: 'p-1', unit: '91320594PRDUCERAA7', roles: ['admin'] },
    },
  },
  expect: 'BLOCK',
} as const

const dutiesSeparate = rule('R70', {
  title: { zh: '接受由接受人自己的人员办理', en: 'The receiver’s part is done by persons of the receiver' },
  text: {
    zh: '接受人的操作不得由移出人 {consignor} 的人员办理',
    en: 'A person of the consignor {consignor} cannot act for the receiver',
  },
  editions: ofTheManifest('第十二条'),
  books: {
    exempt: {
      zh: '账册只写当事单位，不写经手人',
      en: 'a book says who was party to a transfer, not whose hand wrote the row',
    },
  },
  asks: { WeighLoad: dutiesOf, AcceptManifest: dutiesOf, RefuseManifest: dutiesOf },
  check: ({ actor, consignor, receiver }: Duties) =>
    actor.unit === consignor && consignor !== receiver ? { pointer: '', facts: { consignor } } : undefined,
  cases: { WeighLoad: [byTheConsignor], AcceptManifest: [byTheConsignor], RefuseManifest: [byTheConsignor] },
})

interface DifferenceFacts {
  readonly line: number
  readonly difference: z.infer<typeof DifferenceKind>
  readonly note: string | undefined
  readonly shipped: number
  readonly accepted: number
  readonly pointer: string
}

const differences = ({ decided }: { readonly decided: readonly DecidedLine[] }): readonly DifferenceFacts[] =>
  decided.map(({ line, request: { difference, note }, accepted, pointer }) => ({
    line: line.line,
    difference,
    note,
    shipped: line.shipped ?? 0,
    accepted,
    pointer,
  }))

export const differenceExplained = rule('R72', {
  title: { zh: '差异须填种类和说明', en: 'A difference has its kind and a note' },
  text: {
    zh: '第 {line} 行移出 {shipped} 克、接受 {accepted} 克，差异种类“{difference}”：有差异须填种类和说明',
    en: 'Line {line}: {shipped} g shipped, {accepted} g accepted, difference “{difference}”: a difference needs its kind and a note',
  },
  editions: ofTheManifest('第十八条第二款'),
  books: 'same',
  asks: { AcceptManifest: differences, RefuseManifest: differences },
  check({ line, difference, note, shipped, accepted, pointer }: DifferenceFacts) {
    const facts = { line, difference, shipped, accepted }
    if (difference === 'none') return shipped === accepted ? undefined : { pointer: `${pointer}/difference`, facts }
    return note === undefined ? { pointer: `${pointer}/note`, facts } : undefined
  },
  cases: {
    AcceptManifest: [
      {
        name: { zh: '少收而不说明', en: 'less is accepted without a word' },
        given: { manifest: { weighing: { net: 480_000 } } },
        command: { lines: { 0: { accepted: 480_000 } } },
        expect: 'BLOCK',
      },
      {
        name: { zh: '填了种类没有说明', en: 'a kind without a note' },
        command: { lines: { 0: { difference: 'packaging' } } },
        expect: 'BLOCK',
      },
    ],
    RefuseManifest: [
      {
        name: { zh: '拒收而差异为“无”', en: 'refused with difference “none”' },
        command: { difference: 'none' },
        expect: 'BLOCK',
      },
    ],
  },
})

interface SurplusFacts {
  readonly line: number
  readonly shipped: number
  readonly accepted: number
  /** By how much more than shipped may be accepted, grams. */
  readonly limit: number
  readonly pointer: string
}

export const acceptedWithinLimit = rule('R74', {
  title: { zh: '接受量不超过移出量加限值', en: 'No more is accepted than was shipped and the limit' },
  text: {
    zh: '第 {line} 行接受 {accepted} 克，超过移出 {shipped} 克加限值 {limit} 克',
    en: 'Line {line}: {accepted} g accepted is more than the {shipped} g shipped plus the limit of {limit} g',
  },
  editions: [{ from: TRANSFER_ORDER, source: '物料平衡；本项目约定（限值见配置）', severity: 'BLOCK' }],
  books: 'same',
  asks: {
    AcceptManifest: ({ decided, day }) =>
      decided.map(({ line, accepted, pointer }) => ({
        line: line.line,
        shipped: line.shipped ?? 0,
        accepted,
        limit: weightTolerance(line.shipped ?? 0, day),
        pointer,
      })),
  },
  check: ({ line, shipped, accepted, limit, pointer }: SurplusFacts) =>
    accepted > shipped + limit
      ? { pointer: `${pointer}/accepted`, facts: { line, shipped, accepted, limit } }
      : undefined,
  cases: {
    AcceptManifest: [
      {
        name: { zh: '接受量比移出量多0.2吨', en: '0.2 t more than was shipped' },
        given: { manifest: { weighing: { net: 700_000 } } },
        command: { lines: { 0: { accepted: 700_000, difference: 'quantity', note: '多了' } } },
        expect: 'BLOCK',
      },
    ],
  },
})

interface TreatmentFacts {
  readonly treated: number
  /** Lies there and is free. */
  readonly open: number
  readonly outputs: number
  readonly pointer: string
}

const treatmentBalanced = rule('R77', {
  title: {
    zh: '处理不超过待处理量，产出合计等于处理量',
    en: 'No more is treated than is open, and the outputs add up to it',
  },
  text: {
    zh: '处理 {treated} 克：待处理 {open} 克，产物、残渣、损失和填埋合计 {outputs} 克',
    en: '{treated} g treated: {open} g are open, and product, residues, loss and landfill add up to {outputs} g',
  },
  editions: acrossTheCode({
    from: TRANSFER_ORDER,
    severity: 'BLOCK',
    source: ['固废法 第80条；物料平衡', '生态环境法典 第534条；物料平衡'],
    penalty: outsideTheLicence,
  }),
  books: 'same',
  asks: {
    RecordTreatment: ({ command: { product, residues, loss, landfilled }, inputs }) => {
      const outputs = product + loss + landfilled + residues.reduce((sum, { grams }) => sum + grams, 0)
      const facts = inputs.map(({ request: { grams, massPointer }, parts }) => ({
        treated: grams,
        open: parts.reduce((sum, { open }) => sum + open, 0),
        outputs,
        pointer: massPointer,
      }))
      const [only, ...more] = facts
      if (!only || more.length === 0) return facts
      // Of many inputs each is held against what lies there, and all of them against what came out.
      const [treated, open] = [sumOf(facts, 'treated'), sumOf(facts, 'open')]
      return [...facts.map((one) => ({ ...one, outputs: one.treated })), { treated, open, outputs, pointer: '/inputs' }]
    },
  },
  check({ treated, open, outputs, pointer }: TreatmentFacts) {
    if (treated <= open && outputs === treated) return undefined
    return { pointer, facts: { treated, open, outputs } }
  },
  cases: {
    RecordTreatment: [
      {
        name: { zh: '处理多于待处理', en: 'more is treated than is open' },
        command: { inputs: { 0: { grams: 600_000 } }, product: 450_000 },
        expect: 'BLOCK',
      },
      {
        name: { zh: '产出合计不足', en: 'the outputs do not add up' },
        command: { loss: 0 },
        expect: 'BLOCK',
      },
    ],
  },
})

const sumOf = (facts: readonly TreatmentFacts[], field: 'treated' | 'open'): number =>
  facts.reduce((sum, one) => sum + one[field], 0)

export const receiptRules = [
  unbound(
    'R68',
    '苏环办〔2024〕16号；令第23号 第十八条',
    ['没有装车扫描、过磅的接受为“空转”', 'A receipt without a scan at pickup or a weighing is a transfer on paper'],
    [
      '状态保证接受前有装车和过磅（R47、R69）；缺少的事实：扫码的设备和账号',
      'The states of a manifest ask for pickup and weighing before it (R47, R69); missing fact: device and account of a scan',
    ],
  ),
  loadWeighed,
  dutiesSeparate,
  differenceExplained,
  unbound(
    'R73',
    '令第23号 第十八条；本项目约定（限值见配置）',
    ['重量差异超过限值的由主管部门处理', 'A difference of weight beyond the limit waits for the bureau'],
    [
      '应为待批（HOLD），尚未绑定：少收的比例还没有作为事实提供；超收由 R74 拒绝',
      'It is to be a HOLD and is not bound yet: how much less was received is no fact of a question so far; R74 refuses what is accepted above the limit',
    ],
  ),
  acceptedWithinLimit,
  unbound(
    'R76',
    '令第23号 第十二条第二项；HJ 1033-2019 附录F',
    ['接受时的方式在代码表中且与计划、合同一致', 'The method at acceptance is listed and the planned one'],
    [
      '方式须在代码表（method-unknown）和许可证（R09）中；与计划不同的应为待批（HOLD），尚未绑定',
      'The method must be listed (method-unknown) and licensed (R09); one that differs from the plan is to be a HOLD and is not bound yet',
    ],
  ),
  treatmentBalanced,
  unbound(
    'R78',
    '令第23号 第十条第五项、第十二条第四项；生态环境法典 第490条',
    ['接受人把接受情况和处理结果告知移出人', 'The receiver tells the consignor receipt and outcome'],
    [
      '由期限驱动；移出人可查询其废物的去向。缺少的事实：告知的时刻',
      'A deadline raises it; the consignor can read what became of its waste. Missing fact: the moment of telling',
    ],
  ),
  unbound(
    'R79',
    '危险废物经营许可证管理办法 第十八条',
    ['填埋记录永久保存', 'Records of landfill are kept for ever'],
    ['没有清除数据的命令：事件永不删除', 'No command purges anything: events are never deleted'],
  ),
  unbound(
    'R80',
    'HJ 1259-2022 7.1.2；令第23号 第十条第三项',
    ['联单、台账和接受量逐行一致', 'Manifest, ledger and intake agree line by line'],
    [
      '三者由同一事件折叠而成，不可能不一致；由重建核对证明',
      'All three are folded from the same events and cannot differ; the check of a rebuild shows it',
    ],
  ),
  unbound(
    'R81',
    '生态环境法典 第1179条；本项目约定',
    [
      '起运后承运人、接受人或许可证变更的，冻结待主管部门处理',
      'A transfer whose parties or licence change after departure is frozen',
    ],
    [
      '缺少的事实：起运后变更的命令和冻结状态',
      'Missing fact: a command that changes parties after departure, and the state of being frozen',
    ],
  ),
]
