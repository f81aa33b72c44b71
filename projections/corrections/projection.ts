import { correctionEvents, type CorrectionEventType } from '../../schemas/correction/events.ts'
import { openDocuments } from '../documents.ts'
import { fromJson, type Projection } from '../projection.ts'
import {
  correctionIdOf,
  correctionRow,
  correctionTable,
  foldCorrections,
  unknownCorrection,
  type CorrectionShape,
  type FoldedCorrection,
} from './fold.ts'

const shape: CorrectionShape = {
  table: correctionTable,
  initial: unknownCorrection,
  toRow: correctionRow,
  fromRow: (cells) => ({
    revision: Number(cells[1]),
    position: Number(cells[2]),
    state: fromJson<FoldedCorrection>(cells.at(-1)),
  }),
}

export const correctionsProjection: Projection = {
  name: 'corrections',
  version: 2,
  byStream: true,
  tables: [correctionTable],
  ddl: new URL('./tables.sql', import.meta.url),
  handles: Object.keys(correctionEvents) as CorrectionEventType[],
  open() {
    const documents = openDocuments(shape)
    return {
      async fold(page, rows) {
        const corrections = await documents.page(new Set(page.map(({ stream }) => correctionIdOf(stream))), rows)
        foldCorrections(page, corrections)
        return [corrections.changes()]
      },
    }
  },
}
