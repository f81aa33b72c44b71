import fc from 'fast-check'
import type { RecordedEvent } from '../../infra/event-store/port.ts'
import { lotEvents, type LotEventType } from '../../schemas/lot/events.ts'
import type { Place, PlaceKind } from '../../schemas/values/place.ts'
import type { Waste } from '../../schemas/values/waste.ts'

const UNITS = ['913205942CL12TH3BX', '9132059461TJ3Y7LLY', '9132059491C099L727']
const WASTES: readonly Waste[] = [
  { stream: 'hazardous', code: '900-404-06' },
  { stream: 'industrial', code: '900-003-S17' },
  { stream: 'hazardous', code: '398-004-22' },
]
const KINDS: readonly PlaceKind[] = ['generation', 'classification', 'collection', 'transport', 'disposal']
const MANIFEST = '5f0c0c0e-0000-4000-8000-000000000001'

interface Deed {
  readonly type: LotEventType
  readonly lot: number
  readonly other: number
  readonly from: number
  readonly to: number
  readonly grams: number
  readonly part: number
  readonly whole: boolean
  readonly waste: number
  readonly day: number
}

const moving: readonly LotEventType[] = [
  'LotGenerated',
  'LotGenerated',
  'LotGenerated',
  'LotOpened',
  'LotClassified',
  'LotStored',
  'LotTakenOut',
  'LotPickedUp',
  'LotHandedOver',
  'LotAccepted',
  'LotReturned',
  'LotTreated',
  'LotTreated',
  'LotSplit',
  'LotMixedInto',
  'LotDerived',
  'LotStockTaken',
  'LotReserved',
  'LotSetAside',
  'LotLabelled',
]

const deed: fc.Arbitrary<Deed> = fc.record({
  type: fc.constantFrom(...moving),
  lot: fc.nat(4),
  other: fc.nat(4),
  from: fc.nat(4),
  to: fc.nat(4),
  grams: fc.integer({ min: 1, max: 400 }),
  part: fc.nat(400),
  whole: fc.boolean(),
  waste: fc.nat(5).map((n) => (n > 2 ? 0 : n)),
  day: fc.nat(80),
})

/**
 * Histories that no decider would let happen: any event of any lot at any place, in any order, of more mass than there is. The journal must
 * stand them all, because nothing but the deciders keeps them from happening.
 */
export const wildHistory = (deeds: number): fc.Arbitrary<readonly RecordedEvent[]> =>
  fc.array(deed, { minLength: 1, maxLength: deeds, size: 'max' }).map((all) => inStreams(all.map(recordedFrom)))

/** Gives each event its place in its stream. */
export function inStreams(history: readonly RecordedEvent[]): readonly RecordedEvent[] {
  const revisions = new Map<string, number>()
  return history.map((event, i) => {
    const revision = (revisions.get(event.stream) ?? 0) + 1
    revisions.set(event.stream, revision)
    return { ...event, position: i + 1, revision }
  })
}

function recordedFrom(one: Deed, i: number): RecordedEvent {
  const occurredAt = new Date(Date.UTC(2025, 10, 1 + one.day, 4)).toISOString()
  return {
    position: i + 1,
    stream: `lot-L${one.lot}`,
    revision: i + 1,
    id: `00000000-0000-8000-8000-${String(i).padStart(12, '0')}`,
    type: one.type,
    schemaVersion: 1,
    occurredAt,
    recordedAt: new Date(Date.UTC(2026, 0, 1) + i * 60_000).toISOString().replace('Z', '000Z'),
    data: lotEvents[one.type].schema.parse(dataOf(one)),
    metadata: {
      commandId: '5f0c0c0e-0000-4000-8000-000000000002',
      actor: { subject: 'chance', roles: [] },
      provenance: 'book',
    },
  }
}

function placeAt(kind: PlaceKind | undefined, i: number): Place {
  return {
    at: kind ?? 'collection',
    holder: UNITS[i % UNITS.length] ?? '',
    place: `TS00${i % 2}`,
    ...(kind === 'transport' || kind === 'refused' || kind === 'disposal' ? { document: `${MANIFEST}#1` } : {}),
  }
}

function dataOf({ type, lot, other, from: f, to: t, grams, part, whole, waste: w, day }: Deed): unknown {
  const waste = WASTES[w] ?? WASTES[0]
  const [from, to] = [placeAt(KINDS[f], f), placeAt(KINDS[t], t)]
  const origin = { unit: UNITS[lot % UNITS.length], inside: lot % 2 === 0 }
  const move = { waste, from, to, grams }
  const line = { manifest: MANIFEST, line: 1 }
  switch (type) {
    case 'LotOpened':
      return {
        waste,
        origin,
        to,
        grams,
        bornOn: `2024-12-${String(1 + (day % 28)).padStart(2, '0')}`,
        batch: 'HWCS20241201001',
      }
    case 'LotGenerated':
      return { waste, origin, to: placeAt('generation', lot), grams, pool: false }
    case 'LotDerived':
      return {
        waste,
        origin,
        to,
        grams,
        kind: (['residue', 'split', 'mix'] as const)[day % 3],
        sources: [{ lot: `L${other}`, grams }],
        bornOn: '2025-11-01',
      }
    case 'LotClassified':
      return move
    case 'LotLabelled':
      return { label: '913205942CL12TH3BX9004040620251201001' }
    case 'LotStored':
      return { ...move, whole }
    case 'LotTakenOut':
      return { ...move, whole, batch: 'HWCK20251201001' }
    case 'LotReserved':
      return { ...line, from, grams }
    case 'LotReservationReleased':
      return { ...line, reason: 'cancelled' }
    case 'LotSetAside':
      return { treatment: MANIFEST, parts: [{ from, grams }] }
    case 'LotSetAsideEnded':
      return { treatment: MANIFEST, reason: 'never-recorded' }
    case 'LotPickedUp':
      return { ...move, ...line, whole }
    case 'LotHandedOver':
      return { ...move, ...line, leg: 1 }
    case 'LotAccepted':
      return {
        waste,
        from,
        to,
        refusedTo: { ...placeAt('refused', f) },
        ...line,
        accepted: grams,
        refused: part,
        variance: grams - part,
      }
    case 'LotReturned':
      return { ...move, ...line }
    case 'LotTreated':
      // Outputs that need not sum to what was treated: the process must close all the same.
      return {
        waste,
        from,
        grams,
        method: whole ? 'R4' : 'D10',
        treatment: `T${day}`,
        product: part,
        loss: day,
        landfilled: other,
        residues:
          part % 2 === 0
            ? []
            : [{ lot: `L${other}`, waste: WASTES[2], origin, to: placeAt('generation', f), grams: 1 + day }],
      }
    case 'LotSplit':
      return { waste, at: from, child: `L${other}`, grams, ...(whole ? { as: WASTES[day % 3] } : {}) }
    case 'LotMixedInto':
      return { waste, at: from, into: `L${other}`, grams, ...(whole ? { to } : {}) }
    // Corrections of what came before are made where its places are known (correct.test.ts).
    case 'LotCorrected':
      return {
        correction: MANIFEST,
        changes: [{ of: MANIFEST, revision: 1, was: {}, is: {} }],
        reason: 'chance',
        agreed: [],
      }
    case 'LotStockTaken':
      return { waste, at: from, counted: part, booked: grams, reason: 'counted' }
  }
}
