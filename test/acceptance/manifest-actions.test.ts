import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Actor } from '../../schemas/actor.ts'
import { builtinCatalogues } from '../../schemas/catalogues/builtin.ts'
import { accept, refuse, type Decision } from '../../schemas/decision.ts'
import { MANIFEST_ACTIONS, manifestActions, type ManifestAction } from '../../schemas/manifest/actions.ts'
import { RecordTreatment, type AcceptManifest } from '../../schemas/commands/disposal.ts'
import { noLot, type Lot } from '../../schemas/lot/state.ts'
import { noTreatment } from '../../schemas/treatment/events.ts'
import { accountKey } from '../../schemas/values/place.ts'
import type { ManifestEvent, ManifestEventOf } from '../../schemas/manifest/events.ts'
import { evolveManifest, noManifest, type Manifest } from '../../schemas/manifest/state.ts'
import { grams } from '../../schemas/values/mass.ts'
import { acceptManifest, refuseManifest, weighLoad } from '../../services/disposal/decide/receipt.ts'
import { returnRefused } from '../../services/disposal/decide/return.ts'
import { recordTreatment } from '../../services/disposal/decide/treatment.ts'
import { linesTreated } from '../../services/disposal/lines-treated.ts'
import { pickUp } from '../../services/transport/decide/pickup.ts'
import { arrive, attachNumber, cancel, depart, handOver } from '../../services/transport/decide/road.ts'
import { ADMIN, BUREAU, unitActor } from '../support/runtime.ts'
import {
  BOTH_RESERVED,
  CARRIER,
  carrierActor,
  CONSIGNOR,
  consignorActor,
  FILED,
  MANIFEST,
  NEXT_CARRIER,
  NEXT_PLATE,
  nextCarrierActor,
  NOW,
  NUMBER,
  OLD,
  outsiderActor,
  PLATE,
  RECEIVER,
  received as receivedAt,
  receiverActor,
  treatmentRequest,
  unitOf,
  YOUNG,
} from '../support/transfers.ts'

const ACTORS: readonly Actor[] = [
  ADMIN,
  BUREAU,
  consignorActor,
  carrierActor,
  nextCarrierActor,
  receiverActor,
  outsiderActor,
  unitActor(CARRIER, 'driver'),
  unitActor(CONSIGNOR, 'carrier'),
  unitActor(RECEIVER, 'producer'),
  { subject: 'nobody', roles: [] },
]

const [solvent] = FILED.data.lines
if (!solvent) throw new Error('a filing has lines')
const [old, young] = solvent.lots
if (!old || !young) throw new Error('two packages')
const lines = [
  { ...solvent, line: 1, planned: grams(300_000), lots: [old] },
  { ...solvent, line: 2, planned: grams(200_000), lots: [young] },
]
const legs = [
  { carrier: CARRIER, plate: PLATE },
  { carrier: NEXT_CARRIER, plate: NEXT_PLATE },
]
const { number: _, ...unnumbered } = FILED.data
type Filed = ManifestEventOf<'ManifestFiled'>
const plastic = lines.map((line) => ({ ...line, waste: { stream: 'industrial', code: '900-003-S17' } as const }))
const BEGINNINGS: readonly Filed[] = [
  { ...FILED, data: { ...FILED.data, lines } },
  { ...FILED, data: { ...unnumbered, lines, legs } },
  { ...FILED, data: { ...FILED.data, form: 'out-record', lines: plastic } },
]
const lots = new Map(
  [OLD, YOUNG].map(({ lot }, i) => {
    const [key] = Object.keys(BOTH_RESERVED.get(lot)?.reserved ?? {})
    const known = BOTH_RESERVED.get(lot)
    if (!known || !key) throw new Error('reserved')
    const holding = known.reserved[key]
    return [lot, { ...known, reserved: holding ? { [`${MANIFEST}#${i + 1}`]: holding } : {} }] as const
  }),
)

const receiverUnit = unitOf(RECEIVER)
const consignorUnit = unitOf(CONSIGNOR)
const carrierUnit = unitOf(CARRIER)
const nextCarrierUnit = unitOf(NEXT_CARRIER)

const START = Date.parse(FILED.occurredAt)
const timeOf = (n: number): string => new Date(START + n * 60_000).toISOString()

