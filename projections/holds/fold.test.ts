import { expect, test } from 'vitest'
import { fixtureEvent } from '../../test/support/fixture-events.ts'
import { specification } from '../../test/support/projection-specification.ts'
import { holdTable } from './fold.ts'
import { holdsProjection } from './projection.ts'

const given = specification(holdsProjection)
const HOLD = 'hold-5f0c0c0e-0000-4000-8000-000000000051'
const id = HOLD.slice('hold-'.length)
const held = fixtureEvent(HOLD, 'CommandHeld')
const released = fixtureEvent(HOLD, 'HoldReleased')
const { units, streams } = held.data
const stateWith = (hold: object) => expect.objectContaining({ hold: expect.objectContaining(hold) })

test('a held command is a row that waits, with whom it concerns', async () => {
  const then = await given().when(held)
  then.thenRows(holdTable, { id, revision: 1, status: 'waiting', held_position: 7, units, streams })
})

test('released and carried out it is done, with the reason and the stream of the act', async () => {
  const done = fixtureEvent(HOLD, 'HoldCompleted')
  const then = await given(held, released).when(done)
  const { reason } = released.data
  then.thenRows(holdTable, { id, revision: 3, status: 'done', state: stateWith({ reason, done: done.data.subject }) })
})

test('what blocks or extends a released command leaves it waiting', async () => {
  const blocked = fixtureEvent(HOLD, 'HoldBlocked')
  const { refusals } = blocked.data
  const then = await given(held, released).when(blocked)
  then.thenRows(holdTable, { id, revision: 3, status: 'waiting', state: stateWith({ blockedBy: refusals }) })
  const more = await given(held, released).when(fixtureEvent(HOLD, 'HoldExtended'))
  more.thenRows(holdTable, { id, revision: 3, status: 'waiting', state: stateWith({ blockedBy: [] }) })
})

test.each([
  ['HoldRejected', 'rejected'],
  ['HoldWithdrawn', 'withdrawn'],
  ['HoldExpired', 'expired'],
] as const)('%s ends it', async (type, status) => {
  const then = await given(held).when(fixtureEvent(HOLD, type))
  then.thenRows(holdTable, { id, revision: 2, status })
})
