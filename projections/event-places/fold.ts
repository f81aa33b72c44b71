import type { RecordedEvent } from '../../infra/event-store/port.ts'
import { correctable } from '../../schemas/correction/consents.ts'
import { correctableOfManifest } from '../../schemas/correction/manifest-fields.ts'
import { lotEvents, type LotEventType } from '../../schemas/lot/events.ts'
import { manifestEvents, type ManifestEventType } from '../../schemas/manifest/events.ts'
import type { EventType } from '../../schemas/streams.ts'
import type { Cell, Changes, Table } from '../projection.ts'

export const eventPlaceTable: Table = {
  name: 'event_place',
  columns: { id_head: 'bigint', position: 'bigint' },
  key: ['id_head', 'position'],
  appendOnly: true,
}

/** Types of events of which something may be corrected. */
export const PLACED: readonly EventType[] = [
  ...(Object.keys(lotEvents) as LotEventType[]).filter((type) => Object.keys(correctable(type)).length > 0),
  ...(Object.keys(manifestEvents) as ManifestEventType[]).filter(
    (type) => Object.keys(correctableOfManifest(type)).length > 0,
  ),
]

/** 52 bits of a UUID, its first 13 hex digits without the version, which is the same in all: a safe integer. */
export const headOf = (id: string): number =>
  Number.parseInt(`${id.slice(0, 8)}${id.slice(9, 13)}${id.slice(15, 16)}`, 16)

export function foldEventPlaces(page: readonly RecordedEvent[]): readonly Changes[] {
  const inserts = page.map(({ id, position }): readonly Cell[] => [headOf(id), position])
  return [{ table: eventPlaceTable, inserts, upserts: [], deletes: [] }]
}
