import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ensureDatabase, startCluster } from '../../infra/postgres/cluster.ts'
import { inSession } from '../../infra/postgres/sessions.ts'
import { openWorld, type World } from '../support/world.ts'

let world: World
beforeEach(() => {
  world = openWorld()
})
afterEach(() => world.remove())

const MINUTES = 60_000
const BUNDLE = 'services/park/demo-bundle'

/** The one document that a command printed. @throws SyntaxError where there is none, or more. */
const document = (out: string): unknown => JSON.parse(out)

describe.skipIf(process.platform !== 'linux')('a command that ends early', () => {
  test.each([
    [['no-such-projection'], 'no projection is called no-such-projection'],
    [['--no-such-flag'], 'no-such-flag'],
  ])('rebuild %j --json answers one document and 2 on wrong use', { timeout: 5 * MINUTES }, async (words, said) => {
    const rebuild = world.run('rebuild', [...words, '--json'])
    expect(await rebuild.ended).toBe(2)
    expect(document(rebuild.out())).toMatchObject({ error: { code: 'wrong-use' } })
    expect(rebuild.err()).toContain(said)
    expect(world.leftBehind()).toEqual([])
  })

  test('a database of a newer version: rebuild, replay and parked say so in one document, and PostgreSQL stops', {
    timeout: 10 * MINUTES,
  }, async () => {
    const cluster = await startCluster({ dir: join(world.data, 'postgres') })
    await inSession(await ensureDatabase(cluster, 'wufei'), async (client) => {
      await client.query(
        `create table public.migration (part text, number int, name text, checksum text, applied_at timestamptz default now(), primary key (part, number))`,
      )
      await client.query(`insert into public.migration values ('commanding', 99, '0099-later.sql', 'x')`)
    })
    await cluster.stop()
    for (const script of ['rebuild', 'replay', 'parked']) {
      const command = world.run(script, ['--json'])
      expect({ script, code: await command.ended }).toEqual({ script, code: 1 })
      expect(document(command.out())).toEqual({
        error: { code: 'failed', message: expect.stringContaining('a newer version of Wufei wrote this database') },
      })
      expect(await world.nothingLeft()).toEqual([])
    }
  })

  test.each([
    ['node', 'SIGINT', 130],
    ['npm', 'SIGTERM', 143],
    ['group', 'SIGINT', 130],
  ] as const)(
    'rebuild, when %s gets %s, answers one document, and PostgreSQL stops',
    { timeout: 5 * MINUTES },
    async (target, name, code) => {
      const rebuild = world.run('rebuild', ['--check', '--json'])
      while (!existsSync(join(world.data, 'postgres/postmaster.pid'))) await pause(10)
      rebuild.signal(target, name)
      expect(await rebuild.ended).toBe(code)
      expect(document(rebuild.out())).toEqual({ error: { code: 'interrupted', message: `ended by ${name}` } })
      expect(await world.nothingLeft()).toEqual([])
    },
  )

  test('distributed --json answers one document and 2 on wrong use', { timeout: 5 * MINUTES }, async () => {
    const park = world.run('distributed', ['--no-such-flag', '--json'])
    expect(await park.ended).toBe(2)
    expect(document(park.out())).toMatchObject({ error: { code: 'wrong-use' } })
    expect(park.err()).toContain('usage: npm run distributed')
    expect(world.leftBehind()).toEqual([])
  })

  test('distributed, with all processes up and no books to import, answers one document, and all of them stop', {
    timeout: 15 * MINUTES,
  }, async () => {
    const park = world.run('distributed', [join(world.root, 'no-books'), '--json', '--stand-in'])
    expect({ code: await park.ended, err: park.err() }).toMatchObject({ code: 2 })
    expect(park.err()).toContain('overview, GraphQL, REST')
    expect(document(park.out())).toMatchObject({ error: { code: 'wrong-use' } })
    expect(await world.nothingLeft()).toEqual([])
  })

  test.each([
    ['npm', 'SIGTERM', 143],
    ['group', 'SIGINT', 130],
  ] as const)(
    'distributed, when %s gets %s while its processes start, answers one document, and all of them stop',
    { timeout: 10 * MINUTES },
    async (target, name, code) => {
      const park = world.run('distributed', ['--json', '--stand-in'])
      await park.says('starting the processes')
      while (world.pids('process/main').length === 0) await pause(10)
      park.signal(target, name)
      expect(await park.ended).toBe(code)
      expect(document(park.out())).toEqual({ error: { code: 'interrupted', message: `ended by ${name}` } })
      expect(await world.nothingLeft()).toEqual([])
    },
  )

  test('a folder that is in the way of the data is left as it is, with what to do', {
    timeout: 5 * MINUTES,
  }, async () => {
    mkdirSync(join(world.data, 'postgres'), { recursive: true })
    writeFileSync(join(world.data, 'postgres/notes.txt'), 'mine')
    const rebuild = world.run('rebuild', ['--json'])
    expect(await rebuild.ended).toBe(1)
    expect(document(rebuild.out())).toEqual({
      error: { code: 'failed', message: expect.stringContaining('is in the way') },
    })
    expect(readFileSync(join(world.data, 'postgres/notes.txt'), 'utf8')).toBe('mine')
    expect(await world.nothingLeft()).toEqual([])
  })

  test('an import that a park lends its PostgreSQL goes in whole though the park stops meanwhile, and ends the server', {
    timeout: 20 * MINUTES,
  }, async () => {
    const park = world.run('start')
    await park.says('ready http')
    const rows = world.run('import', [BUNDLE, '--json'])
    await rows.says(/of \d+ rows/)
    park.signal('npm', 'SIGTERM')
    expect(await park.ended).toBe(0)
    expect(await rows.ended).toBe(0)
    expect(document(rows.out())).toMatchObject({ refused: 0, held: 0 })
    expect(await world.nothingLeft()).toEqual([])
  })

  test('beside a park whose server is killed, a rebuild ends with one line and one document', {
    timeout: 20 * MINUTES,
  }, async () => {
    const rows = world.run('import', [BUNDLE, '--json'])
    expect(await rows.ended).toBe(0)
    const rebuild = world.run('rebuild', ['--json'])
    await rebuild.says(/waiting|folded/)
    const pid = Number(readFileSync(join(world.data, 'postgres/postmaster.pid'), 'utf8').split('\n')[0])
    process.kill(pid, 'SIGKILL')
    expect(await rebuild.ended).toBe(1)
    expect(document(rebuild.out())).toMatchObject({ error: { code: 'failed' } })
    expect(await world.nothingLeft()).toEqual([])
  })
})

describe.skipIf(process.getuid?.() !== 0 || process.platform !== 'linux')('as root', () => {
  test('a DATA_DIR that the user of PostgreSQL may not reach holds the data all the same, and nothing lies elsewhere', {
    timeout: 5 * MINUTES,
  }, async () => {
    const closed = join(world.root, 'closed')
    mkdirSync(closed)
    chmodSync(closed, 0o700)
    const data = join(closed, 'data')
    for (const _ of ['made', 'used again']) {
      const rebuild = world.run('rebuild', ['--check', '--json'], { DATA_DIR: data })
      expect({ code: await rebuild.ended, err: rebuild.err() }).toMatchObject({ code: 0 })
      expect(existsSync(join(data, 'postgres/PG_VERSION'))).toBe(true)
      expect(await world.nothingLeft()).toEqual([])
    }
  })
})
if (process.getuid?.() !== 0) process.stdout.write('skipped: what root needs a user of PostgreSQL for\n')
