import fc from 'fast-check'
import { expect, test } from 'vitest'
import { classify } from '../../services/classification/decide/classify.ts'
import { putOnLabel } from '../../services/classification/decide/label.ts'
import { sort } from '../../services/collection/decide/sort.ts'
import { split } from '../../services/collection/decide/split.ts'
import { store } from '../../services/collection/decide/store.ts'
import { takeOut } from '../../services/collection/decide/take-out.ts'
import { takeStock } from '../../services/collection/decide/take-stock.ts'
import { treatLot } from '../../services/disposal/decide/lots.ts'
import { recordTreatment } from '../../services/disposal/decide/treatment.ts'
import type { Actor } from '../../schemas/actor.ts'
import { builtinCatalogues } from '../../schemas/catalogues/builtin.ts'
import { defaultBounds } from '../../schemas/commands/bounds.ts'
import type { Context } from '../../schemas/context.ts'
import { refusal, refuse, type Decision, type Refusal } from '../../schemas/decision.ts'
import { actsAt, LOT_ACTIONS, lotActions, openFor, type LotAction } from '../../schemas/lot/actions.ts'
import type { LotEvent, LotEventOf } from '../../schemas/lot/events.ts'
import { labelStem } from '../../schemas/lot/label.ts'
import { labelWith } from '../../schemas/values/label-code.ts'
import { evolveLot, freeAt, heldAt, noLot, type Lot } from '../../schemas/lot/state.ts'
import { noTreatment } from '../../schemas/treatment/events.ts'
import { noUnit } from '../../schemas/unit/state.ts'
import { grams, type Grams } from '../../schemas/values/mass.ts'
import type { Place } from '../../schemas/values/place.ts'
import { ADMIN, BUREAU, unitActor } from '../support/runtime.ts'

const producer = '913205942CL12TH3BX'
const carrier = '9132059491C099L727'
const receiver = '913205946W28Y0L2R7'
const stranger = '9132059461TJ3Y7LLY'
const ACTORS: readonly Actor[] = [
  ADMIN,
  BUREAU,
  unitActor(producer),
  unitActor(producer, 'driver'),
  unitActor(carrier, 'carrier'),
  unitActor(receiver, 'receiver'),
  unitActor(stranger),
]

const contextOf = (actor: Actor): Context => ({
  actor,
  now: '2026-06-01T00:00:00.000Z',
  provenance: 'live',
  catalogues: builtinCatalogues,
})
const NOWHERE: Place = { at: 'collection', holder: producer, place: 'TS999' }

/** A command of that kind with nothing wrong in its content, if the state allows one at all. `amount` picks the mass where there is a choice. */
function attempt(
  action: LotAction,
  lot: Lot,
  actor: Actor,
  occurredAt: string,
  amount: (free: number) => number = (free) => free,
): Decision<LotEvent> {
  const context = contextOf(actor)
  const open = openFor(action, lot)
  const at = (open.find(({ place }) => actsAt(actor, place)) ?? open[0])?.place ?? NOWHERE
  const mass = grams(Math.max(1, amount(freeAt(lot, at))))
  const batch = (kind: string) => `${kind}20260101${Object.keys({ ...lot.storedIn, ...lot.takenOut }).length + 1}`
  const about = { lot: 'L', occurredAt }
  switch (action) {
    case 'classification':
      return classify.decide(about, lot, context)
    case 'label':
      return putOnLabel.decide({ ...about, label: labelWith(labelStem(lot), 1) }, lot, { ...context, taken: false })
    case 'storage-in':
      return store.decide(
        { ...about, store: 'TS001', grams: mass, part: true, batch: batch('HWRK'), handler: undefined },
        lot,
        context,
      )
    case 'storage-out':
      return takeOut.decide(
        { ...about, store: at.place, grams: mass, batch: batch('HWCK'), handler: undefined },
        lot,
        context,
      )
    case 'split':
      return split.decide({ ...about, child: 'child', at, grams: mass }, lot, { ...context, childExists: false })
    case 'sorting': {
      const fractions = [{ child: 'fraction', ...(lot.waste ?? hazardous), grams: mass }]
      return sort.decide({ ...about, at, fractions }, lot, { ...context, existing: new Set() })
    }
    case 'stock-take':
      return takeStock.decide({ ...about, at, counted: grams(heldAt(lot, at) + 1), note: '盘盈' }, lot, {
        ...context,
        actMass: defaultBounds.actMass,
      })
    case 'treatment':
      return treated(lot, { ...about, at, grams: mass }, context)
  }
}

