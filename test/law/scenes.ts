import { builtinCatalogues } from '../../schemas/catalogues/builtin.ts'
import type { Context } from '../../schemas/context.ts'
import type { Decision, Finding } from '../../schemas/decision.ts'
import { evolveLot, noLot } from '../../schemas/lot/state.ts'
import type { ManifestEvent } from '../../schemas/manifest/events.ts'
import { evolveManifest, noManifest } from '../../schemas/manifest/state.ts'
import { noPlan } from '../../schemas/plan/events.ts'
import { law } from '../../schemas/rules/law.ts'
import type { Question } from '../../schemas/rules/questions.ts'
import { noHistory, type UnitHistory } from '../../schemas/unit/state.ts'
import { grams } from '../../schemas/values/mass.ts'
import { classify } from '../../services/classification/decide/classify.ts'
import { putOnLabel } from '../../services/classification/decide/label.ts'
import { sort } from '../../services/collection/decide/sort.ts'
import { split } from '../../services/collection/decide/split.ts'
import { store } from '../../services/collection/decide/store.ts'
import { takeOut } from '../../services/collection/decide/take-out.ts'
import { takeStock } from '../../services/collection/decide/take-stock.ts'
import { recordTrip } from '../../services/collection/decide/trip.ts'
import { acceptManifest, refuseManifest, weighLoad } from '../../services/disposal/decide/receipt.ts'
import { returnRefused } from '../../services/disposal/decide/return.ts'
import { noTreatment } from '../../schemas/treatment/events.ts'
import { recordMixture } from '../../services/disposal/decide/mixture.ts'
import { recordTreatment } from '../../services/disposal/decide/treatment.ts'
import { generate } from '../../services/generation/decide/generate.ts'
import { open } from '../../services/generation/decide/open.ts'
import { intoPool } from '../../services/generation/decide/pool.ts'
import { concludeContract } from '../../services/registry/decide/contract.ts'
import { filePlan } from '../../services/registry/decide/plan.ts'
import { addSite, registerUnit } from '../../services/registry/decide/unit.ts'
import { decideFiling } from '../../services/transport/decide/filing.ts'
import { decideOutShipment } from '../../services/transport/decide/out-shipment.ts'
import { pickUp } from '../../services/transport/decide/pickup.ts'
import { arrive, attachNumber, cancel, depart, handOver } from '../../services/transport/decide/road.ts'
import { ADMIN } from '../support/runtime.ts'
import * as park from '../support/transfers.ts'

/** A command that is lawful as it stands, by its decider; cases of the rules change what is there or what is asked. */
export interface Scene {
  readonly command: object
  /** Of the lot, manifest, plan or unit that it is about. */
  readonly state?: unknown
  readonly context: object
  decide(command: never, state: never, context: never): Decision<object>
}

const { at, CARRIER, CONSIGNOR, MANIFEST, NEXT_CARRIER, NEXT_PLATE, OLD, PLATE, RECEIVER, SOLVENT, unitOf } = park
const manifestAfter = (...events: readonly ManifestEvent[]) => events.reduce(evolveManifest, noManifest)
/** The old package after so many of its events: generated, classified, labelled, stored, taken out. */
const lotAfter = (events: number) => park.packageHistory(OLD).slice(0, events).reduce(evolveLot, noLot)
const known = (actor: Context['actor'], more: object = {}) => ({
  actor,
  now: park.NOW,
  provenance: 'live',
  catalogues: builtinCatalogues,
  ...more,
})

const byConsignor = known(park.consignorActor)
const receiving = known(park.receiverActor, { receiver: unitOf(RECEIVER) })
const generating = known(park.consignorActor, { unit: unitOf(CONSIGNOR), lot: 'L1' })
const solvent = { stream: 'hazardous', code: SOLVENT } as const
const inStore = { at: 'collection', holder: CONSIGNOR, place: 'TS001' } as const

