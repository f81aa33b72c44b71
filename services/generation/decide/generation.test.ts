import { describe, test } from 'vitest'
import type { GenerationContext } from '../../../schemas/rules/questions.ts'
import { specification } from '../../../infra/commanding/specification.ts'
import { builtinCatalogues } from '../../../schemas/catalogues/builtin.ts'
import type { LotEvent } from '../../../schemas/lot/events.ts'
import { noUnit } from '../../../schemas/unit/state.ts'
import { grams } from '../../../schemas/values/mass.ts'
import { ADMIN, BUREAU, unitActor } from '../../../test/support/runtime.ts'
import { generate } from './generate.ts'
import { open } from './open.ts'
import { intoPool } from './pool.ts'

const unit = '913205942CL12TH3BX'
const occurredAt = '2025-12-01T12:53:00+08:00'
const context: GenerationContext = {
  actor: ADMIN,
  now: '2025-12-01T05:00:00.000Z',
  provenance: 'live',
  catalogues: builtinCatalogues,
  unit: { ...noUnit, exists: true, unit, inside: true },
  lot: 'L1',
}
const waste = { stream: 'hazardous', code: '900-404-06' } as const
const command = {
  unit,
  waste,
  grams: grams(30_500),
  batch: 'HWCS20251201001',
  facility: 'MF0001',
  occurredAt,
  handler: undefined,
}
const generated: LotEvent = {
  type: 'LotGenerated',
  occurredAt,
  data: {
    waste,
    origin: { unit, inside: true },
    to: { at: 'generation', holder: unit, place: 'MF0001' },
    grams: grams(30_500),
    pool: false,
    batch: 'HWCS20251201001',
  },
}

describe('hazardous waste is generated', () => {
  const given = specification(generate, context)
  test('at a facility of its producer', () => {
    given().when(command).thenEvents(generated)
    given()
      .when(command, { actor: unitActor(unit) })
      .thenEvents(generated)
  })
  test('outside the park by a unit outside the park', () => {
    const outside = { ...generated, data: { ...generated.data, origin: { unit, inside: false } } } as LotEvent
    given()
      .when(command, { unit: { ...context.unit, inside: false } })
      .thenEvents(outside)
  })
  test('once', () => {
    given(generated).when(command).refusedAs('lot-exists')
  })
  test('by a registered unit, in its own name', () => {
    given().when(command, { unit: noUnit }).refusedAs('unit-unknown', '/unit')
    given()
      .when(command, { actor: unitActor('913205946W28Y0L2R7') })
      .refusedAs('not-your-part')
    given().when(command, { actor: BUREAU }).refusedAs('not-your-part')
    given()
      .when(command, { actor: unitActor(unit, 'driver') })
      .refusedAs('not-your-part')
  })
  test('R02: under a code of the list of that day', () => {
    given()
      .when({ ...command, waste: { ...waste, code: '999-999-06' } })
      .refusedBy('R02')
  })
  test('R03: in a category that exists', () => {
    given()
      .when({ ...command, waste: { ...waste, code: '900-404-41' } })
      .refusedBy('R03')
  })
  test('R06: not under a code of general waste', () => {
    given()
      .when({ ...command, waste: { ...waste, code: '900-003-S17' } })
      .refusedBy('R06')
  })
  test('R59: not in the future, but for what clocks may differ', () => {
    given()
      .when({ ...command, occurredAt: '2025-12-01T13:04:59+08:00' })
      .thenWarned()
    given()
      .when({ ...command, occurredAt: '2025-12-01T13:05:01+08:00' })
      .refusedBy('R59')
  })
  test('R106: late with a finding, from a book without', () => {
    given()
      .when({ ...command, batch: undefined, occurredAt: '2025-11-20T12:53:00+08:00', reason: '停电' })
      .thenWarned('R106')
    given()
      .when({ ...command, batch: undefined, occurredAt: '2025-11-20T12:53:00+08:00' }, { provenance: 'book' })
      .thenWarned()
  })
  test('R25: a code of its own making is as good, one of another step or day warns', () => {
    for (const batch of ['车间1#a', 'hw-001', 'CSHW20251201001', 'HWCS2025-12-01'])
      given()
        .when({ ...command, batch })
        .thenWarned()
    for (const batch of ['HWRK20251201001', 'hwck20251201001', 'HWCS20251130001'])
      given()
        .when({ ...command, batch })
        .thenWarned('R25')
  })
})

