import { expect, test } from 'vitest'
import { fixtureEvent } from '../../test/support/fixture-events.ts'
import { specification } from '../../test/support/projection-specification.ts'
import { correctionTable } from './fold.ts'
import { correctionsProjection } from './projection.ts'

const given = specification(correctionsProjection)
const CORRECTION = 'correction-5f0c0c0e-0000-4000-8000-000000000041'
const id = CORRECTION.slice('correction-'.length)
const proposed = fixtureEvent(CORRECTION, 'CorrectionProposed')
const { lot, units, streams } = proposed.data

test('a proposal is a row with its document and whom it concerns', async () => {
  const then = await given().when(proposed)
  then.thenRows(correctionTable, { id, revision: 1, document: lot, proposed_position: 7, units, streams })
})

test('it ends when it is applied, or is refused with the reason and the unit', async () => {
  const applied = fixtureEvent(CORRECTION, 'CorrectionApplied')
  const refused = fixtureEvent(CORRECTION, 'CorrectionRefused')
  const agreed = await given(proposed, fixtureEvent(CORRECTION, 'CorrectionConsented')).when(applied)
  agreed.thenRows(correctionTable, {
    id,
    revision: 3,
    document: lot,
    state: expect.objectContaining({ endedAt: applied.occurredAt }),
  })
  const declined = await given(proposed).when(refused)
  declined.thenRows(correctionTable, {
    id,
    revision: 2,
    state: expect.objectContaining({ refusal: refused.data.reason, refusedBy: refused.data.unit }),
  })
})
