import type { Account } from '../mass/account.ts'
import type { Step } from '../mass/steps.ts'
import type { Day } from '../values/time.ts'
import type { Held } from './holdings.ts'

/** By business day, the grams that came into the stock of a pool less those that left it. */
export type Flow = Readonly<Record<Day, number>>

interface Flowing {
  readonly pool: boolean
  readonly flow: Flow
}

/**
 * The most that may leave a pool's stock on a business day without any later day closing below zero (R28, in the order of business time).
 * Infinity for a lot that is no pool: its events come in the order of their times.
 */
export function poolFreeOn({ pool, flow }: Flowing, day: Day): number {
  if (!pool) return Number.POSITIVE_INFINITY
  let [stock, least] = [0, Number.POSITIVE_INFINITY]
  const days = Object.keys(flow).sort()
  for (const [i, one] of days.entries()) {
    stock += flow[one] ?? 0
    const next = days[i + 1]
    if (next === undefined || next > day) least = Math.min(least, stock)
  }
  const first = days[0]
  return first === undefined || first > day ? Math.min(0, least) : least
}

/** The flow with what the steps of an event change on their day. */
export function flowWith(
  { flow, held }: Pick<Flowing, 'flow'> & { readonly held: Held },
  day: Day,
  steps: readonly Step[],
): Flow {
  const grams = steps.reduce((sum, step) => sum + stocked(step, held), 0)
  return grams === 0 ? flow : { ...flow, [day]: (flow[day] ?? 0) + grams }
}

const inStock = ({ kind }: Account): boolean => kind === 'collection'

/** By how many grams a step changes what lies in stock of the pool; negative where mass leaves it. `held` is what lay there before. */
function stocked(step: Step, held: Held): number {
  switch (step.step) {
    case 'bring':
      return inStock(step.to) ? step.grams : 0
    case 'move':
      return (inStock(step.to) && !step.into ? step.grams : 0) - (inStock(step.from) ? step.grams : 0)
    case 'follow':
      return (inStock(step.to) ? step.grams : 0) - (inStock(step.from) ? step.grams : 0)
    case 'hold':
      return inStock(step.at) ? Number(step.grams) - (held[step.at.key]?.grams ?? 0) : 0
    case 'at-least':
    case 'mix':
    case 'name':
      return 0
  }
}
