import { lotEvents, type LotEventType } from '../../schemas/lot/events.ts'
import { openDocuments, type DocumentShape } from '../documents.ts'
import { fromJson, type Cell, type Changes, type Projection, type Table } from '../projection.ts'
import {
  foldLots,
  identifierTable,
  lotCounterpartTable,
  lotIdOf,
  lotRow,
  lotTable,
  lotUnitTable,
  unknownLot,
  type KnownLot,
} from './fold.ts'

const shape: DocumentShape<KnownLot> = {
  table: lotTable,
  initial: unknownLot,
  toRow: lotRow,
  fromRow(cells) {
    const [revision, position, state] = cells.slice(-3)
    return { revision: Number(revision), position: Number(position), state: fromJson<KnownLot>(state) }
  },
}

// A unit joins once: the state that is kept with the row says who has joined.
const inserts = (table: Table, rows: readonly (readonly Cell[])[]): Changes => ({
  table,
  inserts: rows,
  upserts: [],
  deletes: [],
})
const upserts = (table: Table, rows: readonly (readonly Cell[])[]): Changes => ({
  table,
  inserts: [],
  upserts: rows,
  deletes: [],
})

export const lotsProjection: Projection = {
  name: 'lots',
  version: 1,
  byStream: true,
  tables: [lotTable, lotUnitTable, lotCounterpartTable, identifierTable],
  ddl: new URL('./tables.sql', import.meta.url),
  handles: [...(Object.keys(lotEvents) as LotEventType[]), 'ManifestFiled', 'OfficialNumberAttached'],
  open() {
    const documents = openDocuments(shape)
    return {
      async fold(page, rows, past) {
        const ids = new Set<string>()
        for (const { stream } of page) {
          const id = lotIdOf(stream)
          if (id !== undefined) ids.add(id)
        }
        const lots = await documents.page(ids, rows)
        const { units, counterparts, identifiers } = await foldLots(page, lots, past)
        return [
          lots.changes(),
          inserts(lotUnitTable, units),
          upserts(lotCounterpartTable, counterparts),
          upserts(identifierTable, identifiers),
        ]
      },
    }
  },
}