/** A run over one place of the lot, and what follows of it for the lot. */
function treated(
  lot: Lot,
  { at, grams: mass, occurredAt }: { readonly at: Place; readonly grams: Grams; readonly occurredAt: string },
  context: Context,
): Decision<LotEvent> {
  const input = { lot: 'L', at: freeAt(lot, at) > 0 ? at : undefined, grams: mass, pointer: '', massPointer: '' }
  const outputs = { product: mass, loss: grams(0), landfilled: grams(0), residues: [] }
  const run = { id: manifest, treatment: 'LC1', unit: at.holder, method: 'R2', inputs: [input], ...outputs, occurredAt }
  const known = { ...context, receiver: noUnit, lots: new Map([['L', lot]]), manifests: new Map() }
  const decision = recordTreatment.decide(run, noTreatment, known)
  // Among many inputs it says which lot is unknown.
  if (!decision.accepted)
    return refuse(...decision.refusals.map(({ code, facts }) => refusal(code, '', code === 'lot-unknown' ? {} : facts)))
  const shares = decision.events.flatMap((event) => (event.type === 'TreatmentRecorded' ? event.data.inputs : []))
  const follows = { ...run, run: undefined, shares, origin, to: line, wastes: new Map() }
  return treatLot.decide(follows, lot, undefined)
}

const line: Place = { at: 'generation', holder: producer, place: 'MF0001' }
const origin = { unit: producer, inside: true }
const manifest = '0190a6a2-0000-7000-8000-000000000001'
const bornAt = '2026-01-01T08:00:00+08:00'

const hazardous = { stream: 'hazardous', code: '900-404-06' } as const
const plastic = { stream: 'industrial', code: '900-003-S17' } as const
const BEGINNINGS: readonly LotEvent[] = [
  {
    type: 'LotGenerated',
    occurredAt: bornAt,
    data: { waste: hazardous, origin, to: line, grams: grams(1_000), pool: false },
  },
  {
    type: 'LotGenerated',
    occurredAt: bornAt,
    data: { waste: plastic, origin, to: line, grams: grams(1_000), pool: false },
  },
  {
    type: 'LotGenerated',
    occurredAt: bornAt,
    data: { waste: plastic, origin, to: line, grams: grams(1_000), pool: true },
  },
  {
    type: 'LotOpened',
    occurredAt: bornAt,
    data: {
      waste: hazardous,
      origin,
      to: { at: 'collection', holder: producer, place: 'TS001' },
      grams: grams(1_000),
      bornOn: '2025-01-01',
      batch: 'HWCS20250101001',
    },
  },
  {
    type: 'LotDerived',
    occurredAt: bornAt,
    data: {
      waste: hazardous,
      origin,
      to: { ...line, at: 'classification' },
      grams: grams(1_000),
      kind: 'split',
      sources: [{ lot: 'X', grams: grams(1_000) }],
      bornOn: '2026-01-01',
    },
  },
]

/** What other services add to a lot's history: promised, taken back, driven off, decided by the receiver, returned. */
const ELSEWHERE = ['reserve', 'release', 'pick-up', 'decide', 'return'] as const
type Step = { readonly what: LotAction | (typeof ELSEWHERE)[number]; readonly share: number }

const heldIn = (lot: Lot, ...kinds: readonly Place['at'][]) =>
  Object.values(lot.held).find(({ place }) => kinds.includes(place.at))

