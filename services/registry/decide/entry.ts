import { actsFor, concerns, hasRole, type Actor } from '../../../schemas/actor.ts'
import type { Context } from '../../../schemas/context.ts'
import {
  accept,
  acceptUnlessBlocked,
  refusal,
  refuse,
  type Decider,
  type Finding,
  type Refusal,
} from '../../../schemas/decision.ts'
import { timeliness } from '../../../schemas/rules/timeliness.ts'
import type { UnitEvent } from '../../../schemas/unit/events.ts'
import { evolveUnit, noUnit, type Unit } from '../../../schemas/unit/state.ts'
import { sameContent } from '../../../schemas/values/same.ts'

export type UnitDecider<C> = Decider<Unit, C, UnitEvent, Context>
interface OfUnit {
  readonly unit: string
  readonly occurredAt: string
  readonly reason?: string | undefined
}

/** The park's book-keeper writes for everybody, a unit for itself; the bureau writes only about licences. */
export const byUnit = (actor: Actor, unit: string): boolean => actsFor(actor, unit, 'producer', 'carrier', 'receiver')
export const byBureau = (actor: Actor): boolean => hasRole(actor, 'admin', 'bureau')

/**
 * What a unit adds to its entry. `propose` says which fact that would be, nothing if it is known already; `findings` what the law says
 * about its content. The rest is the same for all of them.
 */
export function entry<C extends OfUnit>(
  may: (actor: Actor, unit: string) => boolean,
  propose: (command: C, unit: Unit, context: Context) => UnitEvent | Refusal | undefined,
  findings: (command: C, context: Context) => readonly Finding[] = () => [],
): UnitDecider<C> {
  return {
    initial: noUnit,
    evolve: evolveUnit,
    decide(command, unit, context) {
      if (!unit.exists || !concerns(context.actor, [command.unit]))
        return refuse(refusal('unit-unknown', '/unit', { unit: command.unit }))
      if (!may(context.actor, command.unit)) return refuse(refusal('forbidden'))
      const proposed = propose(command, unit, context)
      if (proposed === undefined) return accept([])
      if ('code' in proposed) return refuse(proposed)
      return acceptUnlessBlocked([...findings(command, context), ...timeliness(command, undefined, context)], () => [
        proposed,
      ])
    },
  }
}

/** What a command says beside whose entry it is, when and why late: the content of its event. */
export function contentOf<C extends OfUnit>(command: C): Omit<C, keyof OfUnit> {
  const { unit: _unit, occurredAt: _occurredAt, reason: _reason, ...content } = command
  return content
}

/** An event about something new; nothing where the same is known already; a refusal where it is known with other content. */
export function once(
  event: UnitEvent,
  known: object | undefined,
  kind: string,
  key: string,
): UnitEvent | Refusal | undefined {
  if (known === undefined) return event
  return sameContent(known, event.data) ? undefined : refusal('already-registered', '', { kind, key })
}

/** What stands under a key that somebody outside chose, `constructor` included. */
export const under = <T>(entries: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(entries, key) ? entries[key] : undefined

/** Whether a period runs forwards: both days belong to it. */
export const reversed = ({ from, to }: { readonly from: string; readonly to: string }): Refusal | undefined =>
  to < from ? refusal('period-reversed', '/to', { from, to }) : undefined
