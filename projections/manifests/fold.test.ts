import { expect, test } from 'vitest'
import { fixtureEvent } from '../../test/support/fixture-events.ts'
import { specification } from '../../test/support/projection-specification.ts'
import { manifestCounterpartTable, manifestTable, manifestUnitTable } from './fold.ts'
import { manifestsProjection } from './projection.ts'

const given = specification(manifestsProjection)
const MANIFEST = 'manifest-0198c0de-0000-7000-8000-00000000a001'
const id = MANIFEST.slice('manifest-'.length)
const filed = fixtureEvent(MANIFEST, 'ManifestFiled')
const [consignor, receiver] = [filed.data.consignor.unit, filed.data.receiver.unit]
const carriers = [...new Set(filed.data.legs.map(({ carrier }) => carrier))]
const units = [...new Set([consignor, receiver, filed.data.shipper, ...carriers])].sort()

test('a filed manifest is a row, and every unit with a part in it knows the others', async () => {
  const then = await given().when(filed)
  then
    .thenRows(manifestTable, {
      id,
      number: filed.data.number ?? null,
      form: 'transfer-manifest',
      status: 'filed',
      stream: 'hazardous',
      consignor,
      receiver,
      filed_at: filed.occurredAt,
      picked_up_at: null,
      revision: 1,
    })
    .thenRows(manifestUnitTable, ...units.map((unit) => ({ unit, manifest: id })))
    .thenRows(
      manifestCounterpartTable,
      ...units.flatMap((unit) => units.filter((other) => other !== unit).map((other) => ({ unit, other }))),
    )
})

test('each step has its time, and what the receiver noted is kept by line', async () => {
  const pickedUp = fixtureEvent(MANIFEST, 'ManifestPickedUp')
  const departed = fixtureEvent(MANIFEST, 'ManifestDeparted')
  const arrived = fixtureEvent(MANIFEST, 'ManifestArrived')
  const decided = fixtureEvent(MANIFEST, 'LineDecided')
  const then = await given(filed, pickedUp, departed, arrived).when(decided)
  then.thenRows(manifestTable, {
    id,
    picked_up_at: pickedUp.occurredAt,
    departed_at: departed.occurredAt,
    arrived_at: arrived.occurredAt,
    completed_at: null,
    revision: 5,
    position: 35,
    state: expect.objectContaining({
      notes: { [decided.data.line]: { difference: decided.data.difference, note: decided.data.note } },
    }),
  })
})

test('an official number that comes later is the number of the row', async () => {
  const { number: _, ...unnumbered } = filed.data
  const attached = fixtureEvent(MANIFEST, 'OfficialNumberAttached')
  const then = await given({ ...filed, data: unnumbered }).when(attached)
  then.thenRows(manifestTable, { id, number: attached.data.number, revision: 2 })
})

test('a manifest that was abandoned before it was filed has no row', async () => {
  const then = await given().when(fixtureEvent(MANIFEST, 'ManifestAbandoned'))
  then.thenRows(manifestTable).thenRows(manifestUnitTable).thenRows(manifestCounterpartTable)
})
