import { randomUUID } from 'node:crypto'
import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { openMemoryStore } from '../event-store/memory.ts'
import { openStates } from './states.ts'

const counting = { initial: 0, evolve: (events: number) => events + 1 }

/** A store whose reads of streams answer what was there when they began, once the test lets them. */
function aSlowStore() {
  const store = openMemoryStore()
  const reads: (() => void)[] = []
  const states = openStates({
    ...store,
    async readStream(stream, options) {
      const found = await store.readStream(stream, options)
      await new Promise<void>((answer) => reads.push(answer))
      return found
    },
  })
  const stream = `lot-${randomUUID()}`
  const append = () =>
    store.append({
      stream,
      expected: 'any',
      commandId: randomUUID(),
      events: [
        {
          type: 'LotStored',
          schemaVersion: 1,
          occurredAt: '2025-12-06T08:52:00+08:00',
          data: {},
          metadata: { commandId: randomUUID(), actor: { subject: 'u-1', roles: [] }, provenance: 'live' },
        },
      ],
    })
  return { states, reads, append, load: () => states.load(counting, stream, 0) }
}

test('who needs the newest state while it is read shares the one read that begins afterwards', async () => {
  const { reads, append, load } = aSlowStore()
  await append()
  const first = load()
  await turn()
  await append()
  const later = Array.from({ length: 50 }, load)
  await turn()
  expect(reads).toHaveLength(1)

  reads[0]?.()
  expect((await first).revision).toBe(1)
  await turn()
  await append()
  // The second read has begun, so what was appended since is for a third.
  const last = load()
  await turn()
  expect(reads).toHaveLength(2)
  reads[1]?.()
  expect((await Promise.all(later)).map(({ revision }) => revision)).toEqual(Array.from({ length: 50 }, () => 2))
  await turn()
  reads[2]?.()
  expect((await last).state).toBe(3)
})

test('a read that fails fails for who waited for it, and the next one begins all the same', async () => {
  const store = openMemoryStore()
  let away = true
  const states = openStates({
    ...store,
    async readStream(stream, options) {
      await turn()
      if (away) throw new Error('away')
      return store.readStream(stream, options)
    },
  })
  const load = () => states.load(counting, 'lot-1', 0)
  const first = load()
  const second = load()
  await expect(first).rejects.toThrow('away')
  away = false
  expect((await second).revision).toBe(0)
  expect((await load()).revision).toBe(0)
})
