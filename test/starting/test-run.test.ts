import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openWorld, type World } from '../support/world.ts'

let world: World
beforeEach(() => {
  world = openWorld()
})
afterEach(() => world.remove())

const MINUTES = 60_000
const linux = process.platform === 'linux'
if (!linux) process.stdout.write('skipped: what a killed run of tests leaves is looked up in /proc, which Linux has\n')

describe.skipIf(!linux)('a run of tests that is ended half-way leaves no server, no process and no folder', () => {
  test.each([
    ['npm', 'SIGTERM'],
    ['group', 'SIGTERM'],
    ['group', 'SIGINT'],
    ['group', 'SIGKILL'],
    ['vitest', 'SIGTERM'],
    ['vitest', 'SIGKILL'],
  ] as const)('%s gets %s', { timeout: 5 * MINUTES }, async (target, name) => {
    const run = world.run('vitest', ['test/starting/held-run.test.ts'], { HOLD_MS: String(10 * MINUTES) })
    await run.says('holding')
    expect(world.pids('postgres').length).toBeGreaterThan(0)
    if (target === 'vitest') for (const pid of world.pids('node_modules/.bin/vitest')) process.kill(pid, name)
    else run.signal(target, name)
    expect(await run.ended).not.toBe(0)
    expect(await world.nothingLeft()).toEqual([])
  })
})
