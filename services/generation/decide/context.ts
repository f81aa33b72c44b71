import type { Context } from '../../../schemas/context.ts'
import type { Unit } from '../../../schemas/unit/state.ts'

export interface GenerationContext extends Context {
  /** The producer as it is registered: whether it lies in the park goes into the origin of its waste. */
  readonly unit: Unit
  /** Id of the lot that is to be. */
  readonly lot: string
}
