import { afterAll, beforeAll, expect, test } from 'vitest'
import { breachesOf } from './history.ts'
import { runScenario } from './scenario.ts'
import { openSpecimen, type Specimen } from './specimen.ts'
import { rounds } from '../support/long.ts'

/** Stories to tell. */
const SEEDS = rounds('SEEDS', { slice: 100, long: 2_000 })

let specimen: Specimen
beforeAll(async () => {
  specimen = await openSpecimen()
})
afterAll(() => specimen.close())

test(`${SEEDS} stories of eight writers, three subscribers, long transactions, rollbacks and broken sessions: nothing skipped, nothing doubled, every stream in order`, {
  timeout: SEEDS * 2_000,
}, async () => {
  const counts = { appended: 0, replayed: 0, reused: 0, conflict: 0, closed: 0 }
  for (let seed = 1; seed <= SEEDS; seed++) {
    const history = await runScenario(specimen, seed)
    expect({ seed, breaches: breachesOf(history) }).toEqual({ seed, breaches: [] })
    for (const { answers } of history.sent) for (const { outcome } of answers) counts[outcome]++
  }
  // The stories must really hold what they are told for.
  expect(Math.min(counts.appended, counts.replayed, counts.reused, counts.conflict)).toBeGreaterThan(SEEDS)
})
