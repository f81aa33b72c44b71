import type { Context } from '../../schemas/context.ts'
import type { Person, Sealed, SealedPerson } from '../../schemas/values/person.ts'
import { unitStream } from '../../schemas/values/identifiers.ts'
import { evolveUnit, noHistory, unitOn as unitOnDay, type Unit, type UnitHistory } from '../../schemas/unit/state.ts'
import { businessDay, type Day } from '../../schemas/values/time.ts'
import { isSealed } from '../personal-data/seal-persons.ts'
import type { Envelope, Runtime } from './execute.ts'

/** What every decider is told beside its state. */
export const contextOf = ({ clock, catalogues }: Runtime, { actor, provenance, released }: Envelope): Context =>
  released === undefined
    ? { actor, now: clock.now(), provenance, catalogues }
    : { actor, now: released.heldAt, provenance, catalogues, released: released.findings }

/** The envelope with the reason that the command itself gave for its lateness (R106): it stands in the metadata of the events. */
export const because = (envelope: Envelope, { reason }: { readonly reason?: string | undefined }): Envelope =>
  reason === undefined ? envelope : { ...envelope, reason }

/** The envelope of a command that goes before this one under an id of its own. */
export function preliminary(
  { actor, provenance, causationId, correlationId, commandId, traceparent }: Envelope,
  id: string,
): Envelope {
  return {
    actor,
    provenance,
    commandId: id,
    correlationId: correlationId ?? commandId,
    ...(causationId === undefined ? {} : { causationId }),
    ...(traceparent === undefined ? {} : { traceparent }),
  }
}

const unitFold = { initial: noHistory, evolve: evolveUnit }

/** All that is known of a unit. One that seems unknown is read once more: it may have been registered a moment ago, elsewhere. */
export async function historyOf({ states, contextMaxAge }: Runtime, code: string): Promise<UnitHistory> {
  const { state } = await states.load(unitFold, unitStream(code), contextMaxAge)
  return state.registration ? state : (await states.load(unitFold, unitStream(code), 0)).state
}

/** A unit for a decision's context, as it was on the day of the act. */
export const unitOn = async (runtime: Runtime, code: string, day: Day): Promise<Unit> =>
  unitOnDay(await historyOf(runtime, code), day)

/** A unit as it is today. */
export const unitToday = (runtime: Runtime, code: string): Promise<Unit> =>
  unitOn(runtime, code, businessDay(runtime.clock.now()))

/**
 * Seals the person in one field of a command, so that no name or phone reaches a decider or an event in clear. In a command that was held, persons
 * are sealed already.
 */
export async function sealed<C extends object, K extends keyof C & string>(
  runtime: Runtime,
  command: C,
  field: K,
): Promise<Sealed<C, K>> {
  const person = command[field] as Person | SealedPerson | undefined
  if (person === undefined || isSealed(person)) return command as Sealed<C, K>
  return { ...command, [field]: await runtime.people.seal(person) }
}
