import type { ClaimedLoad } from '../claim/events.ts'
import { labelStem } from '../lot/label.ts'
import { parseLabelCode } from '../values/label-code.ts'
import { businessDay, compareMoments, type Day, type Moment } from '../values/time.ts'
import { limitsOn } from './limits.ts'
import { rule, unbound, type Breaches } from './row.ts'
import { acrossTheCode, ALWAYS, hazardousDuties, LABEL_STANDARD, ofTheManifest } from './sources.ts'

/** What a lot's label must say, and whether another lot has it. */
interface LabelFacts {
  readonly label: string
  /** Its first 34 characters: producer's credit code, waste code without hyphens, generation day. */
  readonly expected: string
  /** True where another lot has this label already. */
  readonly taken: boolean
  readonly pointer: string
}
/** A container before it moves: it has its label by then, and the one scanned is its own. */
interface ContainerFacts {
  readonly own: string | undefined
  readonly scanned: string | undefined
  readonly pointer: string
}

const strangeLabel = {
  name: { zh: '扫到的是另一批次的标签', en: 'the label that was scanned is another lot’s' },
  command: { label: '91320594PRDUCERAA79004040620251201999' },
  expect: 'BLOCK',
} as const

export const labelSaysWhatItIs = rule('R31', {
  title: { zh: '危险废物容器贴有该批次自己的标签', en: 'A container of hazardous waste bears its own label' },
  text: {
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
  },
  editions: acrossTheCode({
    from: LABEL_STANDARD,
    severity: 'BLOCK',
    source: ['HJ 1276-2022；固废法 第77条', 'HJ 1276-2022；生态环境法典 第531条'],
    penalty: hazardousDuties,
  }),
  books: {
    exempt: {
      zh: '账册可能没有标签栏；有栏而空的由读表检查',
      en: 'a book may have no column for labels; its reader refuses one that is there and empty',
    },
    when: (facts) => 'own' in facts && facts.scanned === undefined,
  },
  asks: {
    LabelLot: ({ command: { label }, lot, context: { taken } }) => ({
      label,
      expected: labelStem(lot),
      taken,
      pointer: '/label',
    }),
    CorrectLot: ({ label }) => label && { ...label, pointer: '/changes' },
    'StoreLot:state': ({ lot: { waste, label } }) =>
      waste?.stream === 'hazardous' ? { own: label, scanned: undefined, pointer: '' } : undefined,
    StoreLot: ({ command: { label }, lot }) =>
      label === undefined ? undefined : { own: lot.label, scanned: label, pointer: '/label' },
    TakeOutLot: ({ command: { label }, lot }) =>
      label === undefined ? undefined : { own: lot.label, scanned: label, pointer: '/label' },
    PickUp: ({ command: { lines }, manifest, context }) =>
      manifest.lines.flatMap(({ line, lots, waste }) => {
        if (waste.stream !== 'hazardous') return []
        const index = lines.findIndex((scanned) => scanned.line === line)
        const pointer = index < 0 ? '/lines' : `/lines/${index}/labels`
        return lots.map(({ lot, label }) => ({
          own: label ?? context.lots.get(lot)?.label,
          scanned: undefined,
          pointer,
        }))
      }),
  },
  check(facts: LabelFacts | ContainerFacts): Breaches {
    const { pointer } = facts
    if ('expected' in facts) {
      const { label, expected, taken } = facts
      if (!parseLabelCode(label) || !label.startsWith(expected)) return { pointer, facts: { label, expected } }
      return taken ? { pointer, facts: { takenLabel: label } } : undefined
    }
    const { own, scanned } = facts
    if (scanned === undefined ? own !== undefined : scanned === own) return undefined
    return {
      pointer,
      facts: { ...(scanned === undefined ? {} : { label: scanned }), ...(own === undefined ? {} : { own }) },
    }
  },
  cases: {
    CorrectLot: [
      {
        name: { zh: '更正后的标签已用于其他批次', en: 'another lot has the label that the correction names' },
        command: { label: { taken: true } },
        expect: 'BLOCK',
      },
    ],
    LabelLot: [
      {
        name: { zh: '标签上的日期不是产生日期', en: 'the label says another day than the generation' },
        command: { label: '91320594PRDUCERAA79004040620200101001' },
        expect: 'BLOCK',
      },
      {
        name: { zh: '标签已用于其他批次', en: 'another lot bears the label' },
        given: { context: { taken: true } },
        expect: 'BLOCK',
      },
    ],
    'StoreLot:state': [
      {
        name: { zh: '未贴标签就入库', en: 'it is stored without a label' },
        given: { lot: { label: null } },
        expect: 'BLOCK',
      },
    ],
    StoreLot: [strangeLabel],
    TakeOutLot: [strangeLabel],
    PickUp: [
      {
        name: { zh: '交付未贴标签的容器', en: 'a container without a label is handed over' },
        given: {
          manifest: { lines: { 0: { lots: { 0: { label: null } } } } },
          context: { lots: { '*': { label: null } } },
        },
        expect: 'BLOCK',
      },
    ],
  },
})

