import type { Context } from '../context.ts'
import type { Provenance } from '../event.ts'
import type { Lot } from '../lot/state.ts'
import type { Manifest } from '../manifest/state.ts'
import { businessDay, compareMoments, type Day, type Moment } from '../values/time.ts'
import { limitsOn } from './limits.ts'
import type { CaseOf, Question } from './questions.ts'
import { rule, unbound, type Breach } from './row.ts'
import { ALWAYS, ofTheManifest } from './sources.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** A step of something that happens in order. `name` is a word of the glossary: filed, handover, departed, arrived, weighed, accepted, treated. */
interface NamedMoment {
  readonly name: string
  readonly at: Moment | undefined
}
interface OrderFacts {
  readonly moments: readonly NamedMoment[]
  readonly now: Moment
  readonly skewMinutes: number
  readonly pointer: string
}
type Known = NamedMoment & { readonly at: Moment }

interface Act {
  readonly command: { readonly occurredAt: Moment; readonly reason?: string | undefined }
  readonly context: Context
  readonly day: Day
}

const order = (
  moments: readonly NamedMoment[],
  { context: { now }, day }: Pick<Act, 'context' | 'day'>,
  pointer = '/occurredAt',
): OrderFacts => ({ moments, now, skewMinutes: limitsOn(day).clockSkewMinutes, pointer })

const after = (previous: Moment | undefined, name: string, asked: Act): OrderFacts =>
  order(
    [
      { name: 'previous', at: previous },
      { name, at: asked.command.occurredAt },
    ],
    asked,
  )
/** An act that nothing comes before. */
const first = (name: string) => (asked: Act) => order([{ name, at: asked.command.occurredAt }], asked)
const ofLot = (name: string) => (asked: Act & { readonly lot: Lot }) => after(asked.lot.lastAt, name, asked)
const ofManifest = (name: string) => (asked: Act & { readonly manifest: Manifest }) =>
  after(asked.manifest.stepAt, name, asked)

const outOfOrder = (earlier: Known, later: Known, pointer: string): Breach => ({
  pointer,
  facts: { earlier: earlier.name, earlierAt: earlier.at, later: later.name, laterAt: later.at },
})

/** Stock of an earlier year came to be on its day, long before anybody could record it here. */
export const openedAt = (bornOn: Day): Moment => `${bornOn}T00:00:00+08:00`

const ENTRIES = ['RegisterUnit', 'EnterUnit', 'ConcludeContract', 'FilePlan'] as const
const LOT_ACTS = ['ClassifyLot', 'LabelLot', 'StoreLot', 'TakeOutLot', 'SplitLot', 'SortLot', 'TakeStock'] as const
const MANIFEST_ACTS = [
  'PickUp',
  'Depart',
  'HandOverLeg',
  'Arrive',
  'CancelManifest',
  'WeighLoad',
  'AcceptManifest',
  'RefuseManifest',
] as const
const FIRST_ACTS = [...ENTRIES, 'GenerateLot', 'GenerateIntoPool', 'FileManifest', 'RecordOutShipment'] as const
const LATER_ACTS = [
  ...LOT_ACTS,
  ...MANIFEST_ACTS,
  'AttachNumber',
  'ReturnRefused',
  'RecordTreatment',
  'MixLots',
] as const
type Plain = (typeof FIRST_ACTS | typeof LATER_ACTS)[number]

/** The same case for each of these commands. */
const each = <K extends Question>(questions: readonly K[], ...cases: readonly CaseOf<Plain>[]) =>
  Object.fromEntries(questions.map((question) => [question, cases])) as unknown as {
    readonly [Q in K]: readonly [CaseOf<Q>, ...CaseOf<Q>[]]
  }
const asked = <K extends Question, F>(questions: readonly K[], facts: (act: Act) => F) =>
  Object.fromEntries(questions.map((question) => [question, facts])) as unknown as Record<K, (act: Act) => F>

