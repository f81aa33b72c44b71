import { caseEvents, type CaseEventType } from '../../schemas/case/events.ts'
import { openDocuments } from '../documents.ts'
import { fromJson, type Projection } from '../projection.ts'
import { caseIdOf, caseRow, caseTable, foldCases, unknownCase, type CaseShape, type FoldedCase } from './fold.ts'

const shape: CaseShape = {
  table: caseTable,
  initial: unknownCase,
  toRow: caseRow,
  fromRow: (cells) => ({
    revision: Number(cells[1]),
    position: Number(cells[2]),
    state: fromJson<FoldedCase>(cells.at(-1)),
  }),
}

export const casesProjection: Projection = {
  name: 'cases',
  version: 1,
  byStream: true,
  tables: [caseTable],
  ddl: new URL('./tables.sql', import.meta.url),
  handles: Object.keys(caseEvents) as CaseEventType[],
  open() {
    const documents = openDocuments(shape)
    return {
      async fold(page, rows) {
        const cases = await documents.page(new Set(page.map(({ stream }) => caseIdOf(stream))), rows)
        foldCases(page, cases)
        return [cases.changes()]
      },
    }
  },
}
