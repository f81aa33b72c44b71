import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { sharedDatabase } from '../support/database.ts'
import { endWithUs } from '../../infra/process/end-with-us.ts'

const program = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const NOWHERE = 'postgres://park:not-to-be-told@127.0.0.1:1/park'
const issuer = { OIDC_ISSUER: 'http://127.0.0.1:1/oidc' }

/** Starts a process as an operator would, with nothing in its environment but this; answers how it ended. */
async function started(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  path = 'services/park/process/main.ts',
) {
  const child = spawn(process.execPath, ['--import', 'tsx', program(path), ...args], {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  endWithUs(child)
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += String(text)))
  const [code] = (await once(child, 'close')) as readonly unknown[]
  return { code, said }
}

function expectPlain(said: string): void {
  expect(said).not.toMatch(/\bat .*(\.[jt]s|node:)/)
  expect(said).not.toContain('not-to-be-told')
}

describe('a process that cannot start says what it lacks, in plain words, and ends', { timeout: 120_000 }, () => {
  const database = sharedDatabase()

  test.each([
    { args: [], environment: { DATABASE_URL: NOWHERE }, says: 'name a process' },
    { args: ['treatment'], environment: { DATABASE_URL: NOWHERE }, says: 'no process is called treatment' },
    { args: ['registry', '--copies'], environment: { DATABASE_URL: NOWHERE }, says: '--copies' },
    { args: ['registry'], environment: { ...issuer }, says: 'DATABASE_URL' },
    { args: ['registry'], environment: { DATABASE_URL: NOWHERE }, says: 'OIDC_ISSUER' },
    {
      args: ['gateway'],
      environment: { DATABASE_URL: NOWHERE, REGISTRY_URLS: 'http://127.0.0.1:1' },
      says: 'GENERATION_URLS',
    },
    { args: ['relay'], environment: { DATABASE_URL: NOWHERE }, says: 'KAFKA_BROKERS' },
    { args: ['projections', 'lots'], environment: { DATABASE_URL: NOWHERE, FEED: 'kafka' }, says: 'KAFKA_BROKERS' },
    {
      args: ['projections', 'lots'],
      environment: { DATABASE_URL: NOWHERE, KAFKA_GROUP: 'lists' },
      says: 'KAFKA_GROUP',
    },
    {
      args: ['registry'],
      environment: { ...issuer, DATABASE_URL: NOWHERE, EVENTSTORE_URL: 'esdb://a:not-to-be-told@127.0.0.1?foo=1' },
      says: 'EVENTSTORE_URL',
    },
  ])('$args with $says wrong: 2', async ({ args, environment, says }) => {
    const { code, said } = await started(args, environment)
    expect(said).toContain(says)
    expect(code).toBe(2)
    expectPlain(said)
  })

  test('a database that does not answer: 1', async () => {
    const { code, said } = await started(['registry'], { ...issuer, DATABASE_URL: NOWHERE })
    expect([code, said]).toEqual([1, expect.stringContaining('no session with the database: connect ECONNREFUSED')])
    expectPlain(said)
  })

  test('a port that somebody else has: 1', async () => {
    const other = createServer()
    other.listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    const { code, said } = await started(['registry'], { ...issuer, DATABASE_URL: database.url, PORT: String(port) })
    other.close()
    expect([code, said]).toEqual([1, expect.stringContaining(`port ${port} of 127.0.0.1 is taken`)])
    expectPlain(said)
  })
})

describe('so does a command', { timeout: 120_000 }, () => {
  test.each([
    { path: 'services/park/main.ts', args: [] },
    { path: 'services/park/rebuild.ts', args: ['--check'] },
    { path: 'services/park/replay.ts', args: [] },
    { path: 'services/park/import/main.ts', args: ['services/park/demo-bundle'] },
  ])('$path', async ({ path, args }) => {
    const away = await started(args, { DATABASE_URL: NOWHERE }, path)
    expect([away.code, away.said]).toEqual([
      1,
      expect.stringContaining('no session with the database: connect ECONNREFUSED'),
    ])
    const wrong = await started(args, { DATABASE_URL: NOWHERE, PORT: 'x' }, path)
    expect([wrong.code, wrong.said]).toEqual([2, expect.stringContaining('PORT is "x"')])
    for (const { said } of [away, wrong]) expectPlain(said)
  })
})
