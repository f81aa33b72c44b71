import { describe, test } from 'vitest'
import { specification } from '../../../infra/commanding/specification.ts'
import { builtinCatalogues } from '../../../schemas/catalogues/builtin.ts'
import type { Context } from '../../../schemas/context.ts'
import type { LotEvent } from '../../../schemas/lot/events.ts'
import { grams } from '../../../schemas/values/mass.ts'
import { ADMIN, BUREAU, unitActor } from '../../../test/support/runtime.ts'
import { classify } from './classify.ts'
import { putOnLabel } from './label.ts'

const unit = '913205942CL12TH3BX'
const stranger = unitActor('913205946W28Y0L2R7', 'receiver')
const at = (time: string) => `2025-12-01T${time}:00+08:00`
const context: Context = {
  actor: ADMIN,
  now: '2025-12-01T10:00:00.000Z',
  provenance: 'live',
  catalogues: builtinCatalogues,
}
const waste = { stream: 'hazardous', code: '900-404-06' } as const
const line = { at: 'generation', holder: unit, place: 'MF0001' } as const
const sorted = { at: 'classification', holder: unit, place: 'MF0001' } as const
const generated: LotEvent = {
  type: 'LotGenerated',
  occurredAt: at('12:53'),
  data: { waste, origin: { unit, inside: true }, to: line, grams: grams(30_500), pool: false },
}
const classified: LotEvent = {
  type: 'LotClassified',
  occurredAt: at('13:00'),
  data: { waste, from: line, to: sorted, grams: grams(30_500), category: 'HW06', hazards: ['T', 'I', 'R'] },
}

describe('a lot is classified', () => {
  const given = specification(classify, context)
  const command = { lot: 'L1', occurredAt: at('13:00') }

  test('whole, under the code it was generated with and the hazards of the list', () => {
    given(generated).when(command).thenEvents(classified)
    given(generated)
      .when(command, { actor: unitActor(unit) })
      .thenEvents(classified)
  })
  test('once', () => {
    given(generated, classified).when(command).refusedAs('nothing-to-classify')
  })
  test('by who holds it: to others it does not exist, to the bureau it does', () => {
    given(generated).when(command, { actor: stranger }).refusedAs('lot-unknown')
    given(generated).when(command, { actor: BUREAU }).refusedAs('not-your-part')
    given().when(command).refusedAs('lot-unknown')
  })
  test('R53: hazards without the first of the list are a warning, with a report they are none', () => {
    given(generated)
      .when({ ...command, hazards: ['In'] })
      .thenWarned('R53')
    given(generated)
      .when({ ...command, hazards: ['T'] })
      .thenWarned()
    given(generated)
      .when({ ...command, hazards: ['I'], report: 'JD-2025-7' })
      .thenWarned()
  })
  test('R06: as something else only with the report of an identification', () => {
    const other = { ...command, waste: { stream: 'hazardous' as const, code: '900-402-06' } }
    given(generated).when(other).refusedBy('R06')
    given(generated)
      .when({ ...other, report: 'JD-2025-7' })
      .thenWarned()
    given(generated)
      .when({ ...command, waste: { stream: 'industrial' as const, code: '900-404-06' }, report: 'JD-2025-7' })
      .refusedBy('R06')
  })
  test('R02: in its own category', () => {
    given(generated)
      .when({ ...command, category: 'HW08' })
      .refusedBy('R02')
  })
  test('R59: not before it was generated', () => {
    given(generated)
      .when({ ...command, occurredAt: at('12:52') })
      .refusedBy('R59')
  })
  test('under the list of the day it was generated on, however late', () => {
    // 261-100-11 stood in the list of 2021 and is gone from that of 2025.
    const gone = { stream: 'hazardous', code: '261-100-11' } as const
    const born = (occurredAt: string): LotEvent => ({
      ...generated,
      occurredAt,
      data: { ...generated.data, waste: gone },
    })
    const late = { ...command, occurredAt: '2025-01-01T01:00:00+08:00' }
    given(born('2024-12-31T23:00:00+08:00')).when(late, { provenance: 'book' }).thenWarned()
    given(born('2025-01-01T00:00:00+08:00')).when(late, { provenance: 'book' }).refusedBy('R02')
  })
})

describe('a lot is labelled', () => {
  const given = specification(putOnLabel, { ...context, taken: false })
  const label = `${unit}9004040620251201001`
  const command = { lot: 'L1', label, occurredAt: at('13:10') }
  const labelled: LotEvent = { type: 'LotLabelled', occurredAt: at('13:10'), data: { label } }

  test('with unit, code and generation day', () => {
    given(generated, classified).when(command).thenEvents(labelled)
  })
  test('once', () => {
    given(generated, classified, labelled).when(command).refusedAs('already-labelled')
  })
  test('R31: not with the label of another unit, code or day, nor with serial 000', () => {
    for (const wrong of [
      '9132059461TJ3Y7LLY9004040620251201001',
      `${unit}9004020620251201001`,
      `${unit}9004040620251202001`,
      `${unit}9004040620251201000`,
    ]) {
      given(generated, classified)
        .when({ ...command, label: wrong })
        .refusedBy('R31')
    }
  })
  test('R31: not with the label that another lot bears', () => {
    given(generated, classified).when(command, { taken: true }).refusedBy('R31')
  })
  test('only where it is hazardous waste in a container', () => {
    const plastic = { stream: 'industrial', code: '900-003-S17' } as const
    given({ ...generated, data: { ...generated.data, waste: plastic } })
      .when(command)
      .refusedAs('needs-no-label')
    given({ ...generated, data: { ...generated.data, waste: plastic, pool: true } })
      .when(command)
      .refusedAs('pools-have-no-label')
  })
  test('and keeps its code from then on', () => {
    const relabel = {
      lot: 'L1',
      waste: { stream: 'hazardous' as const, code: '900-402-06' },
      report: 'JD-2025-7',
      occurredAt: at('14:00'),
    }
    specification(classify, context)(generated, labelled).when(relabel).refusedAs('already-labelled')
  })
})