const WEIGHED = manifestAfter(...park.TO_THE_SCALE, park.weighedAt(500_000))
const decided = acceptManifest.decide(park.accepting(), WEIGHED, receiving as never)
const ACCEPTED = decided.accepted ? decided.events.reduce(evolveManifest, WEIGHED) : WEIGHED
const refusing = { manifest: MANIFEST, difference: 'other', note: '不符', occurredAt: at(13) } as const
const refused = refuseManifest.decide(refusing, WEIGHED, receiving as never)
const REFUSED = refused.accepted ? refused.events.reduce(evolveManifest, WEIGHED) : WEIGHED
const TWO_LEGS = manifestAfter(
  {
    ...park.FILED,
    data: {
      ...park.FILED.data,
      legs: [
        { carrier: CARRIER, plate: PLATE },
        { carrier: NEXT_CARRIER, plate: NEXT_PLATE },
      ],
    },
  },
  park.PICKED_UP,
  park.DEPARTED,
)
const CONSIGNOR_HISTORY: UnitHistory = park.historyOf(CONSIGNOR)
const kept = { ...solvent, code: '900-249-08' }

const ofRegistry = {
  RegisterUnit: {
    command: {
      unit: '91350100M000100Y43',
      name: '新单位',
      roles: ['producer'],
      inside: true,
      occurredAt: at(8),
      contact: undefined,
    },
    state: noHistory,
    context: known(ADMIN),
    decide: registerUnit.decide,
  },
  EnterUnit: {
    command: { unit: CONSIGNOR, site: 'S1', name: '一厂', address: '示例路2号', occurredAt: at(8) },
    state: CONSIGNOR_HISTORY,
    context: byConsignor,
    decide: addSite.decide,
  },
  ConcludeContract: {
    command: {
      unit: CONSIGNOR,
      number: 'HT9',
      receiver: RECEIVER,
      code: kept.code,
      from: '2025-01-01',
      to: '2026-12-31',
      occurredAt: at(8),
    },
    state: CONSIGNOR_HISTORY,
    context: byConsignor,
    decide: concludeContract.decide,
  },
  FilePlan: {
    command: {
      unit: CONSIGNOR,
      year: 2025,
      lines: [
        { code: kept.code, receiver: RECEIVER, method: 'R9', planned: grams(1_000_000), destination: 'in-province' },
      ],
      occurredAt: at(8),
    },
    state: noPlan,
    context: known(park.consignorActor, { unit: unitOf(CONSIGNOR) }),
    decide: filePlan.decide,
  },
}

