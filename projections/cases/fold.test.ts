import { expect, test } from 'vitest'
import { fixtureEvent } from '../../test/support/fixture-events.ts'
import { specification } from '../../test/support/projection-specification.ts'
import { caseTable } from './fold.ts'
import { casesProjection } from './projection.ts'

const given = specification(casesProjection)
const CASE = 'case-0198c0de-0000-7000-8000-00000000c001'
const id = CASE.slice('case-'.length)
const opened = fixtureEvent(CASE, 'CaseOpened')

test('an opened case is a row with whom it concerns', async () => {
  const then = await given().when(opened)
  then.thenRows(caseTable, {
    id,
    revision: 1,
    status: 'open',
    unit: opened.data.unit,
    finding: '1234-0',
    opened_position: 7,
    units: opened.data.units,
    streams: ['hazardous'],
  })
})

test('answer and result are kept beside the state', async () => {
  const answered = fixtureEvent(CASE, 'CaseAnswered')
  const closed = fixtureEvent(CASE, 'CaseClosed', { note: '已核实' })
  const then = await given(opened, answered).when(closed)
  then.thenRows(caseTable, {
    id,
    revision: 3,
    status: 'closed',
    opened_position: 7,
    state: expect.objectContaining({
      answer: answered.data.answer,
      result: 'rectified',
      note: '已核实',
      late: false,
      closedAt: closed.occurredAt,
    }),
  })
})
