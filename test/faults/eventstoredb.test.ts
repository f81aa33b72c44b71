import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openEventStoreDb } from '../../infra/event-store/eventstoredb/store.ts'
import type { Call, Fault } from '../../infra/event-store/stand-in/script.ts'
import { startStandIn } from '../../infra/event-store/stand-in/server.ts'
import { freshStore } from '../support/store.ts'
import { randomOf, type Random } from '../support/random.ts'
import { followTransactionally } from './followers.ts'
import { breachesOf } from './history.ts'
import { runScenario } from './scenario.ts'
import type { Specimen } from './specimen.ts'
import { rounds } from '../support/long.ts'

/** Stories to tell. */
const SEEDS = rounds('SEEDS', { slice: 10, long: 1_000 })
// Of a hundred calls, so many meet a fault.
const FAULTY = 0.06

let specimen: Specimen
let random: Random
let faults = 0
beforeAll(async () => {
  random = randomOf(1)
  specimen = await openSpecimen()
})
afterAll(() => specimen.close())

/** What goes wrong with a call, in a way that a client can live through. */
function mishap(on: Call): Fault | undefined {
  if (!random.chance(FAULTY)) return undefined
  faults++
  switch (on) {
    case 'append':
      return random.pick<Fault>([
        { kind: 'delay', on, milliseconds: random.below(20) },
        { kind: 'unavailable', on },
        { kind: 'silence', on },
        { kind: 'reply-lost', on, word: 'none' },
        { kind: 'reply-lost', on, word: 'unavailable' },
        { kind: 'reply-lost', on, word: 'cancelled' },
        { kind: 'duplicate-reply', on },
      ])
    case 'read':
      return random.pick<Fault>([
        { kind: 'delay', on, milliseconds: random.below(20) },
        { kind: 'unavailable', on },
      ])
    case 'subscribe':
      return random.pick<Fault>([
        { kind: 'cancelled', on, after: random.below(5) },
        { kind: 'checkpoint-ahead', on },
        { kind: 'deaf', on },
        { kind: 'unavailable', on },
      ])
  }
}

/** Two processes with one index on one server, which answers badly now and then and sends everybody away at times. */
async function openSpecimen(): Promise<Specimen> {
  const kept = await freshStore()
  const standIn = await startStandIn({ store: kept.store })
  const open = () =>
    openEventStoreDb({
      url: standIn.connectionString,
      databaseUrl: kept.url,
      patience: { callMs: 700, tries: 12, waitMs: 2 },
      subscriptions: { waitMs: 2, longestMs: 20, quietMs: 50 },
    })
  const stores = [await open(), await open()] as const
  standIn.script.whenever(mishap)
  return {
    stores,
    follow: followTransactionally,
    async appendSlowly(request, { before, after, rollback }) {
      await delay(before)
      // Nothing can be taken back here: such a writer dies before it sends.
      if (rollback) return undefined
      standIn.script.add({ kind: 'delay', on: 'append', milliseconds: after })
      return random.pick(stores).append(request)
    },
    async breakSession() {
      standIn.goAway(random.below(10))
    },
    async close() {
      standIn.script.whenever(() => undefined)
      await Promise.all(stores.map((store) => store.close()))
      await standIn.close()
      await kept.drop()
    },
  }
}

test(`${SEEDS} stories of eight writers and three subscribers on EventStoreDB, where calls fail in every way: nothing lost, nothing doubled, every stream in order`, {
  timeout: SEEDS * 30_000,
}, async () => {
  const counts = { appended: 0, replayed: 0, reused: 0, conflict: 0, closed: 0 }
  for (let seed = 1; seed <= SEEDS; seed++) {
    random = randomOf(seed)
    const history = await runScenario(specimen, seed, { deadline: 60_000 })
    // Positions there are places in a file.
    expect({ seed, breaches: breachesOf(history, 'positions have no hole') }).toEqual({ seed, breaches: [] })
    for (const { answers } of history.sent) for (const { outcome } of answers) counts[outcome]++
  }
  // The stories must really hold what they are told for.
  expect(Math.min(counts.appended, counts.replayed, counts.reused, counts.conflict)).toBeGreaterThan(SEEDS / 2)
  expect(faults).toBeGreaterThan(SEEDS)
})