interface ScanFacts {
  readonly line: number
  readonly scanned: readonly string[]
  readonly expected: readonly string[]
  readonly pointer: string
}
/** Every container of hazardous waste has a label of its own (HJ 1276-2022 5.1), so a line has as many packages as labelled lots. */
interface PackageFacts {
  readonly line: number
  /** 包装数量 as filed; without one R52 asks for it. */
  readonly packages: number
  readonly labels: number
  readonly pointer: string
}

const labelsMatch = rule('R55', {
  title: { zh: '装载时标签与联单逐一相符', en: 'At loading every label matches the manifest' },
  text: {
    zh: '第 {line} 行与联单不符：{problem}（{label}），不予装载',
    en: 'Line {line} does not match the manifest: {problem} ({label}); do not load',
  },
  editions: ofTheManifest('第十三条第三款'),
  books: {
    exempt: {
      zh: '账册可能没有标签栏；有栏而空的由读表检查',
      en: 'a book may have no column for labels; its reader refuses one that is there and empty',
    },
    when: (facts) => 'scanned' in facts && facts.scanned.length === 0,
  },
  asks: {
    FileManifest: ({ lines }) =>
      lines.flatMap(({ line, packageCount, lots }, i) =>
        packageCount === undefined
          ? []
          : [{ line, packages: packageCount, labels: lots.length, pointer: `/lines/${i}/packageCount` }],
      ),
    PickUp: ({ command: { lines }, manifest, context }) =>
      manifest.lines.map(({ line, lots }) => {
        const index = lines.findIndex((scanned) => scanned.line === line)
        const expected = lots.flatMap(({ lot, label }) => label ?? context.lots.get(lot)?.label ?? [])
        const pointer = index < 0 ? '/lines' : `/lines/${index}/labels`
        return { line, scanned: lines[index]?.labels ?? [], expected, pointer }
      }),
  },
  check(facts: ScanFacts | PackageFacts): Breaches {
    const { line, pointer } = facts
    if ('packages' in facts) {
      const { packages, labels } = facts
      const label = `${labels} ≠ ${packages}`
      return packages === labels ? undefined : { pointer, facts: { line, label, problem: 'package-count' } }
    }
    const { scanned, expected } = facts
    const foreign = [...new Set(scanned)].filter((label) => !expected.includes(label))
    const missing = expected.filter((label) => !scanned.includes(label))
    return [
      ...foreign.map((label) => ({
        pointer: `${pointer}/${scanned.indexOf(label)}`,
        facts: { line, label, problem: 'not-on-manifest' },
      })),
      ...missing.map((label) => ({ pointer, facts: { line, label, problem: 'not-scanned' } })),
    ]
  },
  cases: {
    FileManifest: [
      {
        name: { zh: '两个标签填了五件', en: 'five packages with two labels' },
        command: { lines: { 0: { packageCount: 5 } } },
        expect: 'BLOCK',
      },
    ],
    PickUp: [
      {
        name: { zh: '少扫一个标签', en: 'a label of the line was not scanned' },
        command: { lines: { 0: { labels: [] } } },
        expect: 'BLOCK',
      },
      {
        name: { zh: '扫到联单以外的标签', en: 'a label was scanned that is not on the manifest' },
        command: { lines: { 0: { labels: { 0: '91320594PRDUCERAA79004040620251201999' } } } },
        expect: 'BLOCK',
      },
    ],
  },
})

