import type { ClaimedLoad } from '../claim/events.ts'
import type { Finding } from '../decision.ts'
import { businessDay, compareMoments, type Day, type Moment } from '../values/time.ts'
import { limitsOn } from './limits.ts'
import { judge, type Rule } from './rule.ts'

const MINUTE = 60_000

interface Arrival {
  readonly plate: string
  readonly arrivedAt: Moment
}

interface SameLoadFacts extends Arrival {
  /** Loads of the same vehicle, code and net mass that other slips recorded before, in that order. */
  readonly earlier: readonly ClaimedLoad[]
  readonly withinMinutes: number
}

const near = (a: Moment, b: Moment, minutes: number): boolean => Math.abs(compareMoments(a, b)) <= minutes * MINUTE

/**
 * R107 rather than R49: R49 refuses a second vehicle of one manifest, R107 is about one thing that was recorded at two places, or twice,
 * within a time in which that cannot be. It only warns: two full loads in half an hour are rare on a short way, but possible.
 */
export const sameLoadTwice: Rule<SameLoadFacts> = {
  id: 'R107',
  severity: 'WARN',
  source: '令第23号 第十六条；本项目约定（同一车辆、同一代码、同一净重，进厂时间相近）',
  // About the record, not about the act: one load has always been one.
  effective: { from: '0001-01-01' },
  zh:
    '可能重复登记：车辆 {plate} 于 {arrivedAt} 进厂的同一代码、同一净重的一车，已由接收单位 {receiver} 的过磅单 {trip} 登记；' +
    '请核对两张过磅单，同一车只登记一次',
  en:
    'Possibly one load twice: slip {trip} of receiver {receiver} already has a load of the same code and net mass that vehicle {plate} ' +
    'brought at {arrivedAt}; compare both slips and record a load once',
  check({ plate, arrivedAt, earlier, withinMinutes }) {
    const same = earlier.find((load) => near(load.arrivedAt, arrivedAt, withinMinutes))
    return (
      same && {
        pointer: '/trip',
        facts: { plate, trip: same.trip, receiver: same.receiver, arrivedAt: same.arrivedAt },
      }
    )
  },
}

/** R107: a load that another slip has recorded already travels with a finding that names that slip. */
export function sameLoad({ plate, arrivedAt }: Arrival, earlier: readonly ClaimedLoad[]): readonly Finding[] {
  const day = businessDay(arrivedAt)
  const withinMinutes = limitsOn(day).sameLoadMinutes
  return judge(sameLoadTwice, { plate, arrivedAt, earlier, withinMinutes }, day)
}

/** Business days on which the same load may have arrived by another slip, its own first; a second one only near midnight. */
export function daysOfSameLoad(arrivedAt: Moment): readonly [Day, ...Day[]] {
  const own = businessDay(arrivedAt)
  const reach = limitsOn(own).sameLoadMinutes * MINUTE
  const others = [-reach, reach].map((by) => businessDay(new Date(Date.parse(arrivedAt) + by).toISOString()))
  return [own, ...others.filter((day) => day !== own)]
}
