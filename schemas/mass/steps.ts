import type { Day } from '../values/time.ts'
import type { Total } from '../values/total.ts'
import type { Waste } from '../values/waste.ts'
import { placed, type Account } from './account.ts'

/** Whose waste, of which day, and whether it came out of a treatment. */
export interface LayerOrigin {
  readonly unit: string
  readonly inside: boolean
  readonly day: Day
  readonly derived: boolean
}

/**
 * What an event does to mass, in the order in which it does it. The steps ask nothing of what is there; the fold makes entries of them and
 * is total: `follow` takes what there is, and what `hold` or `at-least` find missing comes from variance.
 */
export type Step =
  /** New mass. */
  | {
      readonly step: 'bring'
      readonly to: Account
      readonly grams: number
      readonly waste: Waste
      readonly origin: LayerOrigin
    }
  /** A scale read all that is there: the account holds exactly this, the difference is variance. */
  | { readonly step: 'hold'; readonly at: Account; readonly grams: Total; readonly waste: Waste }
  /** A scale read a part: the account holds no less than this. */
  | { readonly step: 'at-least'; readonly at: Account; readonly grams: number; readonly waste: Waste }
  /** What was read moves, oldest first. Into another lot, or as new waste, where those are named. */
  | {
      readonly step: 'move'
      readonly from: Account
      readonly to: Account
      readonly grams: number
      readonly waste: Waste
      readonly into?: Into
      readonly method?: string
    }
  /** As much of this as there is moves. */
  | {
      readonly step: 'follow'
      readonly from: Account
      readonly to: Account
      readonly grams: number
      readonly waste: Waste
    }
  /** The lot (this one, where none is named) is a physical mixture: whatever leaves it is a share of each of its layers. */
  | { readonly step: 'mix'; readonly lot?: string }
  /** The lot is known as this waste from now on. */
  | { readonly step: 'name'; readonly at: Account; readonly waste: Waste }

export interface Into {
  readonly lot: string
  /** New waste with an origin of its own; without it the layers keep theirs. */
  readonly born?: { readonly waste: Waste; readonly origin: LayerOrigin }
}

interface Moved {
  readonly from: Parameters<typeof placed>[0]
  readonly to: Parameters<typeof placed>[0]
  readonly grams: number
  readonly waste: Waste
}

/** Someone read a scale: of a whole package nothing stays behind, of a part just the part goes. */
export const measured = ({
  data: { from, to, grams, waste, whole },
}: {
  readonly data: Moved & { readonly whole: boolean }
}): readonly Step[] => [
  { step: whole ? 'hold' : 'at-least', at: placed(from), grams, waste },
  { step: 'move', from: placed(from), to: placed(to), grams, waste },
]

/** The mass follows what is there, without a scale. */
export const followed = ({ data: { from, to, grams, waste } }: { readonly data: Moved }): readonly Step[] => [
  { step: 'follow', from: placed(from), to: placed(to), grams, waste },
]

/** Other lots that these steps put mass into. */
export const otherLots = (steps: readonly Step[]): readonly string[] =>
  steps.flatMap((step) => {
    switch (step.step) {
      case 'move':
        return step.into ? [step.into.lot] : []
      case 'mix':
        return step.lot === undefined ? [] : [step.lot]
      case 'bring':
      case 'hold':
      case 'at-least':
      case 'follow':
      case 'name':
        return []
    }
  })
