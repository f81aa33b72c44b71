import { expect, test } from 'vitest'
import { unfiledReservations } from '../../schemas/processes/unfiled-reservations.ts'
import { fixtureEvent } from '../../test/support/fixture-events.ts'
import { specification } from '../../test/support/projection-specification.ts'
import { deadlineTable, outageTable, processTable, timedTable } from './fold.ts'
import { processesOf, processesProjection } from './projection.ts'

const LOT = 'lot-0198c0de-0000-7000-8000-000000000101'
const reserved = fixtureEvent(LOT, 'LotReserved')
const { manifest } = reserved.data
const MANIFEST = `manifest-${manifest}`
const filed = fixtureEvent(MANIFEST, 'ManifestFiled')

test('a reservation is an instance with a deadline, in which the filing is abandoned', async () => {
  const then = await specification(processesOf([unfiledReservations]))().when(reserved)
  then.thenRows(processTable, { id: `unfiled-reservations/${manifest}` }).thenRows(deadlineTable, {
    id: `unfiled-reservations/${manifest}/abandon`,
    process: 'unfiled-reservations',
    instance: manifest,
    effect: expect.objectContaining({ type: 'send', command: expect.objectContaining({ type: 'abandon-filing' }) }),
  })
})

test('once it is filed neither is left', async () => {
  const then = await specification(processesOf([unfiledReservations]))(reserved).when(filed)
  then.thenRows(processTable).thenRows(deadlineTable).thenRows(timedTable)
})

test('terms of law are deadlines; an outage is kept, and lengthens those that are open', async () => {
  const given = specification(processesProjection)
  const before = [filed, fixtureEvent(MANIFEST, 'ManifestPickedUp'), fixtureEvent(MANIFEST, 'ManifestArrived')]
  const outage = fixtureEvent('outage-1', 'OutageDeclared')
  const timed = { process: 'manifest-terms', id: `manifest-terms/${manifest}` }
  const open = await given(...before).when()
  open.thenRows(timedTable, timed).thenRows(outageTable)
  const then = await given(...before).when(outage)
  then.thenRows(timedTable, timed).thenRows(outageTable, {
    scope: 'park',
    from_at: outage.data.startedAt,
    to_at: outage.data.endedAt,
  })
  const due = (rows: readonly Readonly<Record<string, unknown>>[]) =>
    rows.map((row) => Date.parse(String(row['due_at'])))
  const [was, is] = [due(open.rows(deadlineTable)), due(then.rows(deadlineTable))]
  expect(was.length).toBeGreaterThan(0)
  expect(is.map((at, i) => at - (was[i] ?? 0) > 0)).toEqual(was.map(() => true))
})
