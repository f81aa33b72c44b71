import { describe, test } from 'vitest'
import { specification } from '../../../infra/commanding/specification.ts'
import { builtinCatalogues } from '../../../schemas/catalogues/builtin.ts'
import { defaultBounds } from '../../../schemas/commands/bounds.ts'
import type { Context } from '../../../schemas/context.ts'
import type { LotEvent } from '../../../schemas/lot/events.ts'
import { grams } from '../../../schemas/values/mass.ts'
import { ADMIN, unitActor } from '../../../test/support/runtime.ts'
import { openChild, split } from './split.ts'
import { store } from './store.ts'
import { takeOut } from './take-out.ts'
import { takeStock } from './take-stock.ts'
import { evolveLot, noLot } from '../../../schemas/lot/state.ts'

const unit = '913205942CL12TH3BX'
const stranger = unitActor('913205946W28Y0L2R7', 'receiver')
const label = `${unit}9004040620251201001`
const at = (time: string) => `2025-12-01T${time}:00+08:00`
const context: Context = {
  actor: ADMIN,
  now: '2025-12-01T12:00:00.000Z',
  provenance: 'live',
  catalogues: builtinCatalogues,
}
const waste = { stream: 'hazardous', code: '900-404-06' } as const
const origin = { unit, inside: true }
const line = { at: 'generation', holder: unit, place: 'MF0001' } as const
const sorted = { at: 'classification', holder: unit, place: 'MF0001' } as const
const inStore = { at: 'collection', holder: unit, place: 'TS001' } as const
const staged = { ...inStore, document: 'HWCK20251201001' }

const generated: LotEvent = {
  type: 'LotGenerated',
  occurredAt: at('12:53'),
  data: { waste, origin, to: line, grams: grams(30_500), pool: false, batch: 'HWCS20251201001' },
}
const classified: LotEvent = {
  type: 'LotClassified',
  occurredAt: at('13:00'),
  data: { waste, from: line, to: sorted, grams: grams(30_500) },
}
const labelled: LotEvent = { type: 'LotLabelled', occurredAt: at('13:10'), data: { label } }
const stored: LotEvent = {
  type: 'LotStored',
  occurredAt: at('13:28'),
  data: { waste, from: sorted, to: inStore, grams: grams(30_500), whole: true, batch: 'HWRK20251201001' },
}
const reserved: LotEvent = {
  type: 'LotReserved',
  occurredAt: at('14:00'),
  data: { manifest: '0190a6a2-0000-7000-8000-000000000001', line: 1, from: inStore, grams: grams(20_000) },
}

describe('a lot goes into store', () => {
  const given = specification(store, context)
  const command = {
    lot: 'L1',
    store: 'TS001',
    grams: grams(30_500),
    batch: 'HWRK20251201001',
    generationBatch: 'HWCS20251201001',
    label,
    occurredAt: at('13:28'),
    handler: undefined,
  }
  const ready = [generated, classified, labelled]

  test('whole', () => {
    given(...ready)
      .when(command)
      .thenEvents(stored)
  })
  test('whole with the weight that the scale of the store shows', () => {
    given(...ready)
      .when({ ...command, grams: grams(30_700) })
      .thenEvents({ ...stored, data: { ...stored.data, grams: grams(30_700) } })
  })
  test('in part, and the rest later', () => {
    const part = { ...stored, data: { ...stored.data, grams: grams(10_000), whole: false } } as LotEvent
    given(...ready)
      .when({ ...command, grams: grams(10_000), part: true })
      .thenEvents(part)
    given(...ready, part)
      .when({ ...command, batch: 'HWRK20251201002', grams: grams(20_500) })
      .thenWarned()
    given(...ready, part)
      .when({ ...command, grams: grams(20_500) })
      .refusedAs('batch-reused', '/batch')
  })
  test('R28: no part of it is more than there is', () => {
    given(...ready)
      .when({ ...command, grams: grams(30_501), part: true })
      .refusedBy('R28', { taken: 30_501, balance: 30_500 })
  })
  test('R29: out of the batch it was generated in', () => {
    given(...ready)
      .when({ ...command, generationBatch: 'HWCS20251201009' })
      .refusedBy('R29')
  })
  test('R31: labelled, with the label that was scanned', () => {
    given(generated, classified).when(command).refusedBy('R31')
    given(...ready)
      .when({ ...command, label: `${unit}9004040620251201002` })
      .refusedBy('R31')
    given(...ready)
      .when({ ...command, label: undefined })
      .thenEvents(stored)
  })
  test('R31: a book may have no column for labels', () => {
    given(generated, classified)
      .when({ ...command, label: undefined }, { provenance: 'book' })
      .thenEvents(stored)
    given(generated, classified).when(command, { provenance: 'book' }).refusedBy('R31')
  })
  test('after it was classified', () => {
    given(generated).when(command).refusedAs('nothing-to-store')
    given(...ready)
      .when(command, { actor: stranger })
      .refusedAs('lot-unknown')
  })
  test('R59: not before its label', () => {
    given(...ready)
      .when({ ...command, occurredAt: at('13:09') })
      .refusedBy('R59')
  })
})

