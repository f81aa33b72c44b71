import { afterAll, beforeAll, expect, test } from 'vitest'
import { allKinds, openGrounds, tellKind, type Grounds } from './all.ts'

/** A slice of `npm run faults`: every kind once, each run of CI with the same stories. */
const SEEDS = [1]

let grounds: Grounds
beforeAll(async () => {
  grounds = await openGrounds()
})
afterAll(() => grounds.close())

test.each(allKinds.map((kind) => [kind.name, kind] as const))(
  'nothing is lost, doubled or out of order: %s',
  { timeout: 180_000 },
  async (_, kind) => {
    const report = await tellKind(kind, SEEDS, grounds)
    if (report.skipped !== undefined) return console.log(`${kind.name}: skipped, ${report.skipped}`)
    expect(report.bad).toEqual([])
    expect(report.acknowledged).toBe(SEEDS.length * 360)
  },
)
