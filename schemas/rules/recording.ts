import type { Finding } from '../decision.ts'
import type { Provenance } from '../event.ts'
import { compareMoments, type Day, type Moment } from '../values/time.ts'
import { limitsOn } from './limits.ts'
import { judge, type Breach, type Rule } from './rule.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** A step of something that happens in order. `name` is a word of the glossary: filed, handover, departed, arrived, weighed, accepted, treated. */
export interface NamedMoment {
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

const outOfOrder = (earlier: Known, later: Known, pointer: string): Breach => ({
  pointer,
  facts: { earlier: earlier.name, earlierAt: earlier.at, later: later.name, laterAt: later.at },
})

export const momentsInOrder: Rule<OrderFacts> = {
  id: 'R59',
  severity: 'BLOCK',
  source: '危险废物转移管理办法（令第23号）第十条至第十八条；HJ 1259-2022 6.1',
  // The law asks for these times since 2022; that time does not run backwards holds on every day.
  effective: { from: '0001-01-01' },
  zh: '{later}时间 {laterAt} 早于{earlier}时间 {earlierAt}',
  en: '{later} at {laterAt} is earlier than {earlier} at {earlierAt}',
  more: [
    {
      zh: '{step}时间 {stepAt} 在将来：现在是 {clockAt}；请核对日期和时区',
      en: '{step} at {stepAt} lies in the future: it is {clockAt} now; check day and offset',
    },
  ],
  check({ moments, now, skewMinutes, pointer }) {
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
}

/** R59: the known ones of these moments must not run backwards, and none may lie after `now` by more than the clocks may differ. */
export const inOrder = (moments: readonly NamedMoment[], now: Moment, day: Day, pointer: string): readonly Finding[] =>
  judge(momentsInOrder, { moments, now, skewMinutes: limitsOn(day).clockSkewMinutes, pointer }, day)

/** When something was done, when it is recorded, and why not earlier. */
export interface Recording {
  readonly occurredAt: Moment
  readonly now: Moment
  readonly provenance: Provenance
  readonly reason?: string | undefined
}

export const recordedInTime: Rule<Recording & { readonly withinHours: number }> = {
  id: 'R106',
  severity: 'WARN',
  source: '固体废物综合治理“五即”要求；本项目约定',
  // About recording, not about the act: however old the act, a late record of it is late.
  effective: { from: '0001-01-01' },
  zh: '补录：发生 {hours} 小时后才记录，原因：{reason}',
  en: 'Recorded {hours} hours after the act; reason: {reason}',
  check({ occurredAt, now, provenance, reason, withinHours }) {
    // An import is late as a whole and says so once; a reaction of the system is as late as the act that it follows, which says so itself.
    if (provenance !== 'live') return undefined
    const late = compareMoments(now, occurredAt)
    return late > withinHours * HOUR
      ? { pointer: '/occurredAt', facts: { hours: Math.floor(late / HOUR), reason: reason ?? 'not-given' } }
      : undefined
  },
}

/** R106: what is recorded more than a day late travels with a finding that names the reason. */
export const lateRecording = ({ occurredAt, now, provenance, reason }: Recording, day: Day): readonly Finding[] =>
  judge(recordedInTime, { occurredAt, now, provenance, reason, withinHours: limitsOn(day).lateRecordingHours }, day)
