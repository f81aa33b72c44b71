import { upcast } from '../../infra/event-store/upcast.ts'
import type { RecordedEvent } from '../../infra/event-store/port.ts'
import { streams } from '../../schemas/streams.ts'
import { correctedHistory } from '../../schemas/correction/changes.ts'
import type { LotEvent, LotEventOf } from '../../schemas/lot/events.ts'
import { evolveLot, noLot, type Lot } from '../../schemas/lot/state.ts'
import type { ManifestEvent } from '../../schemas/manifest/events.ts'
import type { PlaceKind } from '../../schemas/values/place.ts'
import type { Document, DocumentPage } from '../documents.ts'
import { plus, totalOf, type Total } from '../../schemas/values/total.ts'
import type { Cell, Past, Table } from '../projection.ts'

export const lotTable: Table = {
  name: 'lot',
  columns: {
    id: 'text',
    stream: 'text',
    code: 'text',
    name: 'text',
    origin_unit: 'text',
    inside: 'boolean',
    batch: 'text',
    label: 'text',
    born_on: 'date',
    pool: 'boolean',
    status: 'text',
    grams: 'bigint',
    revision: 'integer',
    position: 'bigint',
    state: 'jsonb',
  },
  key: ['id'],
}
export const lotUnitTable: Table = {
  name: 'lot_unit',
  columns: { unit: 'text', lot: 'text' },
  key: ['unit', 'lot'],
  appendOnly: true,
}
export const lotCounterpartTable: Table = {
  name: 'lot_counterpart',
  columns: { unit: 'text', other: 'text' },
  key: ['unit', 'other'],
}
export const identifierTable: Table = {
  name: 'identifier',
  columns: { value: 'text', kind: 'text', unit: 'text', target_kind: 'text', target: 'text' },
  key: ['value', 'kind', 'unit', 'target'],
}

/** A lot and every unit that it has been with. */
export interface KnownLot {
  readonly lot: Lot
  readonly units: readonly string[]
}
export const unknownLot: KnownLot = { lot: noLot, units: [] }

/** Where mass of the lot lies that is least far along; `empty` where none is left. */
export const LOT_STATUSES = [
  'generated',
  'classified',
  'stored',
  'on-the-road',
  'refused',
  'received',
  'empty',
] as const
export type LotStatus = (typeof LOT_STATUSES)[number]
const statusAt: Readonly<Record<PlaceKind, LotStatus>> = {
  generation: 'generated',
  classification: 'classified',
  collection: 'stored',
  transport: 'on-the-road',
  refused: 'refused',
  disposal: 'received',
}

export function lotStatus({ held }: Lot): LotStatus {
  const present = new Set(Object.values(held).map(({ place }) => statusAt[place.at]))
  return LOT_STATUSES.find((status) => present.has(status)) ?? 'empty'
}

export const lotGrams = ({ held }: Lot): Total =>
  Object.values(held).reduce<Total>((sum, { grams }) => plus(sum, totalOf(grams)), 0)

export function lotRow(id: string, { state: { lot, units }, revision, position }: Document<KnownLot>): readonly Cell[] {
  return [
    id,
    lot.waste?.stream ?? '',
    lot.waste?.code ?? '',
    lot.name ?? null,
    lot.origin?.unit ?? '',
    lot.origin?.inside ?? false,
    lot.batch ?? null,
    lot.label ?? null,
    lot.bornOn,
    lot.pool,
    lotStatus(lot),
    lotGrams(lot),
    revision,
    position,
    JSON.stringify({ lot, units }),
  ]
}

/** Rows of the tables beside the lots, which only ever grow. */
export interface LotPage {
  readonly units: readonly (readonly Cell[])[]
  readonly counterparts: readonly (readonly Cell[])[]
  readonly identifiers: readonly (readonly Cell[])[]
}

const LOT = 'lot-'
const MANIFEST = 'manifest-'
export const lotIdOf = (stream: string): string | undefined =>
  stream.startsWith(LOT) ? stream.slice(LOT.length) : undefined

/**
 * Folds one page into the lots that it touches. An event that a lot holds already changes nothing; nor does one of a lot that
 * never came to be, which the deciders keep from happening and a total fold must stand.
 */
