import { test } from 'vitest'
import { derivedId } from '../../infra/event-store/event-id.ts'
import { fixtureEvent } from '../../test/support/fixture-events.ts'
import { specification } from '../../test/support/projection-specification.ts'
import { eventPlaceTable, headOf } from './fold.ts'
import { eventPlacesProjection } from './projection.ts'

const LOT = 'lot-0198c0de-0000-7000-8000-000000000101'

test('events that may be corrected are found by the head of their id; others are left out', async () => {
  const then = await specification(eventPlacesProjection)(fixtureEvent(LOT, 'LotGenerated')).when(
    fixtureEvent(LOT, 'LotReserved'),
    fixtureEvent(LOT, 'LotLabelled'),
  )
  const places = [
    { id_head: headOf(derivedId('spec', 0)), position: 7 },
    { id_head: headOf(derivedId('spec', 2)), position: 21 },
  ]
  then.thenRows(eventPlaceTable, ...places.sort((a, b) => a.id_head - b.id_head))
})
