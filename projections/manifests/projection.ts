import { manifestEvents, type ManifestEventType } from '../../schemas/manifest/events.ts'
import { openDocuments, type DocumentShape } from '../documents.ts'
import { fromJson, type Cell, type Changes, type Projection, type Table } from '../projection.ts'
import {
  foldManifests,
  manifestCounterpartTable,
  manifestIdOf,
  manifestRow,
  manifestTable,
  manifestUnitTable,
  unknownManifest,
  type KnownManifest,
} from './fold.ts'

const shape: DocumentShape<KnownManifest> = {
  table: manifestTable,
  initial: unknownManifest,
  toRow: manifestRow,
  fromRow(cells) {
    const [revision, position, state] = cells.slice(-3)
    return { revision: Number(revision), position: Number(position), state: fromJson<KnownManifest>(state) }
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

export const manifestsProjection: Projection = {
  name: 'manifests',
  version: 2,
  byStream: true,
  tables: [manifestTable, manifestUnitTable, manifestCounterpartTable],
  ddl: new URL('./tables.sql', import.meta.url),
  handles: Object.keys(manifestEvents) as ManifestEventType[],
  open() {
    const documents = openDocuments(shape)
    return {
      async fold(page, rows, past) {
        const manifests = await documents.page(new Set(page.flatMap(({ stream }) => manifestIdOf(stream) ?? [])), rows)
        const { units, counterparts } = await foldManifests(page, manifests, past)
        return [manifests.changes(), inserts(manifestUnitTable, units), upserts(manifestCounterpartTable, counterparts)]
      },
    }
  },
}
