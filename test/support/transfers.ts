import type { Runtime } from '../../infra/commanding/execute.ts'
import { derivedId } from '../../infra/event-store/event-id.ts'
import { chosenId } from './ids.ts'
import type { EventStore } from '../../infra/event-store/port.ts'
import type { DomainEvent } from '../../schemas/streams.ts'
import { AcceptManifest, RecordTreatment } from '../../schemas/commands/disposal.ts'
import type { TreatmentRequest } from '../../schemas/rules/questions.ts'
import { FileManifest, PickUp, RecordOutShipment } from '../../schemas/commands/transport.ts'
import type { LotEvent } from '../../schemas/lot/events.ts'
import type { ManifestEvent, ManifestEventOf } from '../../schemas/manifest/events.ts'
import { evolveLot, noLot, type Lot } from '../../schemas/lot/state.ts'
import { evolvePlan, noPlan, type Plan, type PlanEvent } from '../../schemas/plan/events.ts'
import type { UnitEvent } from '../../schemas/unit/events.ts'
import { evolveUnit, noHistory, unitOn, type Unit, type UnitHistory } from '../../schemas/unit/state.ts'
import { lotStream, planStream, poolId, unitStream } from '../../schemas/values/identifiers.ts'
import { grams } from '../../schemas/values/mass.ts'
import type { Place } from '../../schemas/values/place.ts'
import { businessDay } from '../../schemas/values/time.ts'
import { unitActor } from './runtime.ts'

/** A small invented park with everything that a transfer asks for: what the tests of transport and disposal start from. */
export const CONSIGNOR = '91320594PRDUCERAA7'
export const CARRIER = '91320594CARRXRAAAE'
export const NEXT_CARRIER = '91320594CARRXRBBB8'
export const RECEIVER = '91320594RECEXERAA3'
export const OUTSIDER = '91320594FRMGNAAAAW'
export const PLATE = '苏E1A100'
export const NEXT_PLATE = '苏E2B200'
export const SOLVENT = '900-404-06'
export const PLASTIC = '900-003-S17'
export const LICENCE = 'JSSZ0571TEST01'

export const consignorActor = unitActor(CONSIGNOR, 'producer')
export const carrierActor = unitActor(CARRIER, 'carrier')
export const nextCarrierActor = unitActor(NEXT_CARRIER, 'carrier')
export const receiverActor = unitActor(RECEIVER, 'receiver')
export const outsiderActor = unitActor(OUTSIDER, 'producer', 'carrier', 'receiver')

/** A quarter past the hour on the sixth of December 2025. */
export const at = (hour: number): string => `2025-12-06T${String(hour).padStart(2, '0')}:15:00+08:00`
const START = '2025-01-02T08:00:00+08:00'

const unitEvents = (
  unit: string,
  roles: ('producer' | 'carrier' | 'recycler')[],
  ...more: readonly Pick<UnitEvent, 'type' | 'data'>[]
): readonly UnitEvent[] =>
  [
    { type: 'UnitRegistered', data: { unit, name: `例${unit}`, roles, inside: true, address: '示例路1号' } },
    ...more,
  ].map((event) => ({ ...event, occurredAt: START }) as UnitEvent)

const vehicle = (plate: string, validTo = '2028-12-31') =>
  ({ type: 'VehicleRegistered', data: { plate, permit: '320500000001', validTo, dangerousGoods: true } }) as const
const facility = (code: string, kind: 'warehouse' | 'treatment') =>
  ({ type: 'FacilityAdded', data: { facility: code, name: code, kind } }) as const
const contract = (number: string, code: string) =>
  ({
    type: 'ContractConcluded',
    data: { number, receiver: RECEIVER, code, from: '2025-01-01', to: '2026-12-31' },
  }) as const
export const licence = (changes: Partial<Extract<UnitEvent, { type: 'LicenceGranted' }>['data']> = {}) =>
  ({
    type: 'LicenceGranted' as const,
    data: {
      number: LICENCE,
      kind: 'comprehensive' as const,
      covers: ['HW06'],
      methods: ['R2', 'D10'],
      annual: grams(9_000_000_000),
      from: '2024-01-01',
      to: '2028-12-31',
      ...changes,
    },
  }) satisfies Pick<UnitEvent, 'type' | 'data'>

