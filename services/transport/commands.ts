import { because, contextOf, sealed, unitOn } from '../../infra/commanding/context.ts'
import { registeredDriver } from '../../infra/commanding/drivers.ts'
import { execute, type Envelope, type Outcome, type Runtime } from '../../infra/commanding/execute.ts'
import { lotsOf, manifestOf, planOf } from '../../infra/commanding/stocks.ts'
import type {
  Arrive,
  AttachNumber,
  CancelManifest,
  Depart,
  FileManifest,
  HandOverLeg,
  PickUp,
  RecordOutShipment,
} from '../../schemas/commands/transport.ts'
import type { Context } from '../../schemas/context.ts'
import { refusal, refusalsOf, type Refusal } from '../../schemas/decision.ts'
import { noLot } from '../../schemas/lot/state.ts'
import { law } from '../../schemas/rules/law.ts'
import type { FilingContext, FilingRequest, OutShipmentRequest } from '../../schemas/rules/questions.ts'
import type { Manifest } from '../../schemas/manifest/state.ts'
import { manifestStream, poolId } from '../../schemas/values/identifiers.ts'
import type { Person, SealedPerson } from '../../schemas/values/person.ts'
import { businessDay, yearOf } from '../../schemas/values/time.ts'
import { decideFiling } from './decide/filing.ts'
import type { ManifestDecider } from './decide/manifest.ts'
import { decideOutShipment } from './decide/out-shipment.ts'
import { pickUp as pickUpDecider } from './decide/pickup.ts'
import {
  arrive as arriveDecider,
  attachNumber as attachNumberDecider,
  cancel as cancelDecider,
  depart as departDecider,
  handOver as handOverDecider,
} from './decide/road.ts'
import { claimNumber, file } from './file.ts'

/** Files a transfer manifest and reserves what it names. Without an id of the client's own, one is made from the command's. */
export async function fileManifest(
  runtime: Runtime,
  command: FileManifest,
  envelope: Envelope,
): Promise<Outcome<Manifest>> {
  const manifest = command.manifest ?? runtime.ids.derive('manifest', envelope.commandId)
  const legs = await Promise.all(command.legs.map((leg) => sealed(runtime, leg, 'driver')))
  const request: FilingRequest = { ...command, legs }
  const { number, occurredAt } = command
  const claim =
    number === undefined
      ? {}
      : { claim: { kind: 'manifest-number' as const, name: number, taken: numberTaken(number, occurredAt) } }
  return file(
    runtime,
    {
      manifest,
      occurredAt,
      ...claim,
      decide: async () => decideFiling(request, await filingContext(runtime, manifest, request, envelope)),
      pointer: (line, lot) => `/lines/${line}/lots/${lot}`,
      filedAlready: refusal('manifest-already-filed'),
    },
    because(envelope, command),
  )
}

/** R48 by the day of the filing; without a rule on that day the number is refused all the same, for it names another manifest. */
function numberTaken(number: string, occurredAt: string): Refusal {
  const [why] = refusalsOf(law.ask('FileManifest:number', { number, day: businessDay(occurredAt) }))
  return why ?? refusal('number-already-attached', '/number')
}

async function filingContext(
  runtime: Runtime,
  manifest: string,
  { lines, consignor, receiver, legs, occurredAt }: FilingRequest,
  envelope: Envelope,
): Promise<FilingContext> {
  const carriers = [...new Set(legs.map(({ carrier }) => carrier))]
  const day = businessDay(occurredAt)
  const [lots, consignorUnit, receiverUnit, carrierUnits, plan] = await Promise.all([
    lotsOf(
      runtime,
      lines.flatMap((line) => line.lots.map(({ lot }) => lot)),
    ),
    unitOn(runtime, consignor.unit, day),
    unitOn(runtime, receiver.unit, day),
    Promise.all(carriers.map(async (code) => [code, await unitOn(runtime, code, day)] as const)),
    planOf(runtime, consignor.unit, yearOf(day)),
  ])
  const carriersByCode = new Map(carrierUnits)
  const permits = await Promise.all(
    legs.map(async ({ carrier, driver }) => {
      const unit = carriersByCode.get(carrier)
      return unit && registeredDriver(runtime.people, unit, driver)
    }),
  )
  return {
    ...contextOf(runtime, envelope),
    manifest,
    lots,
    consignor: consignorUnit,
    receiver: receiverUnit,
    carriers: carriersByCode,
    permits,
    plan,
    ...(runtime.city === undefined ? {} : { parkCity: runtime.city }),
  }
}

/** 附表3: general industrial waste leaves its pool. The document's id is made of unit and record, so that a record stands once. */
export async function recordOutShipment(
  runtime: Runtime,
  command: RecordOutShipment,
  envelope: Envelope,
): Promise<Outcome<Manifest>> {
  const { unit, record, code, occurredAt, receiver, carrier } = command
  const request: OutShipmentRequest = await sealed(runtime, command, 'driver')
  const filedAlready = refusal('record-already-filed', '/record', { record })
  const pool = command.lot ?? poolId(unit, code)
  const day = businessDay(occurredAt)
  const manifest = command.manifest ?? runtime.ids.derive('out-record', unit, record)
  return file(
    runtime,
    {
      manifest,
      occurredAt,
      claim: { kind: 'record', name: `out-${unit}-${record}`, taken: filedAlready },
      async decide() {
        const [lots, ...units] = await Promise.all([
          lotsOf(runtime, [pool]),
          unitOn(runtime, unit, day),
          unitOn(runtime, carrier, day),
          unitOn(runtime, receiver, day),
        ])
        const [consignorUnit, carrierUnit, receiverUnit] = units
        return decideOutShipment(request, {
          ...contextOf(runtime, envelope),
          manifest,
          pool: lots.get(pool) ?? noLot,
          consignor: consignorUnit,
          carrier: carrierUnit,
          receiver: receiverUnit,
        })
      },
      pointer: () => '/grams',
      filedAlready,
    },
    because(envelope, command),
  )
}