export async function foldLots(
  page: readonly RecordedEvent[],
  lots: DocumentPage<KnownLot>,
  past: Past,
): Promise<LotPage> {
  const units: Cell[][] = []
  const counterparts = new Map<string, Cell[]>()
  const identifiers = new Map<string, readonly Cell[]>()
  const name = (rows: readonly (readonly Cell[])[]) => {
    for (const row of rows) identifiers.set(row.join('|'), row)
  }

  for (const recorded of page) {
    const id = lotIdOf(recorded.stream)
    if (id === undefined) {
      if (recorded.stream.startsWith(MANIFEST))
        name(manifestNames(recorded.stream.slice(MANIFEST.length), upcast(recorded) as ManifestEvent))
      continue
    }
    const event = upcast(recorded) as LotEvent
    const { state, revision } = lots.get(id)
    if (recorded.revision <= revision) continue
    if (event.type === 'LotCorrected') {
      const { lot, events } = await correctedLot(recorded, past)
      // One that never was keeps its row, with nothing in it: it was shown before.
      const shown = lot.exists
        ? lot
        : { ...noLot, waste: state.lot.waste, origin: state.lot.origin, bornOn: state.lot.bornOn }
      lots.put(id, {
        state: { lot: shown, units: state.units },
        revision: recorded.revision,
        position: recorded.position,
      })
      for (const one of events) name(lotNames(id, shown, one))
      continue
    }
    const lot = evolveLot(state.lot, event)
    if (!lot.exists) continue
    const joining = streams.unitsJoining(event, state.units)
    const known = joining.length === 0 ? state.units : [...state.units, ...joining]
    for (const unit of joining) {
      units.push([unit, id])
      for (const other of known) {
        if (other === unit) continue
        counterparts.set(`${unit}|${other}`, [unit, other])
        counterparts.set(`${other}|${unit}`, [other, unit])
      }
    }
    lots.put(id, { state: { lot, units: known }, revision: recorded.revision, position: recorded.position })
    name(lotNames(id, lot, event))
  }
  return { units, counterparts: [...counterparts.values()], identifiers: [...identifiers.values()] }
}

/** A lot as its history up to this correction of it leads to, and the corrected events as they are now. */
async function correctedLot(
  { stream, revision, data }: RecordedEvent,
  past: Past,
): Promise<{ readonly lot: Lot; readonly events: readonly LotEvent[] }> {
  const history = (await past.of(stream))
    .filter((event) => event.revision <= revision)
    .map((event) => ({ revision: event.revision, event: upcast(event) as LotEvent }))
  const now = correctedHistory(history)
  const changed = new Set((data as LotEventOf<'LotCorrected'>['data']).changes.map((change) => change.revision))
  return {
    lot: now.reduce((lot, { event }) => evolveLot(lot, event), noLot),
    events: now.flatMap((placed) => (changed.has(placed.revision) ? [placed.event] : [])),
  }
}

const named = (
  kind: string,
  unit: string,
  lot: string,
  ...values: readonly (string | undefined)[]
): readonly (readonly Cell[])[] =>
  values.flatMap((value) => (value === undefined ? [] : [[value, kind, unit, 'lot', lot]]))

function lotNames(id: string, lot: Lot, event: LotEvent): readonly (readonly Cell[])[] {
  const unit = lot.origin?.unit ?? ''
  switch (event.type) {
    case 'LotOpened':
      return named('batch', unit, id, event.data.batch, event.data.storeIn)
    case 'LotGenerated':
      return named(event.data.pool ? 'record' : 'batch', unit, id, event.data.batch)
    case 'LotStored':
      return named('batch', event.data.to.holder, id, event.data.batch)
    case 'LotTakenOut':
      return named('batch', event.data.from.holder, id, event.data.batch)
    case 'LotLabelled':
      return named('label', unit, id, event.data.label)
    case 'LotDerived':
    case 'LotClassified':
    case 'LotReserved':
    case 'LotReservationReleased':
    case 'LotSetAside':
    case 'LotSetAsideEnded':
    case 'LotPickedUp':
    case 'LotHandedOver':
    case 'LotAccepted':
    case 'LotReturned':
    case 'LotTreated':
    case 'LotSplit':
    case 'LotMixedInto':
    case 'LotStockTaken':
    case 'LotCorrected':
      return []
  }
}

/** An official number is unique in the country (R48); a record's number only within its unit. */
function manifestNames(id: string, event: ManifestEvent): readonly (readonly Cell[])[] {
  if (event.type === 'OfficialNumberAttached') return [[event.data.number, 'manifest-number', '', 'manifest', id]]
  if (event.type !== 'ManifestFiled' || event.data.number === undefined) return []
  const { form, number, consignor } = event.data
  return [
    form === 'transfer-manifest'
      ? [number, 'manifest-number', '', 'manifest', id]
      : [number, 'record', consignor.unit, 'manifest', id],
  ]
}