export const unitHistories: Readonly<Record<string, readonly UnitEvent[]>> = {
  [CONSIGNOR]: unitEvents(
    CONSIGNOR,
    ['producer'],
    facility('TS001', 'warehouse'),
    contract('HT1', SOLVENT),
    contract('HT2', PLASTIC),
  ),
  [CARRIER]: unitEvents(CARRIER, ['carrier'], vehicle(PLATE)),
  [NEXT_CARRIER]: unitEvents(NEXT_CARRIER, ['carrier'], vehicle(NEXT_PLATE)),
  [RECEIVER]: unitEvents(RECEIVER, ['recycler'], facility('TS001', 'treatment'), licence()),
  [OUTSIDER]: unitEvents(OUTSIDER, ['producer']),
}

const planHistory: readonly PlanEvent[] = [
  {
    type: 'PlanLineFiled',
    occurredAt: START,
    data: {
      unit: CONSIGNOR,
      year: 2025,
      code: SOLVENT,
      receiver: RECEIVER,
      method: 'R2',
      planned: grams(3_000_000_000),
      destination: 'in-province',
    },
  },
]

/** One package of solvent from its generation to the ramp. */
export interface Package {
  readonly lot: string
  readonly day: string
  readonly grams: number
  readonly batch: string
  readonly label: string
  readonly outBatch: string
}
export const pack = (serial: number, day: string, mass: number): Package => ({
  lot: derivedId('test-lot', serial),
  day,
  grams: mass,
  batch: `HWCS${day.replaceAll('-', '')}${String(serial).padStart(3, '0')}`,
  label: `${CONSIGNOR}90040406${day.replaceAll('-', '')}${String(serial).padStart(3, '0')}`,
  outBatch: `HWCK20251206${String(serial).padStart(3, '0')}`,
})
export const OLD = pack(1, '2025-12-01', 300_000)
export const YOUNG = pack(2, '2025-12-03', 200_000)
export const PACKAGES = [OLD, YOUNG] as const

export const waste = { stream: 'hazardous', code: SOLVENT } as const
const place = (where: Place['at'], facilityCode: string, document?: string): Place => ({
  at: where,
  holder: CONSIGNOR,
  place: facilityCode,
  ...(document === undefined ? {} : { document }),
})
export const staged = ({ outBatch }: Package): Place => place('collection', 'TS001', outBatch)

export function packageHistory(one: Package): readonly LotEvent[] {
  const { day, batch, label, outBatch } = one
  const mass = grams(one.grams)
  const made = place('generation', 'MF0001')
  const sorted = place('classification', 'MF0001')
  const store = place('collection', 'TS001')
  const occurredAt = `${day}T08:00:00+08:00`
  return [
    {
      type: 'LotGenerated',
      occurredAt,
      data: {
        waste,
        origin: { unit: CONSIGNOR, inside: true },
        to: made,
        grams: mass,
        pool: false,
        batch,
        name: '废清洗溶剂',
      },
    },
    {
      type: 'LotClassified',
      occurredAt,
      data: { waste, from: made, to: sorted, grams: mass, category: 'HW06', hazards: ['T', 'I', 'R'], form: 'L' },
    },
    { type: 'LotLabelled', occurredAt, data: { label } },
    { type: 'LotStored', occurredAt, data: { waste, from: sorted, to: store, grams: mass, whole: true } },
    {
      type: 'LotTakenOut',
      occurredAt: at(7),
      data: { waste, from: store, to: staged(one), grams: mass, whole: true, batch: outBatch },
    },
  ]
}

export const POOL = poolId(CONSIGNOR, PLASTIC)
const plastic = { stream: 'industrial', code: PLASTIC } as const
export const poolPlace = place('collection', 'pool')
const poolHistory: readonly LotEvent[] = [
  {
    type: 'LotGenerated',
    occurredAt: at(1),
    data: {
      waste: plastic,
      origin: { unit: CONSIGNOR, inside: true },
      to: place('generation', ''),
      grams: grams(5_000_000),
      pool: true,
      name: '废塑料',
    },
  },
  {
    type: 'LotClassified',
    occurredAt: at(1),
    data: { waste: plastic, from: place('generation', ''), to: place('classification', ''), grams: grams(5_000_000) },
  },
  {
    type: 'LotStored',
    occurredAt: at(1),
    data: { waste: plastic, from: place('classification', ''), to: poolPlace, grams: grams(5_000_000), whole: false },
  },
]

/** Puts history into a store, as it would stand there. */
export async function given(store: EventStore, stream: string, events: readonly DomainEvent[]): Promise<void> {
  const commandId = derivedId('given', stream, events.length, events[0]?.type ?? '')
  const written = events.map(({ type, occurredAt, data }) => ({
    type,
    occurredAt,
    data,
    schemaVersion: 1,
    metadata: { commandId, actor: { subject: 'given', roles: ['admin'] }, provenance: 'live' as const },
  }))
  const result = await store.append({ stream, expected: 'any', commandId, events: written })
  if (result.outcome !== 'appended') throw new Error(`${stream}: ${result.outcome}`)
}

