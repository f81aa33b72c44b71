import type {
  AddFacility,
  AddSite,
  CloseFacility,
  CloseSite,
  CloseUnit,
  ConcludeContract,
  DeregisterDriver,
  DeregisterVehicle,
  FilePlan,
  GrantLicence,
  RegisterDriver,
  RegisterUnit,
  RegisterVehicle,
  RenewContract,
  RenewLicence,
  RevokeLicence,
  TerminateContract,
} from '../../schemas/commands/registry.ts'
import { because, contextOf, historyOf, sealed, unitOn } from '../../infra/commanding/context.ts'
import { recordedDriver } from '../../infra/commanding/drivers.ts'
import { execute, type Envelope, type Outcome, type Runtime } from '../../infra/commanding/execute.ts'
import type { Plan } from '../../schemas/plan/events.ts'
import type { UnitHistory } from '../../schemas/unit/state.ts'
import { planStream, unitStream } from '../../schemas/values/identifiers.ts'
import { businessDay } from '../../schemas/values/time.ts'
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
): Promise<Outcome<UnitHistory>> {
  const context = () => Promise.resolve(contextOf(runtime, envelope))
  return execute(runtime, { decider, stream: unitStream(command.unit), command, context }, because(envelope, command))
}

export async function registerUnit(
  runtime: Runtime,
  command: RegisterUnit,
  envelope: Envelope,
): Promise<Outcome<UnitHistory>> {
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

/** A use case that only enters what it is given. */
const entering =
  <C extends OfUnit>(decider: UnitDecider<C>) =>
  (runtime: Runtime, command: C, envelope: Envelope): Promise<Outcome<UnitHistory>> =>
    enter(runtime, decider, command, envelope)

export const closeUnit = entering<CloseUnit>(unit.closeUnit)
export const addSite = entering<AddSite>(unit.addSite)
export const closeSite = entering<CloseSite>(unit.closeSite)
export const addFacility = entering<AddFacility>(unit.addFacility)
export const closeFacility = entering<CloseFacility>(unit.closeFacility)
export const grantLicence = entering<GrantLicence>(licence.grantLicence)
export const renewLicence = entering<RenewLicence>(licence.renewLicence)
export const revokeLicence = entering<RevokeLicence>(licence.revokeLicence)
export const registerVehicle = entering<RegisterVehicle>(unit.registerVehicle)
export const deregisterVehicle = entering<DeregisterVehicle>(unit.deregisterVehicle)
export const deregisterDriver = entering<DeregisterDriver>(unit.deregisterDriver)
export const concludeContract = entering<ConcludeContract>(contract.concludeContract)
export const renewContract = entering<RenewContract>(contract.renewContract)
export const terminateContract = entering<TerminateContract>(contract.terminateContract)

export async function registerDriver(
  runtime: Runtime,
  command: RegisterDriver,
  envelope: Envelope,
): Promise<Outcome<UnitHistory>> {
  const given = await sealed(runtime, command, 'driver')
  const { drivers } = await historyOf(runtime, command.unit)
  const known = await recordedDriver(runtime.people, Object.values(drivers).map(registeredPerson), given.driver)
  return enter(runtime, unit.registerDriver, known ? { ...given, driver: known } : given, envelope)
}

const registeredPerson = ({ versions: [first] }: UnitHistory['drivers'][string]) => first.content.driver

export function filePlan(runtime: Runtime, command: FilePlan, envelope: Envelope): Promise<Outcome<Plan>> {
  const context = async () => ({
    ...contextOf(runtime, envelope),
    unit: await unitOn(runtime, command.unit, businessDay(command.occurredAt)),
  })
  return execute(
    runtime,
    { decider: plan.filePlan, stream: planStream(command.unit, command.year), command, context },
    because(envelope, command),
  )
}
