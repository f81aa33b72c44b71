import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openWorld, type World } from '../support/world.ts'

if (process.platform !== 'linux') process.stdout.write('skipped: what a command leaves behind is looked up in /proc\n')

const MINUTES = 60_000

let world: World
beforeEach(() => {
  world = openWorld()
})
afterEach(() => world.remove())

describe.skipIf(process.platform !== 'linux')('a park that is started and stopped', () => {
  let used: World
  beforeAll(async () => {
    used = openWorld()
    const park = used.run('start')
    await park.says('ready http')
    park.signal('npm', 'SIGTERM')
    expect(await park.ended).toBe(0)
  }, 10 * MINUTES)
  afterAll(() => used.remove())

  test.each(['start', 'demo'])(
    'npm run %s on a port that is taken says so before it starts or makes anything',
    { timeout: 10 * MINUTES },
    async (script) => {
      const other = createServer()
      const port = await new Promise<number>((done) =>
        other.listen(0, '127.0.0.1', () => done((other.address() as { port: number }).port)),
      )
      try {
        const park = world.run(script, [], { PORT: String(port) })
        expect({ code: await park.ended, out: park.out(), err: park.err() }).toEqual({
          code: 1,
          out: '',
          err: `port ${port} of 127.0.0.1 is taken by another program: end that one, or name another port by PORT (PORT=0 takes a free one)\n`,
        })
        expect(existsSync(world.data)).toBe(false)
        expect(world.leftBehind()).toEqual([])
      } finally {
        other.close()
      }
    },
  )

  test('a second park on one folder is refused with who holds it; after kill -9 of the first there is nothing in the way', {
    timeout: 20 * MINUTES,
  }, async () => {
    const first = world.run('start')
    await first.says('ready http')
    const holder = JSON.parse(readFileSync(join(world.data, 'park.json'), 'utf8')) as { pid: number; since: string }
    const url = /ready (\S+)/.exec(first.out())?.[1]

    const second = world.run('start')
    expect({ code: await second.ended, err: second.err() }).toEqual({
      code: 1,
      err: `a park runs on ${world.data} already: process ${holder.pid}, since ${holder.since}, at ${url}. Use that one, end it, or name another DATA_DIR\n`,
    })
    expect((await fetch(`${url}/healthz`)).status).toBe(200)

    first.signal('node', 'SIGKILL')
    await first.ended
    const third = world.run('start')
    await third.says('ready http')
    third.signal('npm', 'SIGTERM')
    expect(await third.ended).toBe(0)
    expect(await world.nothingLeft()).toEqual([])
  })

  test.each([
    ['node', 'SIGTERM', 0],
    ['npm', 'SIGTERM', 0],
    ['group', 'SIGINT', 0],
    ['npm', 'SIGHUP', 129],
    ['npm', 'SIGKILL', 137],
    ['node', 'SIGKILL', 137],
  ] as const)(
    '%s gets %s: park and PostgreSQL end, and nothing of them stays',
    { timeout: 10 * MINUTES },
    async (target, name, code) => {
      world.takeDataOf(used)
      const park = world.run('start')
      await park.says('ready http')
      expect(world.pids('bin/postgres')).not.toEqual([])
      park.signal(target, name)
      expect(await park.ended).toBe(code)
      expect(await world.nothingLeft()).toEqual([])
    },
  )

  test.each([
    ['group', 'SIGINT', 'ready http'],
    ['npm', 'SIGTERM', /[\s\S]*/],
    ['node', 'SIGKILL', 'ready http'],
  ] as const)(
    'npm run demo leaves nothing behind: %s gets %s',
    { timeout: 10 * MINUTES },
    async (target, name, when) => {
      const demo = world.run('demo', [], { DATA_DIR: '' })
      await demo.says(when)
      // In the midst of its start the server is up, or coming up.
      while (world.pids('bin/postgres').length === 0) await new Promise((done) => setTimeout(done, 20))
      demo.signal(target, name)
      await demo.ended
      expect(await world.nothingLeft()).toEqual([])
    },
  )

  test('a park whose PostgreSQL is gone ends and says so, instead of answering 500 for ever', {
    timeout: 10 * MINUTES,
  }, async () => {
    world.takeDataOf(used)
    const park = world.run('start')
    await park.says('ready http')
    const pid = Number(readFileSync(join(world.data, 'postgres/postmaster.pid'), 'utf8').split('\n')[0])
    process.kill(pid, 'SIGKILL')
    expect(await park.ended).toBe(1)
    expect(park.err()).toContain(`PostgreSQL in ${world.data}/postgres (process ${pid}) ended while it was in use`)
    expect((await world.nothingLeft()).filter((left) => !left.includes('postmaster.pid'))).toEqual([])
  })
})
