import { afterAll, beforeAll, expect, test } from 'vitest'
import { allKinds, tellKind } from './all.ts'
import { openServer, type StoryServer } from './server.ts'

/** A slice of `npm run faults`: every kind once, each run of CI with the same stories. */
const SEEDS = [1]

let server: StoryServer
beforeAll(async () => {
  server = await openServer()
})
afterAll(() => server.close())

test.each(allKinds.map((kind) => [kind.name, kind] as const))('nothing is lost, doubled or out of order: %s', { timeout: 180_000 }, async (_, kind) => {
  const report = await tellKind(kind, SEEDS, server)
  if (report.skipped !== undefined) return console.log(`${kind.name}: skipped, ${report.skipped}`)
  expect(report.bad).toEqual([])
  expect(report.acknowledged).toBe(SEEDS.length * 360)
})
