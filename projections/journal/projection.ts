import type { LotEventType } from '../../schemas/lot/events.ts'
import { lotEventSchemas } from '../../schemas/lot/events.ts'
import type { Projection } from '../projection.ts'
import { LEVELS } from './cube.ts'
import { openJournal } from './fold.ts'
import {
  balanceTable,
  blockTable,
  dayTable,
  entryTable,
  headTable,
  lotBookTable,
  monthTable,
  pastTable,
  shortageTable,
} from './tables.ts'

/** The journal with blocks of these sizes; tests use small ones, so that a short history fills many of them. */
export const journalWith = (levels: readonly number[]): Projection => ({
  name: 'journal',
  version: 3,
  tables: [
    entryTable,
    dayTable,
    monthTable,
    blockTable,
    balanceTable,
    pastTable,
    lotBookTable,
    shortageTable,
    headTable,
  ],
  ddl: new URL('tables.sql', import.meta.url),
  handles: Object.keys(lotEventSchemas) as LotEventType[],
  open: () => openJournal(levels),
})

export const journal: Projection = journalWith(LEVELS)