/** A command of that kind with nothing wrong in its content, for the state as it is. `choice` picks among what is possible. */
function attempt(
  action: ManifestAction,
  manifest: Manifest,
  actor: Actor,
  occurredAt: string,
  choice = 0,
): Decision<ManifestEvent> {
  const base = { actor, now: NOW, provenance: 'book', catalogues: builtinCatalogues } as const
  const receiver = { ...base, receiver: receiverUnit }
  const about = { manifest: MANIFEST, occurredAt }
  switch (action) {
    case 'attach-number':
      return attachNumber.decide({ ...about, number: NUMBER }, manifest, {
        ...base,
        takenBy: undefined,
        consignor: unitOf(CONSIGNOR),
      })
    case 'pickup': {
      const scanned = [
        { line: 1, labels: [OLD.label], shipped: grams(300_000) },
        { line: 2, labels: [YOUNG.label], shipped: grams(200_000) },
      ]
      return pickUp.decide({ ...about, carrier: CARRIER, plate: PLATE, driver: undefined, lines: scanned }, manifest, {
        ...receiver,
        lots,
        carrier: carrierUnit,
      })
    }
    case 'departure':
      return depart.decide(about, manifest, base)
    case 'handover':
      return handOver.decide(
        {
          ...about,
          leg: 1,
          to: { carrier: NEXT_CARRIER, plate: NEXT_PLATE },
          place: '中转站',
          previousArrivedAt: occurredAt,
        },
        manifest,
        {
          ...base,
          carrier: nextCarrierUnit,
        },
      )
    case 'arrival':
      return arrive.decide(about, manifest, base)
    case 'weighing':
      return weighLoad.decide({ ...about, grossKg: 10_500, tareKg: 10_000 }, manifest, base)
    case 'acceptance':
      return acceptManifest.decide({ ...about, lines: decisions(manifest, choice) }, manifest, receiver)
    case 'refusal':
      return refuseManifest.decide({ ...about, difference: 'nature', note: '性质不符' }, manifest, receiver)
    case 'return': {
      const line = manifest.lines.find((one) => one.lots.some(({ refused, returned }) => refused > returned))?.line ?? 1
      return returnRefused.decide({ ...about, line, store: 'TS001' }, manifest, { ...base, consignor: consignorUnit })
    }
    case 'treatment': {
      const line = manifest.lines.find(({ accepted, treated }) => accepted > treated)
      const treated = grams(Math.max(1, Math.ceil(((line?.accepted ?? 0) - (line?.treated ?? 0)) / (1 + (choice % 2)))))
      const command = treatmentRequest(
        RecordTreatment.parse({
          ...about,
          treatment: `LC${manifest.lines.flatMap(({ treatments }) => treatments).length}`,
          line: line?.line ?? 1,
          method: 'R2',
          treated,
          product: treated,
          loss: 0,
        }),
      )
      const context = { ...receiver, manifests: new Map([[MANIFEST, manifest]]), lots: receivedUnder(manifest) }
      const decision = recordTreatment.decide(command, noTreatment, context)
      if (!decision.accepted) return refuse(...decision.refusals)
      // What follows on the manifest.
      return accept(
        decision.events.flatMap((event) =>
          event.type === 'TreatmentRecorded'
            ? [...linesTreated(command.id, event.data).values()]
                .flat()
                .map((data) => ({ type: 'LineTreated' as const, occurredAt, data }))
            : [],
        ),
      )
    }
    case 'cancellation':
      return cancel.decide({ ...about, cause: '车辆故障' }, manifest, base)
  }
}

/** Lots as they lie with the receiver, as far as the manifest says. */
const receivedUnder = (manifest: Manifest): ReadonlyMap<string, Lot> =>
  new Map(
    manifest.lines.flatMap(({ line, waste, lots: onLine }) =>
      onLine.map(({ lot, bornOn, batch, accepted, treated }) => {
        const place = receivedAt(line)
        const held = { [accountKey(place)]: { place, grams: accepted - treated } }
        return [lot, { ...noLot, exists: true, waste, bornOn, batch, held }] as const
      }),
    ),
  )

/** One or all of the open lines, accepted, in part or refused; together they stay what was weighed. */
function decisions(manifest: Manifest, choice: number): AcceptManifest['lines'] {
  const open = manifest.lines.filter(({ decision }) => decision === undefined)
  const chosen = choice % 2 === 0 ? open : open.slice(0, 1)
  return (chosen.length > 0 ? chosen : manifest.lines.slice(0, 1)).map(({ line, shipped = 0 }) => {
    const kind = (['accepted', 'partly-accepted', 'refused'] as const)[(choice + line) % 3] ?? 'accepted'
    const accepted = kind === 'accepted' ? shipped : kind === 'refused' ? 0 : Math.ceil(shipped / 2)
    return {
      line,
      decision: kind,
      accepted: grams(accepted),
      difference: kind === 'accepted' ? 'none' : 'packaging',
      note: kind === 'accepted' ? undefined : '渗漏',
      method: 'R2',
    }
  })
}

const steps = fc.array(fc.record({ pick: fc.nat(100), choice: fc.nat(5) }), { maxLength: 14 })

/** One of the steps that are possible now; a cancellation, which ends everything, only now and then. */
function stepFrom(manifest: Manifest, pick: number): ManifestAction | undefined {
  const open = manifestActions(manifest, ADMIN).flatMap(({ action, allowed }) =>
    allowed && (action !== 'cancellation' || pick % 10 === 0) ? [action] : [],
  )
  return open[pick % open.length]
}

test('B31: the actions a manifest offers to an actor are the commands that succeed, and the reasons it gives are theirs', () => {
  const met = new Map<string, number>()
  fc.assert(
    fc.property(fc.option(fc.constantFrom(...BEGINNINGS)), steps, (beginning, script) => {
      const begun = beginning === null ? noManifest : evolveManifest(noManifest, beginning)
      const manifest = script.reduce((state, { pick, choice }, n) => {
        const action = stepFrom(state, pick)
        const decision = action && attempt(action, state, ADMIN, timeOf(n + 1), choice)
        return decision?.accepted ? decision.events.reduce(evolveManifest, state) : state
      }, begun)
      const disagreements = ACTORS.flatMap((actor) =>
        manifestActions(manifest, actor).flatMap(({ action, allowed, refusal }) => {
          met.set(`${action} ${allowed}`, (met.get(`${action} ${allowed}`) ?? 0) + 1)
          const decision = attempt(action, manifest, actor, timeOf(script.length + 1))
          const reasons = decision.accepted ? undefined : decision.refusals
          const agreed =
            decision.accepted === allowed && JSON.stringify(reasons) === JSON.stringify(refusal && [refusal])
          return agreed ? [] : [{ action, actor, status: manifest.status, offered: allowed, why: refusal, reasons }]
        }),
      )
      expect(disagreements).toEqual([])
    }),
    { numRuns: 600 },
  )
  // The scripts lead to states where each action is open and where it is not, or this test says nothing.
  for (const action of MANIFEST_ACTIONS)
    for (const allowed of [true, false])
      expect(met.get(`${action} ${allowed}`) ?? 0, `${action} ${allowed}`).toBeGreaterThan(5)
})
