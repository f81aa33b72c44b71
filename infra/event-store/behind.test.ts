import { expect, test } from 'vitest'
import { appendClaims } from '../../test/support/claims.ts'
import { behind } from './behind.ts'
import { openMemoryStore } from './memory.ts'

test('events are counted, whatever lies between their positions', async () => {
  const store = openMemoryStore()
  await appendClaims(store, 5)
  // As in a log whose positions are places in a file.
  const readAll: typeof store.readAll = async (after, limit) =>
    (await store.readAll(Math.floor(after / 64), limit)).map((event) => ({ ...event, position: event.position * 64 }))
  expect(await behind({ readAll }, 2 * 64)).toEqual({ events: 3, seconds: expect.closeTo(0, 0) })
  expect(await behind({ readAll }, 5 * 64)).toEqual({ events: 0, seconds: 0 })
})