const MINUTE = 60_000

interface SameLoadFacts {
  readonly plate: string
  readonly arrivedAt: Moment
  /** Loads of the same vehicle, code and net mass that other slips recorded before, in that order. */
  readonly earlier: readonly ClaimedLoad[]
  readonly withinMinutes: number
}

const near = (a: Moment, b: Moment, minutes: number): boolean => Math.abs(compareMoments(a, b)) <= minutes * MINUTE

/**
 * R107 rather than R49: R49 refuses a second vehicle of one manifest, R107 is about one thing that was recorded at two places, or twice,
 * within a time in which that cannot be. It only warns: two full loads in half an hour are rare on a short way, but possible.
 */
const sameLoadTwice = rule('R107', {
  title: { zh: '同一车只登记一次', en: 'One load is recorded once' },
  text: {
    zh:
      '可能重复登记：车辆 {plate} 于 {arrivedAt} 进厂的同一代码、同一净重的一车，已由接收单位 {receiver} 的过磅单 {trip} 登记；' +
      '请核对两张过磅单，同一车只登记一次',
    en:
      'Possibly one load twice: slip {trip} of receiver {receiver} already has a load of the same code and net mass that vehicle {plate} ' +
      'brought at {arrivedAt}; compare both slips and record a load once',
  },
  editions: [
    // About the record, not about the act: one load has always been one.
    {
      from: ALWAYS,
      source: '令第23号 第十六条；本项目约定（同一车辆、同一代码、同一净重，进厂时间相近）',
      severity: 'WARN',
    },
  ],
  books: 'same',
  asks: {
    RecordTrip: ({ command: { plate, arrivedAt }, context: { earlier = [] } }) => ({
      plate,
      arrivedAt,
      earlier,
      withinMinutes: limitsOn(businessDay(arrivedAt)).sameLoadMinutes,
    }),
  },
  check({ plate, arrivedAt, earlier, withinMinutes }: SameLoadFacts) {
    const same = earlier.find((load) => near(load.arrivedAt, arrivedAt, withinMinutes))
    return (
      same && {
        pointer: '/trip',
        facts: { plate, trip: same.trip, receiver: same.receiver, arrivedAt: same.arrivedAt },
      }
    )
  },
  cases: {
    RecordTrip: [
      {
        name: { zh: '另一张过磅单已登记同一车', en: 'another slip has the same load' },
        given: {
          context: {
            earlier: [
              {
                trip: 'GB20251206002',
                receiver: '91320594FRMGNAAAAW',
                arrivedAt: '2025-12-06T10:10:00+08:00',
                by: 'other',
              },
            ],
          },
        },
        expect: 'WARN',
      },
    ],
  },
})

/** Business days on which the same load may have arrived by another slip, its own first; a second one only near midnight. */
export function daysOfSameLoad(arrivedAt: Moment): readonly [Day, ...Day[]] {
  const own = businessDay(arrivedAt)
  const reach = limitsOn(own).sameLoadMinutes * MINUTE
  const others = [-reach, reach].map((by) => businessDay(new Date(Date.parse(arrivedAt) + by).toISOString()))
  return [own, ...others.filter((day) => day !== own)]
}

export const labelRules = [
  labelSaysWhatItIs,
  unbound(
    'R32',
    'GB 18597-2023 8.2.1',
    [
      '类别、特性与标签不符或不明的不得入库',
      'Waste whose class or hazards differ from its label, or are unknown, is not stored',
    ],
    [
      '标签码由 R31 核对；缺少的事实：入库时从标签上读到的类别和特性',
      'R31 compares the code of the label; missing fact: class and hazards as read from the label at the store',
    ],
  ),
  labelsMatch,
  sameLoadTwice,
]
