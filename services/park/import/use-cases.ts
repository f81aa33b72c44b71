import type { z } from 'zod'
import { outOfBounds } from '../../../infra/commanding/bounded.ts'
import type { Envelope, Outcome, Runtime } from '../../../infra/commanding/execute.ts'
import { ClassifyLot, LabelLot } from '../../../schemas/commands/classification.ts'
import { RecordTrip, StoreLot, TakeOutLot } from '../../../schemas/commands/collection.ts'
import { AcceptManifest, RecordTreatment, WeighLoad } from '../../../schemas/commands/disposal.ts'
import { GenerateIntoPool, GenerateLot, OpenLot } from '../../../schemas/commands/generation.ts'
import * as register from '../../../schemas/commands/registry.ts'
import { Arrive, Depart, FileManifest, PickUp, RecordOutShipment } from '../../../schemas/commands/transport.ts'
import { classifyLot, labelLot } from '../../classification/commands.ts'
import { recordTrip, storeLot, takeOutLot } from '../../collection/commands.ts'
import { acceptManifest, weighLoad } from '../../disposal/commands.ts'
import { recordTreatment } from '../../disposal/treatment.ts'
import { generateIntoPool, generateLot, openLot } from '../../generation/commands.ts'
import * as registry from '../../registry/commands.ts'
import { arrive, depart, fileManifest, pickUp, recordOutShipment } from '../../transport/commands.ts'
import { settledBy, type Given } from './given.ts'

interface UseCase {
  readonly schema: z.ZodType
  readonly perform: (runtime: Runtime, command: never, envelope: Envelope) => Promise<Outcome<unknown>>
}

const useCase = <S extends z.ZodType>(
  schema: S,
  perform: (runtime: Runtime, command: z.output<S>, envelope: Envelope) => Promise<Outcome<unknown>>,
): UseCase => ({ schema, perform })

/** The use cases that rows of the books ask for, by name: a name can be sent to another thread, a function cannot. */
export const USE_CASES = {
  registerUnit: useCase(register.RegisterUnit, registry.registerUnit),
  addFacility: useCase(register.AddFacility, registry.addFacility),
  grantLicence: useCase(register.GrantLicence, registry.grantLicence),
  registerVehicle: useCase(register.RegisterVehicle, registry.registerVehicle),
  filePlan: useCase(register.FilePlan, registry.filePlan),
  concludeContract: useCase(register.ConcludeContract, registry.concludeContract),
  openLot: useCase(OpenLot, openLot),
  generateLot: useCase(GenerateLot, generateLot),
  generateIntoPool: useCase(GenerateIntoPool, generateIntoPool),
  classifyLot: useCase(ClassifyLot, classifyLot),
  labelLot: useCase(LabelLot, labelLot),
  storeLot: useCase(StoreLot, storeLot),
  takeOutLot: useCase(TakeOutLot, takeOutLot),
  fileManifest: useCase(FileManifest, fileManifest),
  pickUp: useCase(PickUp, pickUp),
  depart: useCase(Depart, depart),
  arrive: useCase(Arrive, arrive),
  weighLoad: useCase(WeighLoad, weighLoad),
  acceptManifest: useCase(AcceptManifest, acceptManifest),
  recordTreatment: useCase(RecordTreatment, recordTreatment),
  recordOutShipment: useCase(RecordOutShipment, recordOutShipment),
  recordTrip: useCase(RecordTrip, recordTrip),
} as const satisfies Readonly<Record<string, UseCase>>

export type UseCaseName = keyof typeof USE_CASES

/** A command of a row as its schema read it; plain data. */
export interface Request {
  readonly useCase: UseCaseName
  readonly command: object
  readonly given?: Given | undefined
}

/** Performs a command in this process, unless the bounds of the park or the books themselves settle it. */
export async function performUseCase(
  runtime: Runtime,
  { useCase: name, command, given }: Request,
  envelope: Envelope,
): Promise<Outcome<unknown>> {
  const { schema, perform } = USE_CASES[name]
  const refusals = await outOfBounds(runtime, schema, command, envelope)
  if (refusals.length > 0) return { status: 'refused', refusals }
  const settled = given && (await settledBy(runtime, given, command))
  if (settled) return settled
  const route = runtime.useCases?.pathOf(perform)
  const asked = route === undefined ? envelope : { ...envelope, asked: { route, schema, command } }
  return (perform as (...asked: readonly unknown[]) => Promise<Outcome<unknown>>)(runtime, command, asked)
}
