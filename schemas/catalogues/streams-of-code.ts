import { WASTE_STREAMS, type WasteStream } from '../values/waste.ts'
import { entryInAnyEdition } from './hazardous-waste.ts'
import { generalCode, generalGroup, groupFitsStream } from './solid-waste.ts'

/** Streams in which a waste code of the lists may stand, by any edition; undefined for a code that no list has. */
export function streamsOfCode(code: string): readonly WasteStream[] | undefined {
  if (entryInAnyEdition(code)) return ['hazardous']
  if (generalCode(code).known === 'unknown') return undefined
  const group = generalGroup(code)
  return group === undefined ? [] : WASTE_STREAMS.filter((stream) => groupFitsStream(group, stream))
}
