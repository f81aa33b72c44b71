import { hasRole } from '../actor.ts'
import { isCompetent, type Official } from '../case/actions.ts'
import { refusal, type Refusal } from '../decision.ts'
import type { AvailableAction } from '../manifest/actions.ts'
import type { HeldCommand, Hold } from './state.ts'

export const HOLD_ACTIONS = ['release', 'rejection', 'withdrawal'] as const
export type HoldAction = (typeof HOLD_ACTIONS)[number]

/** Of the unit that sent it; without a unit, the very program. */
const isSender = ({ held: { sender } }: HeldCommand, actor: Official): boolean =>
  sender.unit === undefined ? sender.subject === actor.subject : sender.unit === actor.unit

const exists = (hold: HeldCommand, actor: Official): boolean =>
  hasRole(actor, 'admin') ||
  isCompetent(actor, hold.held.streams) ||
  isSender(hold, actor) ||
  (actor.unit !== undefined && hold.held.units.includes(actor.unit))

/**
 * Why this actor may not do this to the hold now, or nothing. To whom it does not concern it does not exist. Officials release and reject within
 * their competence; the sender's unit withdraws in a role that the command was sent in, and the book-keeper in everybody's name.
 */
export function guardHold(action: HoldAction, hold: Hold, actor: Official): Refusal | undefined {
  if (hold.status === 'none' || !exists(hold, actor)) return refusal('hold-unknown')
  const { sender, streams } = hold.held
  const own = isSender(hold, actor) && sender.roles.some((role) => actor.roles.includes(role))
  if (action === 'withdrawal' ? !own && !hasRole(actor, 'admin') : !isCompetent(actor, streams))
    return refusal(action === 'withdrawal' ? 'hold-not-yours' : 'hold-for-officials')
  return hold.status === 'waiting' ? undefined : refusal('hold-not-waiting', '', { status: hold.status })
}

export const holdActions = (hold: Hold, actor: Official): readonly AvailableAction<HoldAction>[] =>
  HOLD_ACTIONS.map((action) => {
    const why = guardHold(action, hold, actor)
    return why ? { action, allowed: false, refusal: why } : { action, allowed: true }
  })