function elsewhere({ what, share }: Step, lot: Lot, occurredAt: string, n: number): readonly LotEvent[] {
  const { waste } = lot
  if (!waste) return []
  const [key, promise] = Object.entries(lot.reserved)[0] ?? []
  const reservedLine = Number(key?.split('#')[1])
  switch (what) {
    case 'reserve': {
      const from = Object.values(lot.held).find(
        ({ place }) => (place.at === 'classification' || place.at === 'collection') && freeAt(lot, place) > 0,
      )?.place
      return from
        ? [
            {
              type: 'LotReserved',
              occurredAt,
              data: { manifest, line: n, from, grams: part(freeAt(lot, from), share) },
            },
          ]
        : []
    }
    case 'release':
      return promise
        ? [{ type: 'LotReservationReleased', occurredAt, data: { manifest, line: reservedLine, reason: 'cancelled' } }]
        : []
    case 'pick-up': {
      const to: Place = { at: 'transport', holder: carrier, place: '苏E1A100', document: `${manifest}#${reservedLine}` }
      return promise
        ? [
            {
              type: 'LotPickedUp',
              occurredAt,
              data: {
                waste,
                from: promise.place,
                to,
                grams: grams(promise.grams),
                whole: false,
                manifest,
                line: reservedLine,
              },
            },
          ]
        : []
    }
    case 'decide': {
      const load = heldIn(lot, 'transport')
      if (!load) return []
      const accepted = part(load.grams, share)
      const data: LotEventOf<'LotAccepted'>['data'] = {
        waste,
        from: load.place,
        to: { ...load.place, at: 'disposal', holder: receiver, place: '' },
        refusedTo: { ...load.place, at: 'refused' },
        manifest,
        line: n,
        accepted,
        refused: grams(load.grams - accepted),
        variance: 0,
      }
      return [{ type: 'LotAccepted', occurredAt, data }]
    }
    case 'return': {
      const load = heldIn(lot, 'refused')
      const to: Place = { at: 'collection', holder: producer, place: 'TS002' }
      return load
        ? [
            {
              type: 'LotReturned',
              occurredAt,
              data: { waste, from: load.place, to, grams: grams(load.grams), manifest, line: n },
            },
          ]
        : []
    }
    default: {
      const decision = attempt(what, lot, ADMIN, occurredAt, (free) => part(free, share))
      return decision.accepted ? decision.events : []
    }
  }
}

const part = (whole: number, share: number) => grams(Math.max(1, Math.ceil(whole * share)))
const timeOf = (n: number): string => new Date(Date.parse(bornAt) + (n + 1) * 60_000).toISOString()

const undated = ({ day: _, ...rest }: Refusal) => rest
const stepped = (lot: Lot, step: Step, n: number): Lot => elsewhere(step, lot, timeOf(n), n + 1).reduce(evolveLot, lot)

const steps = fc.array(
  fc.record({ what: fc.constantFrom(...LOT_ACTIONS, ...ELSEWHERE), share: fc.constantFrom(0.25, 0.5, 1) }),
  { maxLength: 14 },
)

test('the actions a lot offers to an actor are the commands that succeed, and the reasons it gives are theirs', () => {
  const met = new Map<string, number>()
  fc.assert(
    fc.property(fc.option(fc.constantFrom(...BEGINNINGS)), steps, (beginning, script) => {
      const begun = beginning === null ? noLot : evolveLot(noLot, beginning)
      const lot = script.reduce(stepped, begun)
      const disagreements = ACTORS.flatMap((actor) =>
        lotActions(lot, actor).flatMap(({ action, allowed, refusal }) => {
          met.set(`${action} ${allowed}`, (met.get(`${action} ${allowed}`) ?? 0) + 1)
          const decision = attempt(action, lot, actor, timeOf(script.length))
          const reasons = decision.accepted ? undefined : decision.refusals
          // What is offered has no day yet.
          const agreed =
            decision.accepted === allowed &&
            JSON.stringify(reasons?.map(undated)) === JSON.stringify(refusal && [undated(refusal)])
          return agreed ? [] : [{ action, actor, offered: allowed, why: refusal, reasons }]
        }),
      )
      expect(disagreements).toEqual([])
    }),
    { numRuns: 300 },
  )
  // The scripts lead to states where each action is open and where it is not, or this test says nothing.
  for (const action of LOT_ACTIONS)
    for (const allowed of [true, false]) expect(met.get(`${action} ${allowed}`) ?? 0).toBeGreaterThan(5)
})
