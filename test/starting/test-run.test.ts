import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { missingForKeycloak, projectDistribution } from '../../infra/deploy/keycloak/distribution.ts'
import { missingForBroker, projectLibraries } from '../../infra/kafka/broker/libraries.ts'
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

  test('vitest gets SIGKILL beside a broker, Keycloak, a browser, a stand-in, a park and a process of one', {
    timeout: 10 * MINUTES,
  }, async () => {
    const run = world.run('vitest', ['test/starting/held-run.test.ts'], {
      HOLD_MS: String(10 * MINUTES),
      HOLD_ALL: '1',
    })
    await run.says('holding')
    // One that has ended and waits for its parent has no command line.
    const held = descendants(run.child.pid ?? 0)
    const commands = [...held.values()].join('\n')
    for (const part of [
      'bin/postgres',
      'process/main.ts registry',
      'services/park/main.ts --demo',
      'stand-in/main.ts',
      ...(missingForBroker(process.env['KAFKA_LIBS'] ?? projectLibraries) === undefined ? ['kafka.Kafka'] : []),
      ...(missingForKeycloak(process.env['KEYCLOAK_HOME'] ?? projectDistribution) === undefined ? ['keycloak'] : []),
      ...(existsSync('/usr/bin/chromium') ? ['chromium'] : []),
    ])
      expect(commands).toContain(part)
    for (const pid of world.pids('node_modules/.bin/vitest')) process.kill(pid, 'SIGKILL')
    expect(await run.ended).not.toBe(0)
    await vi.waitFor(
      () => expect([...held].filter(([pid, command]) => command !== '' && commandOf(pid) === command)).toEqual([]),
      {
        timeout: MINUTES,
        interval: 100,
      },
    )
    // Folders of a browser that was killed are Playwright's; the one of a park's world goes with the test that made it.
    expect((await world.nothingLeft()).filter((left) => !/: (playwright|world-)/.test(left))).toEqual([])
  })
})

const textOf = (pid: number, file: string): string => {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1')
  } catch {
    return ''
  }
}
const commandOf = (pid: number): string => textOf(pid, 'cmdline').replaceAll('\0', ' ').trim()

/** Command lines of everything that a process has started, and of what that has started, by pid. */
function descendants(root: number): ReadonlyMap<number, string> {
  const children = new Map<number, number[]>()
  for (const pid of readdirSync('/proc')
    .map(Number)
    .filter((one) => one > 1)) {
    // Behind the name, which may hold anything: state, then the parent.
    const parent = Number(textOf(pid, 'stat').split(') ').at(-1)?.split(' ')[1])
    children.set(parent, [...(children.get(parent) ?? []), pid])
  }
  const found = new Map<number, string>()
  for (const left = [root]; left.length > 0; ) {
    const pid = left.pop() ?? 0
    found.set(pid, commandOf(pid))
    left.push(...(children.get(pid) ?? []))
  }
  return found
}