const ofLots = {
  GenerateLot: {
    command: {
      unit: CONSIGNOR,
      waste: solvent,
      grams: grams(54_000),
      batch: 'HWCS20251206901',
      facility: 'MF0001',
      occurredAt: at(8),
      handler: undefined,
    },
    state: noLot,
    context: generating,
    decide: generate.decide,
  },
  OpenLot: {
    command: {
      unit: CONSIGNOR,
      waste: solvent,
      grams: grams(10_000),
      batch: 'HWCS20241206001',
      store: 'TS001',
      bornOn: '2024-12-06',
    },
    state: noLot,
    // Books that begin on the day on which the stock came to be: nothing is recorded late.
    context: { ...generating, now: '2024-12-06T08:00:00.000Z' },
    decide: open.decide,
  },
  GenerateIntoPool: {
    command: {
      unit: CONSIGNOR,
      waste: { stream: 'industrial', code: park.PLASTIC },
      grams: grams(10_000),
      record: 'CS20251206001',
      occurredAt: at(8),
      handler: undefined,
    },
    state: park.poolOf(),
    context: generating,
    decide: intoPool.decide,
  },
  ClassifyLot: {
    command: { lot: OLD.lot, occurredAt: at(8) },
    state: lotAfter(1),
    context: byConsignor,
    decide: classify.decide,
  },
  LabelLot: {
    command: { lot: OLD.lot, label: OLD.label, occurredAt: at(8) },
    state: lotAfter(2),
    context: known(park.consignorActor, { taken: false }),
    decide: putOnLabel.decide,
  },
  StoreLot: {
    command: {
      lot: OLD.lot,
      store: 'TS001',
      grams: grams(OLD.grams),
      batch: 'HWRK20251206001',
      occurredAt: at(8),
      handler: undefined,
    },
    state: lotAfter(3),
    context: byConsignor,
    decide: store.decide,
  },
  TakeOutLot: {
    command: {
      lot: OLD.lot,
      store: 'TS001',
      grams: grams(OLD.grams),
      batch: OLD.outBatch,
      occurredAt: at(8),
      handler: undefined,
    },
    state: lotAfter(4),
    context: byConsignor,
    decide: takeOut.decide,
  },
  SplitLot: {
    command: { lot: OLD.lot, at: inStore, grams: grams(100_000), child: 'child', occurredAt: at(8) },
    state: lotAfter(4),
    context: known(park.consignorActor, { childExists: false }),
    decide: split.decide,
  },
  SortLot: {
    command: {
      lot: OLD.lot,
      at: inStore,
      fractions: [{ child: 'fraction', stream: 'hazardous', code: '900-404-06', grams: grams(100_000) }],
      occurredAt: at(8),
    },
    state: lotAfter(4),
    context: known(park.consignorActor, { existing: new Set() }),
    decide: sort.decide,
  },
  TakeStock: {
    command: { lot: OLD.lot, at: inStore, counted: grams(299_000), note: '盘点', occurredAt: at(8) },
    state: lotAfter(4),
    context: known(park.consignorActor, { actMass: 50_000_000_000 }),
    decide: takeStock.decide,
  },
  RecordTrip: {
    command: {
      trip: 'GB20251206001',
      stream: 'sludge',
      code: '462-001-S90',
      source: CONSIGNOR,
      carrier: CARRIER,
      plate: PLATE,
      driver: undefined,
      departedAt: at(9),
      receiver: RECEIVER,
      arrivedAt: at(10),
      grossKg: 16_125,
      tareKg: 11_469,
      netKg: 4_656,
      moisturePercent: 80,
      method: 'GR-ENE',
    },
    state: noLot,
    context: known(ADMIN, {
      source: unitOf(CONSIGNOR),
      carrier: unitOf(CARRIER),
      receiver: unitOf(RECEIVER),
      manifest: MANIFEST,
    }),
    decide: recordTrip.decide,
  },
}

const ofTransport = {
  FileManifest: {
    command: { ...park.filing(), legs: [{ carrier: CARRIER, plate: PLATE }] },
    context: known(park.consignorActor, {
      manifest: MANIFEST,
      lots: park.lotsOf(...park.PACKAGES),
      consignor: unitOf(CONSIGNOR),
      receiver: unitOf(RECEIVER),
      carriers: new Map([[CARRIER, unitOf(CARRIER)]]),
      plan: park.planOf(),
    }),
    decide: (command: never, _: never, context: never) => decideFiling(command, context),
  },
  AttachNumber: {
    command: { manifest: MANIFEST, number: park.NUMBER, occurredAt: at(9) },
    state: { ...manifestAfter(park.FILED), number: undefined },
    context: known(park.consignorActor, { takenBy: undefined, consignor: unitOf(CONSIGNOR) }),
    decide: attachNumber.decide,
  },
  PickUp: {
    command: { ...park.pickingUp(), driver: undefined },
    state: manifestAfter(park.FILED),
    context: known(park.carrierActor, {
      lots: park.BOTH_RESERVED,
      receiver: unitOf(RECEIVER),
      carrier: unitOf(CARRIER),
    }),
    decide: pickUp.decide,
  },
  Depart: {
    command: { manifest: MANIFEST, occurredAt: at(10) },
    state: manifestAfter(park.FILED, park.PICKED_UP),
    context: known(park.carrierActor),
    decide: depart.decide,
  },
  HandOverLeg: {
    command: {
      manifest: MANIFEST,
      leg: 1,
      to: { carrier: NEXT_CARRIER, plate: NEXT_PLATE },
      place: '中转站',
      occurredAt: at(11),
    },
    state: TWO_LEGS,
    // The book-keeper: to a carrier that is not on the manifest it does not exist.
    context: known(ADMIN, { carrier: unitOf(NEXT_CARRIER) }),
    decide: handOver.decide,
  },
  Arrive: {
    command: { manifest: MANIFEST, occurredAt: at(11) },
    state: manifestAfter(park.FILED, park.PICKED_UP, park.DEPARTED),
    context: known(park.carrierActor),
    decide: arrive.decide,
  },
  CancelManifest: {
    command: { manifest: MANIFEST, cause: '改期', occurredAt: at(10) },
    state: manifestAfter(park.FILED),
    context: byConsignor,
    decide: cancel.decide,
  },
  RecordOutShipment: {
    command: park.outShipment(),
    context: known(park.consignorActor, {
      manifest: MANIFEST,
      pool: park.poolOf(),
      consignor: unitOf(CONSIGNOR),
      carrier: unitOf(CARRIER),
      receiver: unitOf(RECEIVER),
    }),
    decide: (command: never, _: never, context: never) => decideOutShipment(command, context),
  },
}

