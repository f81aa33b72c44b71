import { upcast } from '../../infra/event-store/upcast.ts'
import type { RecordedEvent } from '../../infra/event-store/port.ts'
import { correctedHistory } from '../../schemas/correction/changes.ts'
import type { ManifestEvent } from '../../schemas/manifest/events.ts'
import { evolveManifest, noManifest, type Manifest } from '../../schemas/manifest/state.ts'
import { streams } from '../../schemas/streams.ts'
import type { Document, DocumentPage } from '../documents.ts'
import type { Cell, Past, Table } from '../projection.ts'

export const manifestTable: Table = {
  name: 'manifest',
  columns: {
    id: 'text',
    number: 'text',
    form: 'text',
    status: 'text',
    stream: 'text',
    consignor: 'text',
    receiver: 'text',
    filed_at: 'timestamptz',
    picked_up_at: 'timestamptz',
    departed_at: 'timestamptz',
    arrived_at: 'timestamptz',
    weighed_at: 'timestamptz',
    completed_at: 'timestamptz',
    revision: 'integer',
    position: 'bigint',
    state: 'jsonb',
  },
  key: ['id'],
}
export const manifestUnitTable: Table = {
  name: 'manifest_unit',
  columns: { unit: 'text', manifest: 'text' },
  key: ['unit', 'manifest'],
  appendOnly: true,
}
export const manifestCounterpartTable: Table = {
  name: 'manifest_counterpart',
  columns: { unit: 'text', other: 'text' },
  key: ['unit', 'other'],
}

/** When each step happened, as claimed (RFC 3339 with offset). */
export interface Steps {
  readonly filed?: string
  readonly pickedUp?: string
  readonly departed?: string
  readonly arrived?: string
  readonly weighed?: string
  readonly completed?: string
  readonly cancelled?: string
}

/** What the receiver noted about a line, beside its masses. */
export interface LineNote {
  readonly difference: string
  readonly note?: string
}

/** A manifest with what readers need beside its state: its times, the receiver's notes, and every unit that has a part in it. */
export interface KnownManifest {
  readonly manifest: Manifest
  readonly destination: string
  readonly steps: Steps
  /** By line number. */
  readonly notes: Readonly<Record<string, LineNote>>
  readonly units: readonly string[]
}
export const unknownManifest: KnownManifest = {
  manifest: noManifest,
  destination: 'in-province',
  steps: {},
  notes: {},
  units: [],
}

const PREFIX = 'manifest-'
export const manifestIdOf = (stream: string): string | undefined =>
  stream.startsWith(PREFIX) ? stream.slice(PREFIX.length) : undefined

export function manifestRow(id: string, { state, revision, position }: Document<KnownManifest>): readonly Cell[] {
  const { manifest, steps } = state
  return [
    id,
    manifest.number ?? null,
    manifest.form,
    manifest.status,
    manifest.lines[0]?.waste.stream ?? '',
    manifest.consignor,
    manifest.receiver,
    manifest.filedAt,
    steps.pickedUp ?? null,
    steps.departed ?? null,
    steps.arrived ?? null,
    steps.weighed ?? null,
    steps.completed ?? null,
    revision,
    position,
    JSON.stringify(state),
  ]
}

export interface ManifestPage {
  readonly units: readonly (readonly Cell[])[]
  readonly counterparts: readonly (readonly Cell[])[]
}

/**
 * Folds one page into the manifests that it touches. An event that a manifest holds already changes nothing; one that was never filed
 * (its filing died on the way, or was abandoned) has no row.
 */
export async function foldManifests(
  page: readonly RecordedEvent[],
  manifests: DocumentPage<KnownManifest>,
  past: Past,
): Promise<ManifestPage> {
  const units: Cell[][] = []
  const counterparts = new Map<string, Cell[]>()
  for (const recorded of page) {
    const id = manifestIdOf(recorded.stream)
    if (id === undefined) continue
    const { state, revision } = manifests.get(id)
    if (recorded.revision <= revision) continue
    const next =
      recorded.type === 'ManifestCorrected'
        ? await corrected(recorded, state, past)
        : evolve(state, upcast(recorded) as ManifestEvent)
    if (next.manifest.filedAt === '') continue
    manifests.put(id, { state: next, revision: recorded.revision, position: recorded.position })
    for (const unit of next.units) {
      if (state.units.includes(unit)) continue
      units.push([unit, id])
      for (const other of next.units) {
        if (other === unit) continue
        counterparts.set(`${unit}|${other}`, [unit, other])
        counterparts.set(`${other}|${unit}`, [other, unit])
      }
    }
  }
  return { units, counterparts: [...counterparts.values()] }
}

/** What a corrected manifest is: folded from its whole history as all of its corrections leave it. Units that had a part in it keep it. */
async function corrected(
  { stream, revision }: RecordedEvent,
  { units }: KnownManifest,
  past: Past,
): Promise<KnownManifest> {
  const history = (await past.of(stream))
    .filter((event) => event.revision <= revision)
    .map((event) => ({ revision: event.revision, event: upcast(event) as ManifestEvent }))
  return correctedHistory(history).reduce((known, { event }) => evolve(known, event), { ...unknownManifest, units })
}

function evolve(known: KnownManifest, event: ManifestEvent): KnownManifest {
  const manifest = evolveManifest(known.manifest, event)
  const joining = streams.unitsJoining(event, known.units)
  const next: KnownManifest = {
    ...known,
    manifest,
    units: joining.length === 0 ? known.units : [...known.units, ...joining],
  }
  const at = (step: keyof Steps): KnownManifest => ({
    ...next,
    steps: { ...known.steps, [step]: event.occurredAt },
  })
  switch (event.type) {
    case 'ManifestFiled':
      return { ...at('filed'), destination: event.data.destination }
    case 'ManifestPickedUp':
      return at('pickedUp')
    case 'ManifestDeparted':
      return at('departed')
    case 'ManifestArrived':
      return at('arrived')
    case 'LoadWeighed':
      return at('weighed')
    case 'ManifestCompleted':
      return at('completed')
    case 'ManifestCancelled':
      return at('cancelled')
    case 'LineDecided': {
      const { line, difference, note } = event.data
      return {
        ...next,
        notes: { ...known.notes, [line]: { difference, ...(note === undefined ? {} : { note }) } },
      }
    }
    case 'ManifestHandedOver':
    case 'ManifestAbandoned':
    case 'OfficialNumberAttached':
    case 'LineReturned':
    case 'LineTreated':
    case 'LinePassedOn':
    case 'ManifestCorrected':
      return next
  }
}
