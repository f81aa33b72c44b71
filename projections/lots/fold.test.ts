import { expect, test } from 'vitest'
import { fixtureEvent } from '../../test/support/fixture-events.ts'
import { derivedId } from '../../infra/event-store/event-id.ts'
import { specification } from '../../test/support/projection-specification.ts'
import { identifierTable, lotCounterpartTable, lotTable, lotUnitTable } from './fold.ts'
import { lotsProjection } from './projection.ts'

const given = specification(lotsProjection)
const LOT = 'lot-0198c0de-0000-7000-8000-000000000101'
const id = LOT.slice('lot-'.length)
const generated = fixtureEvent(LOT, 'LotGenerated')
const { unit } = generated.data.origin
const name = { unit, target_kind: 'lot', target: id }

test('a generated lot is a row with its mass, its unit and its batch', async () => {
  const then = await given().when(generated)
  then
    .thenRows(lotTable, {
      id,
      stream: 'hazardous',
      code: generated.data.waste.code,
      origin_unit: unit,
      inside: true,
      batch: generated.data.batch ?? null,
      status: 'generated',
      grams: generated.data.grams,
      revision: 1,
    })
    .thenRows(lotUnitTable, { unit, lot: id })
    .thenRows(lotCounterpartTable)
    .thenRows(identifierTable, { ...name, value: generated.data.batch, kind: 'batch' })
})

test('a lot is found by its label and by its batch in the store', async () => {
  const stored = fixtureEvent(LOT, 'LotStored', { from: generated.data.to, batch: 'HWRK20251203001' })
  const labelled = fixtureEvent(LOT, 'LotLabelled')
  const then = await given(generated).when(labelled, stored)
  then
    .thenRows(lotTable, { id, status: 'stored', label: labelled.data.label, revision: 3, position: 21 })
    .thenRows(
      identifierTable,
      { ...name, value: labelled.data.label, kind: 'label' },
      { ...name, value: generated.data.batch, kind: 'batch' },
      { ...name, value: 'HWRK20251203001', kind: 'batch' },
    )
})

test('units that have had the same lot know each other', async () => {
  const pickedUp = fixtureEvent(LOT, 'LotPickedUp', { from: generated.data.to, grams: generated.data.grams })
  const carrier = pickedUp.data.to.holder
  const both = [unit, carrier].sort()
  const then = await given(generated).when(pickedUp)
  then
    .thenRows(lotTable, { id, status: 'on-the-road' })
    .thenRows(lotUnitTable, ...both.map((one) => ({ unit: one, lot: id })))
    .thenRows(lotCounterpartTable, { unit: both[0], other: both[1] }, { unit: both[1], other: both[0] })
})

test('a corrected mass is that of the row, folded from the history of the lot', async () => {
  const [was, is] = [generated.data.grams, generated.data.grams - 1_000]
  const corrected = fixtureEvent(LOT, 'LotCorrected', {
    changes: [{ of: derivedId('spec', 0), revision: 1, was: { grams: was }, is: { grams: is } }],
  })
  const then = await given(generated).when(corrected)
  then.thenRows(lotTable, { id, grams: is, revision: 2, status: 'generated' })
})

test('a manifest is found by its official number', async () => {
  const attached = fixtureEvent('manifest-m1', 'OfficialNumberAttached')
  const then = await given().when(attached)
  then.thenRows(lotTable).thenRows(identifierTable, {
    value: attached.data.number,
    kind: 'manifest-number',
    unit: '',
    target_kind: 'manifest',
    target: 'm1',
  })
  expect(attached.data.number).not.toBe('')
})