/** R48: the number is claimed for this manifest before it is attached, but only once nothing else stands against it. */
export async function attachNumber(
  runtime: Runtime,
  command: AttachNumber,
  envelope: Envelope,
): Promise<Outcome<Manifest>> {
  const { manifest, number, occurredAt } = command
  const known = await manifestOf(runtime, manifest)
  const free = {
    ...contextOf(runtime, envelope),
    takenBy: undefined,
    consignor: await unitOn(runtime, known.consignor, businessDay(known.filedAt || occurredAt)),
    parkCity: runtime.city,
  }
  const possible = attachNumberDecider.decide(command, known, free).accepted
  const takenBy = possible
    ? await claimNumber(runtime, { kind: 'manifest-number', name: number, manifest, occurredAt }, envelope)
    : undefined
  return decideOn(runtime, attachNumberDecider, command, envelope, async () => ({ ...free, takenBy }))
}

/** 交付: labels scanned, masses weighed; the mass moves onto the road. */
export async function pickUp(runtime: Runtime, command: PickUp, envelope: Envelope): Promise<Outcome<Manifest>> {
  const request = await sealed(runtime, command, 'driver')
  const day = businessDay(command.occurredAt)
  let filed: SealedPerson | undefined
  const outcome = await decideOn(runtime, pickUpDecider, request, envelope, async ({ lines, receiver, legs }) => {
    filed = legs[0]?.driver
    const [lots, receiverUnit, carrier] = await Promise.all([
      lotsOf(
        runtime,
        lines.flatMap((line) => line.lots.map(({ lot }) => lot)),
      ),
      unitOn(runtime, receiver, day),
      unitOn(runtime, command.carrier, day),
    ])
    const filedDriver = await sameAs(runtime, filed, request.driver)
    const permit = await registeredDriver(runtime.people, carrier, filedDriver ?? request.driver)
    return { ...contextOf(runtime, envelope), lots, receiver: receiverUnit, carrier, filedDriver, permit }
  })
  return outcome.status === 'refused' ? withDriversNamed(runtime, outcome, command, filed, envelope) : outcome
}

/** The driver who was filed, where the one at the pickup is that person under another id. */
async function sameAs(
  { people }: Runtime,
  filed: SealedPerson | undefined,
  actual: SealedPerson | undefined,
): Promise<SealedPerson | undefined> {
  if (!filed || !actual || filed.id === actual.id) return undefined
  return (await people.compare(filed, actual)) === 'other' ? undefined : filed
}

/** R57 in words: the carrier sees the names of its own drivers, and that it looked is recorded. Everybody else reads that it is another. */
async function withDriversNamed<R extends { readonly refusals: readonly Refusal[] }>(
  { people }: Runtime,
  refused: R,
  { manifest, carrier, driver }: PickUp,
  filed: SealedPerson | undefined,
  { actor }: Envelope,
): Promise<R> {
  const differs = ({ rule, pointer }: Refusal) => rule === 'R57' && pointer === '/driver'
  if (actor.unit !== carrier || !driver || !filed || !refused.refusals.some(differs)) return refused
  const [known] = await people.reveal([filed], { actor, about: manifestStream(manifest), reason: 'R57' })
  const facts = { field: 'driver', actual: inWords(driver), named: known ? inWords(known) : 'erased-person' }
  return { ...refused, refusals: refused.refusals.map((one) => (differs(one) ? { ...one, facts } : one)) }
}

/** Name and, where there is one, the end of the number, which distinguishes namesakes. */
const inWords = ({ name, phone = '' }: Person): string => (phone === '' ? name : `${name} (…${phone.slice(-4)})`)

/** The vehicle leaves with what the consignor weighed. */
export const depart = (runtime: Runtime, command: Depart, envelope: Envelope): Promise<Outcome<Manifest>> =>
  decideOn(runtime, departDecider, command, envelope)

/** The next carrier takes over. */
export async function handOverLeg(
  runtime: Runtime,
  command: HandOverLeg,
  envelope: Envelope,
): Promise<Outcome<Manifest>> {
  const request = { ...command, to: await sealed(runtime, command.to, 'driver') }
  return decideOn(runtime, handOverDecider, request, envelope, async () => {
    const carrier = await unitOn(runtime, command.to.carrier, businessDay(command.occurredAt))
    const permit = await registeredDriver(runtime.people, carrier, request.to.driver)
    return { ...contextOf(runtime, envelope), carrier, permit }
  })
}

export const arrive = (runtime: Runtime, command: Arrive, envelope: Envelope): Promise<Outcome<Manifest>> =>
  decideOn(runtime, arriveDecider, command, envelope)

/** 作废, before departure only; the lots go back to where they were. */
export const cancelManifest = (
  runtime: Runtime,
  command: CancelManifest,
  envelope: Envelope,
): Promise<Outcome<Manifest>> => decideOn(runtime, cancelDecider, command, envelope)

interface AboutManifest {
  readonly manifest: string
  readonly reason?: string | undefined
}

function decideOn<C extends AboutManifest, X extends Context>(
  runtime: Runtime,
  decider: ManifestDecider<C, X>,
  command: C,
  envelope: Envelope,
  ...[context]: Context extends X ? [] : [(manifest: Manifest) => Promise<X>]
): Promise<Outcome<Manifest>> {
  const plain = async () => contextOf(runtime, envelope) as X
  return execute(
    runtime,
    { decider, stream: manifestStream(command.manifest), command, context: context ?? plain },
    because(envelope, command),
  )
}
