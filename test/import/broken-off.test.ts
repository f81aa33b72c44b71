import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { deadlinesOn } from '../support/deadlines.ts'
import { memoryMark } from '../../infra/commanding/caretaker-mark.ts'
import { openCaretaker } from '../../infra/commanding/caretaker.ts'
import { StoreUnavailable } from '../../infra/event-store/faults.ts'
import { openMemoryStore } from '../../infra/event-store/memory.ts'
import type { EventStore } from '../../infra/event-store/port.ts'
import { importFolder } from '../../services/park/import/import-folder.ts'
import { policies } from '../../services/park/process/parts.ts'
import { writeBundle } from '../support/bundle/generate.ts'
import { randomOf } from '../support/random.ts'
import { testRuntime } from '../support/runtime.ts'

let bundle: string
beforeAll(async () => {
  bundle = await mkdtemp(join(tmpdir(), 'wufei-bundle-'))
  await writeBundle(bundle, { seed: 11, units: 3, from: '2026-03-02', days: 6 })
})
afterAll(() => rm(bundle, { recursive: true, force: true }))

const clock = { now: () => '2026-04-01T00:00:00.000Z' }
const parkOn = (store: EventStore) => testRuntime({ store, policies, clock })

/** Appends of different streams overtake one another, and after so many of them nobody gets through any more. */
function failingAfter(store: EventStore, appends: number, seed: number): EventStore {
  const random = randomOf(seed)
  let left = appends
  return {
    ...store,
    async append(request) {
      if (random.chance(0.3)) await delay(random.below(3))
      if (left-- <= 0) throw new StoreUnavailable('the server is gone')
      return store.append(request)
    },
  }
}

test('wherever an import is broken off, nothing stands in the log without its cause; sent again, the books go in whole', {
  timeout: 120_000,
}, async () => {
  const whole = openMemoryStore(clock)
  let all = 0
  const counting: EventStore = {
    ...whole,
    append(request) {
      all++
      return whole.append(request)
    },
  }
  const { rows } = await importFolder(bundle, { runtime: parkOn(counting) })
  const head = await whole.head()
  for (let seed = 1; seed <= 12; seed++) {
    const store = openMemoryStore(clock)
    const appends = randomOf(seed).below(all)
    const broken = parkOn(failingAfter(store, appends, seed))
    await expect(importFolder(bundle, { runtime: broken })).rejects.toThrow(StoreUnavailable)

    const seen = new Set<string>()
    for (const { id, metadata } of await store.readAll(0, head)) {
      if (metadata.causationId !== undefined)
        expect({ seed, appends, cause: seen.has(metadata.causationId) }).toEqual({ seed, appends, cause: true })
      seen.add(id)
    }
    const park = parkOn(store)
    const settle = () =>
      openCaretaker(park, { policies, deadlines: deadlinesOn(park), mark: memoryMark(), grace: 0 }).sweep()
    const again = await importFolder(bundle, { runtime: park, settle })
    expect({ seed, refused: again.refused, held: again.held, whole: again.accepted + again.unchanged }).toEqual({
      seed,
      refused: 0,
      held: 0,
      whole: rows,
    })
    expect(await store.head()).toBe(head)
  }
})
