import type { Projection } from '../projection.ts'
import { eventPlaceTable, foldEventPlaces, PLACED } from './fold.ts'

export const eventPlacesProjection: Projection = {
  name: 'event-places',
  version: 2,
  tables: [eventPlaceTable],
  ddl: new URL('./tables.sql', import.meta.url),
  handles: PLACED,
  open: () => ({ fold: (page) => Promise.resolve(foldEventPlaces(page)) }),
}
