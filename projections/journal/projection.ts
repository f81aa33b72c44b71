import type { LotEventType } from '../../schemas/lot/events.ts'
import { lotEvents } from '../../schemas/lot/events.ts'
import type { Projection } from '../projection.ts'
import { LEVELS } from './cube.ts'
import { openJournal } from './fold.ts'
import {
  balanceTable,
  blockTable,
  dayTable,
  entryTable,
  foldingTable,
  headTable,
  inflowTable,
  lotBookTable,
  monthTable,
  pastTable,
  shortageTable,
} from './tables.ts'

/** The journal with blocks of these sizes; tests use small ones, so that a short history fills many of them. */
export const journalWith = (levels: readonly number[], keptEvery?: number): Projection => ({
  name: 'journal',
  version: 4,
  tables: [
    entryTable,
    dayTable,
    monthTable,
    blockTable,
    balanceTable,
    pastTable,
    lotBookTable,
    shortageTable,
    inflowTable,
    foldingTable,
    headTable,
  ],
  ddl: new URL('tables.sql', import.meta.url),
  handles: Object.keys(lotEvents) as LotEventType[],
  open: () => openJournal(levels, keptEvery),
})

export const journal: Projection = journalWith(LEVELS)