const inTheFuture = {
  name: { zh: '日期填成了后天', en: 'a day after tomorrow is given' },
  command: { occurredAt: '2025-12-09T09:00:00+08:00' },
  expect: 'BLOCK',
} as const
const beforeTheLastStep = {
  name: { zh: '早于前一步', en: 'earlier than the step before it' },
  command: { occurredAt: '2025-01-01T09:00:00+08:00' },
  expect: 'BLOCK',
} as const
const twoWeeksLate = {
  name: { zh: '两周后才记录', en: 'recorded two weeks later' },
  given: { context: { now: '2025-12-20T08:00:00.000Z' } },
  expect: 'WARN',
} as const

export const momentsInOrder = rule('R59', {
  title: { zh: '时间先后有序，且不在将来', en: 'Times run forwards and none lies in the future' },
  text: {
    zh: '{later}时间 {laterAt} 早于{earlier}时间 {earlierAt}',
    en: '{later} at {laterAt} is earlier than {earlier} at {earlierAt}',
    more: [
      {
        zh: '{step}时间 {stepAt} 在将来：现在是 {clockAt}；请核对日期和时区',
        en: '{step} at {stepAt} lies in the future: it is {clockAt} now; check day and offset',
      },
    ],
  },
  editions: [
    // That time does not run backwards holds on every day; the law asks for these times since 2022.
    { from: ALWAYS, to: '2021-12-31', source: '本项目约定（时间不倒流）', severity: 'BLOCK' },
    ...ofTheManifest('第十条至第十八条；HJ 1259-2022 6.1'),
  ],
  books: 'same',
  asks: {
    RegisterUnit: first('occurred'),
    EnterUnit: first('occurred'),
    ConcludeContract: first('occurred'),
    FilePlan: first('occurred'),
    GenerateLot: first('generated'),
    // Records of a pool are independent of one another and may come late.
    GenerateIntoPool: first('generated'),
    OpenLot: (act) => order([{ name: 'generated', at: openedAt(act.command.bornOn) }], act, '/bornOn'),
    ClassifyLot: ofLot('classified'),
    LabelLot: ofLot('labelled'),
    StoreLot: ofLot('stored'),
    TakeOutLot: ofLot('taken-out'),
    SplitLot: ofLot('split'),
    SortLot: ofLot('split'),
    TakeStock: ofLot('counted'),
    RecordTrip: (act) =>
      order(
        [
          { name: 'departed', at: act.command.departedAt },
          { name: 'arrived', at: act.command.arrivedAt },
        ],
        { ...act, day: businessDay(act.command.arrivedAt) },
        '/arrivedAt',
      ),
    FileManifest: first('filed'),
    AttachNumber: (act) => after(act.manifest.filedAt, 'occurred', act),
    PickUp: ofManifest('handover'),
    Depart: ofManifest('departed'),
    HandOverLeg: (act) => [
      ofManifest('handover')(act),
      order(
        [
          { name: 'departed', at: act.manifest.stepAt },
          { name: 'arrived', at: act.command.previousArrivedAt },
        ],
        act,
        '/previousArrivedAt',
      ),
    ],
    Arrive: ofManifest('arrived'),
    CancelManifest: ofManifest('cancelled'),
    RecordOutShipment: first('departed'),
    WeighLoad: ofManifest('weighed'),
    AcceptManifest: ofManifest('accepted'),
    RefuseManifest: ofManifest('accepted'),
    ReturnRefused: (act) =>
      after(act.manifest.lines.find(({ line }) => line === act.command.line)?.decidedAt, 'returned', act),
    MixLots: (act) =>
      act.inputs.flatMap(({ parts }) => parts.map(({ lot }) => after(act.context.lots.get(lot)?.lastAt, 'mixed', act))),
    RecordTreatment: (act) =>
      act.inputs.flatMap(({ parts }) => parts.map(({ received }) => after(received?.decidedAt, 'treated', act))),
  },
  check({ moments, now, skewMinutes, pointer }: OrderFacts) {
    const breaches: Breach[] = []
    let earlier: Known | undefined
    for (const { name, at } of moments) {
      if (at === undefined) continue
      const later = { name, at }
      if (earlier && compareMoments(at, earlier.at) < 0) breaches.push(outOfOrder(earlier, later, pointer))
      if (compareMoments(at, now) > skewMinutes * MINUTE)
        breaches.push({ pointer, facts: { step: name, stepAt: at, clockAt: now } })
      earlier = later
    }
    return breaches
  },
  cases: {
    ...each(FIRST_ACTS, inTheFuture),
    ...each(LATER_ACTS, inTheFuture, beforeTheLastStep),
    OpenLot: [{ ...inTheFuture, command: { bornOn: '2025-12-09' } }],
    RecordTrip: [
      {
        name: { zh: '进厂早于出发', en: 'it arrives before it departs' },
        command: { arrivedAt: '2025-12-06T05:00:00+08:00' },
        expect: 'BLOCK',
      },
    ],
  },
})