/** The whole small park: units, plan, two packages on the ramp and five tonnes of plastic in their pool. */
export async function furnish(store: EventStore): Promise<void> {
  for (const [unit, events] of Object.entries(unitHistories)) await given(store, unitStream(unit), events)
  await given(store, planStream(CONSIGNOR, 2025), planHistory)
  for (const one of PACKAGES) await given(store, lotStream(one.lot), packageHistory(one))
  await given(store, lotStream(POOL), poolHistory)
}

export const lotIn = async ({ states }: Runtime, lot: string): Promise<Lot> =>
  (await states.load({ initial: noLot, evolve: evolveLot }, lotStream(lot), 0)).state

export const MANIFEST = chosenId('test-manifest', 1)
export const NUMBER = '20253205000001'
const leg = { carrier: CARRIER, plate: PLATE, driver: { name: '示例甲' } }

/** The manifest of both packages, complete as part one of the form asks. */
export const filing = (changes: Partial<FileManifest> = {}): FileManifest =>
  FileManifest.parse({
    manifest: MANIFEST,
    number: NUMBER,
    consignor: { unit: CONSIGNOR, emergencyPhone: '19900000001' },
    receiver: { unit: RECEIVER, licence: LICENCE },
    legs: [leg],
    lines: [
      {
        line: 1,
        code: SOLVENT,
        name: '废清洗溶剂',
        hazards: ['T', 'I', 'R'],
        form: 'L',
        packaging: 'IBC',
        packageCount: 2,
        harmful: '丙酮',
        method: 'R2',
        lots: PACKAGES.map(({ lot, outBatch }) => ({ lot, outBatch })),
      },
    ],
    occurredAt: at(8),
    ...changes,
  })

export const pickingUp = (changes: Partial<PickUp> = {}): PickUp =>
  PickUp.parse({
    manifest: MANIFEST,
    ...leg,
    lines: [{ line: 1, labels: PACKAGES.map(({ label }) => label), shipped: 500_000 }],
    occurredAt: at(9),
    ...changes,
  })

export const accepting = (
  line: Partial<AcceptManifest['lines'][number]> = {},
  changes: Partial<AcceptManifest> = {},
): AcceptManifest =>
  AcceptManifest.parse({
    manifest: MANIFEST,
    lines: [{ line: 1, decision: 'accepted', accepted: 500_000, method: 'R2', ...line }],
    occurredAt: at(13),
    ...changes,
  })

export const treating = (changes: Partial<RecordTreatment> = {}): RecordTreatment =>
  RecordTreatment.parse({
    treatment: 'LC20251206001',
    manifest: MANIFEST,
    line: 1,
    facility: 'TS001',
    method: 'R2',
    treated: 400_000,
    product: 250_000,
    productName: '再生溶剂',
    residues: [{ code: '900-407-06', grams: 100_000 }],
    loss: 50_000,
    occurredAt: at(14),
    ...changes,
  })

export const outShipment = (changes: Partial<RecordOutShipment> = {}): RecordOutShipment =>
  RecordOutShipment.parse({
    record: 'CC20251206001',
    unit: CONSIGNOR,
    code: PLASTIC,
    grams: 2_000_000,
    carrier: CARRIER,
    plate: PLATE,
    receiver: RECEIVER,
    occurredAt: at(10),
    ...changes,
  })

/** Folded states for tests of deciders. */
export const lotOf = (one: Package, ...more: readonly LotEvent[]): Lot =>
  [...packageHistory(one), ...more].reduce(evolveLot, noLot)
export const poolOf = (...more: readonly LotEvent[]): Lot => [...poolHistory, ...more].reduce(evolveLot, noLot)
type Entry = Pick<UnitEvent, 'type' | 'data'>
export const historyOf = (code: string, ...more: readonly Entry[]): UnitHistory =>
  [...(unitHistories[code] ?? []), ...more.map((event) => ({ ...event, occurredAt: START }) as UnitEvent)].reduce(
    evolveUnit,
    noHistory,
  )
export const unitOf = (code: string, ...more: readonly Entry[]): Unit =>
  unitOn(historyOf(code, ...more), businessDay(at(8)))
