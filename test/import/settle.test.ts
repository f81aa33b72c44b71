import { afterAll, beforeAll, expect, test } from 'vitest'
import { claimMark, type CaretakerMark } from '../../infra/commanding/caretaker-mark.ts'
import { settle } from '../../infra/commanding/settle.ts'
import type { EventStore } from '../../infra/event-store/port.ts'
import { composedPark, type TestPark } from '../support/composed-park.ts'
import { parkDeadlines } from '../../services/park/deadlines.ts'
import { policies, processes } from '../../services/park/process/parts.ts'

let park: TestPark
beforeAll(async () => {
  park = await composedPark()
})
afterAll(() => park.close())

test('an import beside a park whose caretaker takes its mark up again goes on, and leaves the mark to it', async () => {
  const { runtime, pool } = park.park
  let taken: CaretakerMark | undefined
  // The caretaker of the running park is back in between: at the first look into the log.
  const store: EventStore = {
    ...runtime.store,
    readAll: async (after, limit) => {
      taken ??= await claimMark(pool, 'beside')
      return runtime.store.readAll(after, limit)
    },
  }
  await settle(
    { ...runtime, store },
    { service: 'beside', pool, policies, deadlines: parkDeadlines(runtime, pool, processes) },
  )
  const epoch = await runtime.store.epoch()
  await taken?.save(epoch, 0)
  expect(await taken?.load(epoch)).toBe(0)
})
