import { randomUUID } from 'node:crypto'
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openPool } from '../../infra/postgres/sessions.ts'
import { openLogger } from '../../infra/telemetry/logger.ts'
import { allProjections as projections } from '../../projections/all.ts'
import { rebuild } from '../../projections/runner/rebuild.ts'
import { composedPark, type TestPark } from '../support/composed-park.ts'

const UNIT = '913205942CL12TH3BX'
const logged: string[] = []
let park: TestPark

/** Appends past every border, as an older version of the park might have stored it. */
async function store(stream: string, occurredAt: string, grams: number): Promise<void> {
  const commandId = randomUUID()
  const to = { at: 'generation', holder: UNIT, place: '' }
  const waste = { stream: 'hazardous', code: '900-404-06' }
  const result = await park.park.store.append({
    stream,
    expected: 'any',
    commandId,
    events: [
      {
        type: 'LotGenerated',
        schemaVersion: 1,
        occurredAt,
        data: { waste, origin: { unit: UNIT, inside: true }, to, grams, pool: false },
        metadata: { commandId, actor: { subject: 's', roles: ['admin'] }, provenance: 'live' },
      },
    ],
  })
  expect(result.outcome).toBe('appended')
}

beforeAll(async () => {
  const logger = openLogger('error', { write: (line: string) => void logged.push(line) })
  park = await composedPark({ logger })
  await store('lot-good', '2025-12-01T08:00:00+08:00', 1_000)
  // PostgreSQL takes no year 0000; JavaScript and the log do.
  await store('lot-bad', '0000-11-30T08:00:00+08:00', 2_000)
  await store('lot-late', '2025-12-02T08:00:00+08:00', 4_000)
  expect(await park.runner.waitFor(await park.park.store.head(), 30_000)).toBe(true)
})
afterAll(() => park.close())

test('an event that no figure can take makes the park degraded, and is counted', async () => {
  const answer = await park.app.inject('/readyz')
  expect(answer.statusCode).toBe(200)
  const { status, parked } = answer.json<{ status: string; parked: number }>()
  expect(status).toBe('degraded')
  expect(parked).toBeGreaterThan(0)
  const { body } = await park.app.inject('/metrics')
  expect(body).toMatch(/wufei_projection_parked_events\{projection="journal"\} 1/)
})

test('it is reported at error level with its position, and without the unit', () => {
  const lines = logged.map((line) => JSON.parse(line) as { level: unknown; projection?: string; position?: number })
  expect(lines).toContainEqual(expect.objectContaining({ projection: 'journal', position: 2 }))
  expect(logged.join('')).not.toContain(UNIT)
})

test('figures of everything else read, and a rebuild comes to the same rows', async () => {
  const bureau = await park.token('demo-admin')
  const { ledger } = await park.query<{ ledger: { trialBalance: number; cells: { in: number; stage: string }[] } }>(
    bureau,
    '{ ledger(from: "2025-12-01", to: "2025-12-31") { trialBalance cells { stage in } } }',
  )
  expect(ledger.trialBalance).toBe(0)
  expect(Math.max(...ledger.cells.map((cell) => cell.in))).toBe(5_000)
  const pool = openPool({ connectionString: park.park.databaseUrl, max: 16 })
  const reports = await rebuild({ pool, store: park.park.store, projections, swap: false })
  await pool.end()
  for (const report of reports) expect(report).toMatchObject({ equal: true, differences: 0 })
  expect(reports.find(({ name }) => name === 'journal')?.parked).toBe(1)
})

const QUERY = `{ parkedEvents(first: 1) { totalCount pageInfo { hasNextPage endCursor }
  nodes { projection position type stream error attempts waitsFor advice } } }`

test('operators list it with what to do; others are refused', async () => {
  const admin = await park.token('demo-admin')
  await store('lot-bad', '2025-12-03T08:00:00+08:00', 8_000)
  expect(await park.runner.waitFor(await park.park.store.head(), 30_000)).toBe(true)
  const { parkedEvents } = await park.query<{ parkedEvents: { totalCount: number; nodes: object[] } }>(admin, QUERY)
  expect(parkedEvents.nodes).toMatchObject([
    { position: '2', type: 'LotGenerated', stream: 'lot-bad', attempts: 1, waitsFor: null },
  ])
  const { parkedEvents: all } = await park.query<{
    parkedEvents: { nodes: { projection: string; waitsFor: string | null; advice: string }[] }
  }>(admin, QUERY.replace('first: 1', 'first: 50'))
  expect(all.nodes).toHaveLength(parkedEvents.totalCount)
  expect(all.nodes.filter(({ projection }) => projection === 'journal')).toMatchObject([
    { waitsFor: null, advice: expect.stringContaining('npm run replay') },
    { waitsFor: '2' },
  ])
  const refused = await park.app.inject({
    method: 'POST',
    url: '/graphql',
    headers: { authorization: `Bearer ${await park.token('demo-bureau')}` },
    payload: { query: QUERY },
  })
  expect(refused.json<{ errors: { extensions: { code: string } }[] }>().errors[0]?.extensions.code).toBe('forbidden')
})

test('npm run parked lists it and exits 1', () => {
  const script = fileURLToPath(new URL('../../services/park/parked.ts', import.meta.url))
  const run = (...args: readonly string[]) =>
    spawnSync(process.execPath, ['--import', 'tsx', script, ...args], {
      encoding: 'utf8',
      env: { ...process.env, DATABASE_URL: park.park.databaseUrl },
    })
  const json = run('--json')
  expect(json.status).toBe(1)
  const { parked } = JSON.parse(json.stdout) as { parked: { position: number; projection: string; type: string }[] }
  expect(parked).toContainEqual(expect.objectContaining({ position: 2, projection: 'journal', type: 'LotGenerated' }))
  const text = run()
  expect(text.stdout).toContain('2 journal LotGenerated lot-bad parked')
  expect(run('--nonsense').status).toBe(2)
})
