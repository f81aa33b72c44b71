import type {
  AddFacility,
  AddSite,
  ConcludeContract,
  FilePlan,
  GrantLicence,
  RegisterDriver,
  RegisterUnit,
  RegisterVehicle,
  RevokeLicence,
} from '../../schemas/commands/registry.ts'
import { because, contextOf, sealed, unitOf } from '../../infra/commanding/context.ts'
import { recordedDriver } from '../../infra/commanding/drivers.ts'
import { execute, type Envelope, type Outcome, type Runtime } from '../../infra/commanding/execute.ts'
import type { Plan } from '../../schemas/plan/events.ts'
import type { Unit } from '../../schemas/unit/state.ts'
import { planStream, unitStream } from '../../schemas/values/identifiers.ts'
import { UnitCode } from '../../schemas/values/unit-code.ts'
import * as contract from './decide/contract.ts'
import type { UnitDecider } from './decide/entry.ts'
import * as licence from './decide/licence.ts'
import * as plan from './decide/plan.ts'
import * as unit from './decide/unit.ts'

type OfUnit = { readonly unit: string; readonly reason?: string | undefined }

/** Every entry about a unit goes into that unit's own stream. */
function enter<C extends OfUnit>(
  runtime: Runtime,
  decider: UnitDecider<C>,
  command: C,
  envelope: Envelope,
): Promise<Outcome<Unit>> {
  const context = () => Promise.resolve(contextOf(runtime, envelope))
  return execute(runtime, { decider, stream: unitStream(command.unit), command, context }, because(envelope, command))
}

export async function registerUnit(
  runtime: Runtime,
  command: RegisterUnit,
  envelope: Envelope,
): Promise<Outcome<Unit>> {
  // What is no credit code by form names no stream either: it is decided, and refused by R01, before the store hears of it.
  if (!UnitCode.safeParse(command.unit).success) {
    const { contact: _, ...anonymous } = command
    const decision = unit.registerUnit.decide(
      { ...anonymous, contact: undefined },
      unit.registerUnit.initial,
      contextOf(runtime, envelope),
    )
    if (!decision.accepted) return { status: 'refused', refusals: decision.refusals }
  }
  return enter(runtime, unit.registerUnit, await sealed(runtime, command, 'contact'), envelope)
}

export const addSite = (runtime: Runtime, command: AddSite, envelope: Envelope): Promise<Outcome<Unit>> =>
  enter(runtime, unit.addSite, command, envelope)

export const addFacility = (runtime: Runtime, command: AddFacility, envelope: Envelope): Promise<Outcome<Unit>> =>
  enter(runtime, unit.addFacility, command, envelope)

export const grantLicence = (runtime: Runtime, command: GrantLicence, envelope: Envelope): Promise<Outcome<Unit>> =>
  enter(runtime, licence.grantLicence, command, envelope)

export const revokeLicence = (runtime: Runtime, command: RevokeLicence, envelope: Envelope): Promise<Outcome<Unit>> =>
  enter(runtime, licence.revokeLicence, command, envelope)

export const registerVehicle = (
  runtime: Runtime,
  command: RegisterVehicle,
  envelope: Envelope,
): Promise<Outcome<Unit>> => enter(runtime, unit.registerVehicle, command, envelope)

export async function registerDriver(
  runtime: Runtime,
  command: RegisterDriver,
  envelope: Envelope,
): Promise<Outcome<Unit>> {
  const given = await sealed(runtime, command, 'driver')
  const { drivers } = await unitOf(runtime, command.unit)
  const known = await recordedDriver(runtime.people, drivers, given.driver)
  return enter(runtime, unit.registerDriver, known ? { ...given, driver: known } : given, envelope)
}

export const concludeContract = (
  runtime: Runtime,
  command: ConcludeContract,
  envelope: Envelope,
): Promise<Outcome<Unit>> => enter(runtime, contract.concludeContract, command, envelope)

export function filePlan(runtime: Runtime, command: FilePlan, envelope: Envelope): Promise<Outcome<Plan>> {
  const context = async () => ({ ...contextOf(runtime, envelope), unit: await unitOf(runtime, command.unit) })
  return execute(
    runtime,
    { decider: plan.filePlan, stream: planStream(command.unit, command.year), command, context },
    because(envelope, command),
  )
}
