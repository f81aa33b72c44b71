import { test } from 'vitest'
import { fixtureEvent } from '../../test/support/fixture-events.ts'
import { specification } from '../../test/support/projection-specification.ts'
import { findingTable, settledTable } from './fold.ts'
import { findingsProjection } from './projection.ts'

const given = specification(findingsProjection)
const LOT = 'lot-0198c0de-0000-7000-8000-000000000101'
const raised = fixtureEvent('finding-R71-m1', 'FindingRaised')

test('findings that travel with an event are rows of its position, in their order', async () => {
  const generated = fixtureEvent(LOT, 'LotGenerated')
  const finding = (rule: string) => ({ rule, severity: 'WARN' as const, pointer: '/grams', facts: { days: 3 } })
  const then = await given(fixtureEvent(LOT, 'LotLabelled')).when({
    ...generated,
    findings: [finding('R106'), finding('R27')],
  })
  const row = { position: 14, event_type: 'LotGenerated', subject_kind: 'lot', subject: LOT.slice(4), finding: null }
  then
    .thenRows(
      findingTable,
      { ...row, seq: 0, rule: 'R106', severity: 'WARN', pointer: '/grams', facts: { days: 3 }, day: '2025-12-03' },
      { ...row, seq: 1, rule: 'R27' },
    )
    .thenRows(settledTable)
})

test('a finding of a timer is a row of its own, and settled in a table beside it, as often as it is raised', async () => {
  const settled = fixtureEvent('finding-R71-m1', 'FindingSettled')
  const then = await given(raised, settled).when(raised)
  const row = {
    rule: 'R71',
    severity: 'ALERT',
    subject_kind: 'manifest',
    finding: 'finding-R71-m1',
    owner: raised.data.owner,
    due_at: raised.data.due,
    internal: false,
  }
  then
    .thenRows(findingTable, { ...row, position: 7, revision: 1 }, { ...row, position: 21, revision: 3 })
    .thenRows(settledTable, {
      finding: 'finding-R71-m1',
      revision: 1,
      settled_at: settled.occurredAt,
      late: true,
    })
})

test('a finding that concerns no unit is a matter of the offices', async () => {
  const then = await given().when({ ...raised, data: { ...raised.data, units: [] } })
  then.thenRows(findingTable, { internal: true })
})