describe('a lot comes out of store', () => {
  const given = specification(takeOut, context)
  const command = {
    lot: 'L1',
    store: 'TS001',
    grams: grams(30_500),
    batch: 'HWCK20251201001',
    storeIn: 'HWRK20251201001',
    label,
    occurredAt: at('15:00'),
    handler: undefined,
  }
  const ready = [generated, classified, labelled, stored]
  const out: LotEvent = {
    type: 'LotTakenOut',
    occurredAt: at('15:00'),
    data: {
      waste,
      from: inStore,
      to: staged,
      grams: grams(30_500),
      whole: false,
      batch: 'HWCK20251201001',
      storeIn: 'HWRK20251201001',
    },
  }
  test('to where it waits for its pickup', () => {
    given(...ready)
      .when(command)
      .thenEvents(out)
  })
  test('R28: never more than lies there free', () => {
    given(...ready)
      .when({ ...command, grams: grams(30_501) })
      .refusedBy('R28', { taken: 30_501, balance: 30_500 })
    given(...ready, reserved)
      .when({ ...command, grams: grams(10_501) })
      .refusedBy('R28', {
        taken: 10_501,
        balance: 10_500,
        held: 30_500,
        promised: 20_000,
        promisedTo: '0190a6a2-0000-7000-8000-000000000001',
      })
  })
  test('whole whatever the scale shows, unless some of it is promised', () => {
    given(...ready)
      .when({ ...command, grams: grams(30_600), whole: true })
      .thenWarned()
    given(...ready, reserved)
      .when({ ...command, whole: true })
      .refusedAs('lot-promised', '/whole')
  })
  test('R29: out of a batch that went in', () => {
    given(...ready)
      .when({ ...command, storeIn: 'HWRK20251201009' })
      .refusedBy('R29', { named: 'HWRK20251201009', known: 'HWRK20251201001' })
  })
  test('R31: with its own label', () => {
    given(...ready)
      .when({ ...command, label: `${unit}9004040620251201002` })
      .refusedBy('R31')
  })
  test('from the store it lies in, under a batch that was not used for it', () => {
    given(...ready)
      .when({ ...command, store: 'TS002' })
      .refusedAs('nothing-in-store', '/store')
    const first = { ...out, data: { ...out.data, grams: grams(1) } } as LotEvent
    given(...ready, first)
      .when({ ...command, grams: grams(2) })
      .refusedAs('batch-reused', '/batch')
    given(...ready, out)
      .when(command)
      .refusedAs('nothing-in-store')
  })
})

describe('a lot is split', () => {
  const given = specification(split, { ...context, childExists: false })
  const command = { lot: 'L1', child: 'L2', at: inStore, grams: grams(500), occurredAt: at('15:00') }
  const ready = [generated, classified, labelled, stored]
  const parted = {
    type: 'LotSplit' as const,
    occurredAt: at('15:00'),
    data: { waste, at: inStore, child: 'L2', grams: grams(500) },
  }

  test('where it lies', () => {
    given(...ready)
      .when(command)
      .thenEvents(parted)
    given(...ready)
      .when({ ...command, at: { ...inStore, place: 'TS009' } })
      .refusedAs('place-not-open', '/at')
  })
  test('R28: into no more than lies there free', () => {
    given(...ready, reserved)
      .when({ ...command, grams: grams(10_501) })
      .refusedBy('R28')
  })
  test('unless it is a pool, which is one thing by its books', () => {
    const pool = { ...generated, data: { ...generated.data, pool: true } }
    given(pool, classified)
      .when({ ...command, at: sorted })
      .refusedAs('pools-are-not-split')
  })
  test('into a lot that is new', () => {
    given(...ready)
      .when(command, { childExists: true })
      .refusedAs('lot-exists', '/child')
    given(...ready)
      .when({ ...command, child: 'L1' })
      .refusedAs('lot-exists', '/child')
  })
  test('and what is split off is as old and of the same origin', () => {
    const parent = [...ready, parted].reduce(evolveLot, noLot)
    specification(openChild, {})()
      .when({ lot: 'L1', parent, split: parted })
      .thenEvents({
        type: 'LotDerived',
        occurredAt: at('15:00'),
        data: {
          waste,
          origin,
          to: inStore,
          grams: grams(500),
          kind: 'split',
          sources: [{ lot: 'L1', grams: grams(500) }],
          bornOn: '2025-12-01',
        },
      })
  })
})

describe('stock is counted', () => {
  const given = specification(takeStock, { ...context, actMass: defaultBounds.actMass })
  const command = { lot: 'L1', at: inStore, counted: grams(30_000), note: '盘亏', occurredAt: at('15:00') }
  const ready = [generated, classified, labelled, stored]
  test('and what was counted stands', () => {
    given(...ready)
      .when(command)
      .thenEvents({
        type: 'LotStockTaken',
        occurredAt: at('15:00'),
        data: { waste, at: inStore, counted: grams(30_000), booked: grams(30_500), reason: '盘亏' },
      })
  })
  test('as the books say: nothing changes', () => {
    given(...ready)
      .when({ ...command, counted: grams(30_500) })
      .thenNothing()
  })
  test('but what is promised cannot be counted away', () => {
    given(...ready, reserved)
      .when({ ...command, counted: grams(19_999) })
      .refusedAs('lot-promised', '/counted')
    given(...ready, reserved)
      .when({ ...command, counted: grams(20_000) })
      .thenWarned()
  })
})
