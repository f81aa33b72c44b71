import type pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openMemoryStore } from '../../infra/event-store/memory.ts'
import type { EventStore } from '../../infra/event-store/port.ts'
import { openPool } from '../../infra/postgres/sessions.ts'
import { grams } from '../../schemas/values/mass.ts'
import { sharedDatabase } from '../../test/support/database.ts'
import { givenLot } from '../../test/support/history.ts'
import { testRuntime } from '../../test/support/runtime.ts'
import { openRunner } from '../runner/runner.ts'
import { eventPlacesProjection } from './projection.ts'
import { openEventPlaces } from './queries.ts'

const unit = '913205942CL12TH3BX'
const waste = { stream: 'hazardous', code: '900-404-06' } as const
const database = sharedDatabase()
let pool: pg.Pool
beforeAll(() => void (pool = openPool({ connectionString: database.url })))
afterAll(() => pool.end())

const generated = {
  type: 'LotGenerated',
  occurredAt: '2025-12-01T12:53:00+08:00',
  data: {
    waste,
    origin: { unit, inside: true },
    to: { at: 'generation', holder: unit, place: 'MF0001' },
    grams: grams(30_500),
    pool: false,
  },
} as const

/** The model store, and how many events were read of it in the order of the log. */
function counted(): { readonly store: EventStore; readonly read: () => number } {
  const store = openMemoryStore()
  let read = 0
  return {
    store: {
      ...store,
      async readAll(after, limit) {
        const page = await store.readAll(after, limit)
        read += page.length
        return page
      },
    },
    read: () => read,
  }
}

test('an event is found by its id in the log, in the rows, and behind the rows; another id is not', async () => {
  const { store, read } = counted()
  const runtime = testRuntime({ store })
  const idOf = async (lot: string) => (await store.readStream(`lot-${lot}`))[0]?.id ?? ''
  for (let i = 0; i < 40; i++) await givenLot(runtime, `L${i}`, generated)
  const streamsOf = openEventPlaces(pool, store)
  const seventh = await idOf('L7')
  // Before any read model was folded the log is all there is.
  expect(await streamsOf([seventh])).toEqual(new Map([[seventh, 'lot-L7']]))

  const runner = await openRunner({
    store,
    databaseUrl: database.url,
    projections: [eventPlacesProjection],
    pageSize: 7,
  })
  try {
    expect(await runner.waitFor(await store.head(), 10_000)).toBe(true)
  } finally {
    await runner.stop()
  }
  const folded = read()
  expect(await streamsOf([seventh.toUpperCase()])).toEqual(new Map([[seventh, 'lot-L7']]))
  expect(read() - folded).toBe(1)

  await givenLot(runtime, 'late', generated)
  const [late, none] = [await idOf('late'), '00000000-0000-8000-8000-000000000000']
  expect(await streamsOf([late, seventh, none])).toEqual(
    new Map([
      [seventh, 'lot-L7'],
      [late, 'lot-late'],
    ]),
  )
})