export const planOf = (): Plan => planHistory.reduce(evolvePlan, noPlan)
export const lotsOf = (...packages: readonly Package[]): ReadonlyMap<string, Lot> =>
  new Map(packages.map((one) => [one.lot, lotOf(one)]))
/** As the clock of the tests stands when nothing else is said: shortly after the transfer. */
export const NOW = '2025-12-06T16:00:00.000Z'

/** Both packages, reserved for line 1 of a manifest. */
export const reservedLots = (manifest: string): ReadonlyMap<string, Lot> =>
  new Map(
    PACKAGES.map((one) => [
      one.lot,
      lotOf(one, {
        type: 'LotReserved',
        occurredAt: at(8),
        data: { manifest, line: 1, from: staged(one), grams: grams(one.grams) },
      }),
    ]),
  )
export const BOTH_RESERVED = reservedLots(MANIFEST)

/** The manifest of both packages as it stands filed. */
export const FILED: ManifestEventOf<'ManifestFiled'> = {
  type: 'ManifestFiled',
  occurredAt: at(8),
  data: {
    form: 'transfer-manifest',
    number: NUMBER,
    consignor: { unit: CONSIGNOR },
    receiver: { unit: RECEIVER, licence: LICENCE },
    shipper: CONSIGNOR,
    legs: [{ carrier: CARRIER, plate: PLATE }],
    destination: 'in-province',
    lines: [
      {
        line: 1,
        waste,
        name: '废清洗溶剂',
        hazards: ['T', 'I', 'R'],
        form: 'L',
        planned: grams(500_000),
        method: 'R2',
        lots: PACKAGES.map((one) => ({
          lot: one.lot,
          from: staged(one),
          grams: grams(one.grams),
          bornOn: one.day,
          batch: one.batch,
          label: one.label,
          outBatch: one.outBatch,
        })),
      },
    ],
  },
}

/** What happened to it next, as far as a test wants it to have come. */
export const PICKED_UP: ManifestEventOf<'ManifestPickedUp'> = {
  type: 'ManifestPickedUp',
  occurredAt: at(9),
  data: {
    carrier: CARRIER,
    plate: PLATE,
    lines: [
      {
        line: 1,
        labels: PACKAGES.map(({ label }) => label),
        shipped: grams(500_000),
        weighed: true,
        lots: PACKAGES.map((one) => ({ lot: one.lot, from: staged(one), grams: grams(one.grams) })),
      },
    ],
  },
}
export const DEPARTED: ManifestEvent = { type: 'ManifestDeparted', occurredAt: at(10), data: {} }
export const ARRIVED: ManifestEvent = { type: 'ManifestArrived', occurredAt: at(11), data: {} }
export const weighedAt = (net: number): ManifestEvent => ({
  type: 'LoadWeighed',
  occurredAt: at(12),
  data: { gross: grams(10_000_000 + net), tare: grams(10_000_000), net: grams(net) },
})
export const TO_THE_SCALE = [FILED, PICKED_UP, DEPARTED, ARRIVED] as const

/** Where a line's accepted mass lies. */
export const received = (line = 1, manifest = MANIFEST): Place => ({
  at: 'disposal',
  holder: RECEIVER,
  place: 'received',
  document: `${manifest}#${line}`,
})

/** A package as it lies with the receiver, so much of it accepted. */
export function receivedLot(one: Package, accepted = one.grams, manifest = MANIFEST): Lot {
  const road: Place = { at: 'transport', holder: CARRIER, place: PLATE, document: `${manifest}#1` }
  const under = { waste, manifest, line: 1 }
  const mass = grams(one.grams)
  return lotOf(
    one,
    {
      type: 'LotPickedUp',
      occurredAt: at(9),
      data: { ...under, from: staged(one), to: road, grams: mass, whole: true },
    },
    {
      type: 'LotAccepted',
      occurredAt: at(13),
      data: {
        ...under,
        from: road,
        to: received(1, manifest),
        refusedTo: { ...road, at: 'refused' },
        accepted: grams(accepted),
        refused: grams(one.grams - accepted),
        variance: 0,
      },
    },
  )
}

/** A treatment of one line, as the use case asks for its decision. */
export function treatmentRequest(command: RecordTreatment): TreatmentRequest {
  const { manifest, line, treated = 0, inputs: _, ...rest } = command
  return {
    ...rest,
    id: chosenId('treatment', command.treatment),
    unit: RECEIVER,
    inputs: [{ manifest, line, grams: treated, pointer: '', massPointer: '/treated' }],
    residues: rest.residues.map((residue, i) => ({ ...residue, lot: residue.lot ?? `residue-${i}` })),
  }
}