const ofDisposal = {
  WeighLoad: {
    command: { manifest: MANIFEST, grossKg: 10_500, tareKg: 10_000, occurredAt: at(12) },
    state: manifestAfter(...park.TO_THE_SCALE),
    context: receiving,
    decide: weighLoad.decide,
  },
  AcceptManifest: { command: park.accepting(), state: WEIGHED, context: receiving, decide: acceptManifest.decide },
  RefuseManifest: { command: refusing, state: WEIGHED, context: receiving, decide: refuseManifest.decide },
  ReturnRefused: {
    command: { manifest: MANIFEST, line: 1, store: 'TS001', occurredAt: at(15) },
    state: REFUSED,
    context: known(park.consignorActor, { consignor: unitOf(CONSIGNOR) }),
    decide: returnRefused.decide,
  },
  MixLots: {
    command: {
      id: 'mixture',
      mixture: 'HH1',
      unit: park.RECEIVER,
      lot: 'mix',
      stream: 'hazardous',
      code: park.SOLVENT,
      inputs: park.PACKAGES.map(({ lot }, i) => ({
        lot,
        grams: 100_000,
        pointer: `/inputs/${i}`,
        massPointer: `/inputs/${i}/grams`,
      })),
      occurredAt: at(14),
    },
    state: noTreatment,
    context: {
      ...receiving,
      manifests: new Map(),
      lots: new Map(park.PACKAGES.map((one) => [one.lot, park.receivedLot(one)])),
    },
    decide: recordMixture.decide,
  },
  RecordTreatment: {
    command: park.treatmentRequest(park.treating()),
    state: noTreatment,
    context: {
      ...receiving,
      manifests: new Map([[MANIFEST, ACCEPTED]]),
      lots: new Map(park.PACKAGES.map((one) => [one.lot, park.receivedLot(one)])),
    },
    decide: recordTreatment.decide,
  },
}

/** One for each command that the law is asked about. */
export const scenes: Readonly<Record<string, Scene>> = { ...ofRegistry, ...ofLots, ...ofTransport, ...ofDisposal }

/** Credit code, waste code and day of generation: how every label of one day's lots begins. */
const STEM = '91320594PRDUCERAA79004040620251201'

/** Facts that are lawful, of questions that no decider of one command asks: they are asked of the law itself. */
export const questions: Readonly<Partial<Record<Question, object>>> = {
  // Asked once the claim of a number was lost to another manifest.
  'FileManifest:number': {},
  // Asked by each lot that follows a document.
  MoveLot: { pointer: '/lots/0', taken: 5, free: 10 },
  // Asked of the lot that a correction would leave.
  CorrectLot: {
    context: { provenance: 'live', catalogues: builtinCatalogues },
    coded: { waste: { stream: 'hazardous', code: '900-404-06' }, bornOn: '2025-12-01' },
    label: { label: `${STEM}001`, expected: STEM, taken: false },
  },
  // Asked by the reader of books.
  ReadMass: { text: '1.5', mayBeZero: false },
  // Asked where a rate is shown.
  'projection:rate': { numerator: 500_000, denominator: 1_000_000 },
}

export const asked = (question: Question, facts: object): readonly Finding[] =>
  law.ask(question, { day: '2025-12-06', ...facts } as never)
