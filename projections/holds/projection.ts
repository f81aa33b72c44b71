import { holdEvents, type HoldEventType } from '../../schemas/hold/events.ts'
import { openDocuments } from '../documents.ts'
import { fromJson, type Projection } from '../projection.ts'
import { foldHolds, holdIdOf, holdRow, holdTable, unknownHold, type FoldedHold, type HoldShape } from './fold.ts'

const shape: HoldShape = {
  table: holdTable,
  initial: unknownHold,
  toRow: holdRow,
  fromRow: (cells) => ({
    revision: Number(cells[1]),
    position: Number(cells[2]),
    state: fromJson<FoldedHold>(cells.at(-1)),
  }),
}

export const holdsProjection: Projection = {
  name: 'holds',
  version: 1,
  byStream: true,
  tables: [holdTable],
  ddl: new URL('./tables.sql', import.meta.url),
  handles: Object.keys(holdEvents) as HoldEventType[],
  open() {
    const documents = openDocuments(shape)
    return {
      async fold(page, rows) {
        const holds = await documents.page(new Set(page.map(({ stream }) => holdIdOf(stream))), rows)
        foldHolds(page, holds)
        return [holds.changes()]
      },
    }
  },
}