describe('general industrial waste goes into the pool of its code', () => {
  const given = specification(intoPool, context)
  const plastic = { stream: 'industrial', code: '900-003-S17' } as const
  const record = {
    unit,
    waste: plastic,
    grams: grams(1_343_000),
    record: 'CS20251201001',
    occurredAt,
    handler: undefined,
  }
  const line = { at: 'generation', holder: unit, place: '' } as const
  const sorted = { at: 'classification', holder: unit, place: '' } as const
  const pool = { at: 'collection', holder: unit, place: 'pool' } as const
  const pooled: readonly LotEvent[] = [
    {
      type: 'LotGenerated',
      occurredAt,
      data: {
        waste: plastic,
        origin: { unit, inside: true },
        to: line,
        grams: grams(1_343_000),
        pool: true,
        batch: 'CS20251201001',
      },
    },
    { type: 'LotClassified', occurredAt, data: { waste: plastic, from: line, to: sorted, grams: grams(1_343_000) } },
    {
      type: 'LotStored',
      occurredAt,
      data: { waste: plastic, from: sorted, to: pool, grams: grams(1_343_000), whole: false },
    },
  ]
  test('in one step: generated, coded, stored', () => {
    given()
      .when(record)
      .thenEvents(...pooled)
  })
  test('again and again, and a record of an earlier hour may come later', () => {
    given(...pooled)
      .when({ ...record, record: 'CS20251201002', occurredAt: '2025-12-01T09:00:00+08:00' })
      .thenWarned()
  })
  test('R06: never under a code of hazardous waste', () => {
    given()
      .when({ ...record, waste: { stream: 'industrial', code: '900-404-06' } })
      .refusedBy('R06')
    given()
      .when({ ...record, waste: { stream: 'hazardous', code: '900-404-06' } })
      .refusedBy('R06')
  })
  test('R05: in a class that exists; a code that our part of the list lacks is a warning', () => {
    given()
      .when({ ...record, waste: { stream: 'industrial', code: '900-003-S08' } })
      .refusedBy('R05')
    given()
      .when({ ...record, waste: { stream: 'industrial', code: '123-456-S17' } })
      .thenWarned('R05')
  })
  test('R106: more than a day after the act with a finding', () => {
    given()
      .when({ ...record, record: 'A-1', occurredAt: '2025-11-01T09:00:00+08:00' })
      .thenWarned('R106')
  })
  test('and no other stream is pooled', () => {
    given()
      .when({ ...record, waste: { stream: 'municipal', code: '900-003-S17' } })
      .refusedAs('pool-not-industrial')
  })
})

describe('stock of an earlier year', () => {
  const given = specification(open, context)
  const command = {
    unit,
    waste,
    grams: grams(2_110_000),
    batch: 'HWCS20241219001',
    storeIn: 'HWRK20241219001',
    store: 'TS001',
    bornOn: '2024-12-19',
  }
  const opened: LotEvent = {
    type: 'LotOpened',
    occurredAt: '2024-12-19T00:00:00+08:00',
    data: {
      waste,
      origin: { unit, inside: true },
      to: { at: 'collection', holder: unit, place: 'TS001' },
      grams: grams(2_110_000),
      bornOn: '2024-12-19',
      batch: 'HWCS20241219001',
      storeIn: 'HWRK20241219001',
    },
  }
  test('opens the books in its store, on its old day', () => {
    given().when(command, { provenance: 'book' }).thenEvents(opened)
    given(opened).when(command).refusedAs('lot-exists')
  })
  test('R59: is not of a day to come', () => {
    given()
      .when({ ...command, bornOn: '2025-12-02' })
      .refusedBy('R59')
  })
  test('R02, R05: what has the form of no code is none on any day, before the first list as after it', () => {
    for (const bornOn of ['1990-01-01', '1995-05-05', '2024-12-19']) {
      given()
        .when({ ...command, bornOn, waste: { ...waste, code: 'bogus' } }, { provenance: 'book' })
        .refusedBy('R02')
      given()
        .when({ ...command, bornOn, waste: { stream: 'industrial', code: 'bogus' } }, { provenance: 'book' })
        .refusedBy('R05')
    }
  })
  test('R02: bears a code of either edition, and no other', () => {
    given()
      .when({ ...command, waste: { ...waste, code: '999-999-06' } })
      .refusedBy('R02')
  })
})