interface Recording {
  readonly occurredAt: Moment
  readonly now: Moment
  readonly provenance: Provenance
  readonly reason?: string | undefined
  readonly withinHours: number
}

const recording = (
  occurredAt: Moment,
  reason: string | undefined,
  { context: { now, provenance }, day }: Pick<Act, 'context' | 'day'>,
): Recording => ({ occurredAt, now, provenance, reason, withinHours: limitsOn(day).lateRecordingHours })

export const recordedInTime = rule('R106', {
  title: { zh: '发生后一日内记录，逾期须有原因', en: 'Recorded within a day of the act, or with a reason' },
  text: {
    zh: '补录：发生 {hours} 小时后才记录，原因：{reason}',
    en: 'Recorded {hours} hours after the act; reason: {reason}',
  },
  // About recording, not about the act: however old the act, a late record of it is late.
  editions: [{ from: ALWAYS, source: '固体废物综合治理“五即”要求；本项目约定', severity: 'WARN' }],
  books: { exempt: { zh: '账册导入整体为补录，只提示一次', en: 'an import is late as a whole and says so once' } },
  asks: {
    ...asked([...FIRST_ACTS, ...LATER_ACTS], (act) => recording(act.command.occurredAt, act.command.reason, act)),
    OpenLot: (act) => recording(openedAt(act.command.bornOn), act.command.reason, act),
    RecordTrip: (act) => recording(act.command.arrivedAt, act.command.reason, act),
  },
  check({ occurredAt, now, provenance, reason, withinHours }: Recording) {
    // A reaction of the system is as late as the act that it follows, which says so itself.
    if (provenance !== 'live') return undefined
    const late = compareMoments(now, occurredAt)
    return late > withinHours * HOUR
      ? { pointer: '/occurredAt', facts: { hours: Math.floor(late / HOUR), reason: reason ?? 'not-given' } }
      : undefined
  },
  cases: {
    ...each([...FIRST_ACTS, ...LATER_ACTS, 'RecordTrip'], twoWeeksLate),
    OpenLot: [twoWeeksLate],
  },
})

export const recordingRules = [
  momentsInOrder,
  unbound(
    'R105',
    '本项目约定；生态环境法典 第1088条（监测数据）',
    ['事件链的散列、顺序号和记录时间前后一致', 'Hashes, sequence and recording times of the event chain are whole'],
    [
      '由事件存储自身保证并核对（散列链、无间断位置、单调时间），不是一条命令的规则',
      'The event store itself keeps and checks it (chain of hashes, positions without gaps, times that do not go back); no command is asked about it',
    ],
  ),
  recordedInTime,
  unbound(
    'R108',
    '令第23号 第二十条；危险废物经营许可证管理办法 第十八条；医疗废物管理条例 第十二条；生态环境法典 第183条',
    ['最长保存期届满前不得清除', 'Nothing is purged before its longest retention has passed'],
    ['没有清除数据的命令：事件永不删除', 'No command purges anything: events are never deleted'],
  ),
]
