import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Runtime } from '../../infra/commanding/execute.ts'
import type { CommandRoute } from '../../infra/http/command-route-types.ts'
import { commandRoutes } from '../../infra/http/command-route.ts'
import { openPool } from '../../infra/postgres/sessions.ts'
import { rebuild } from '../../projections/runner/rebuild.ts'
import { policies } from '../../services/park/process/parts.ts'
import { mutated } from '../borders/mutations.ts'
import { parkRoutes } from '../borders/park.ts'
import { valid } from '../borders/schema-arbitrary.ts'
import { knownThings, settle } from '../borders/settled-park.ts'
import { admin, openDoor, PROJECTIONS, type Claims, type Door } from '../gateway/door.ts'
import { testRuntime } from '../support/runtime.ts'
import { at, NOW } from '../support/transfers.ts'
import { present } from '../../schemas/values/present.ts'

/** Steps of the walk; more on demand: `WALK=20000`. `WALK_SEED` walks another way. */
const STEPS = Number(process.env.WALK ?? 1_000)
const SEED = Number(process.env.WALK_SEED ?? 20_251_206)

let door: Door
let runtime: Runtime
beforeAll(async () => {
  door = await openDoor(
    (store) => {
      runtime = testRuntime({ policies, now: NOW, store })
      return store.head()
    },
    (app) => app.register(commandRoutes, { prefix: '/api/v1', routes: parkRoutes, runtime }),
  )
  await settle({
    runtime,
    token: ({ sub = 'someone', unit, roles = [] }) =>
      Promise.resolve(JSON.stringify({ sub, roles, ...(unit === undefined ? {} : { unit }) } satisfies Claims)),
    post: (token, path, body, headers) => send(token ?? '', path, body, headers),
  })
  await door.settled()
})
afterAll(() => door.close())

const send = (
  claims: string,
  path: string,
  body: unknown,
  headers: Readonly<Record<string, string | undefined>> = {},
) =>
  door.app.inject({
    method: 'POST',
    url: `/api/v1${path}`,
    headers: present({
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
      'x-claims': claims,
      ...headers,
    }),
    payload: typeof body === 'string' ? body : JSON.stringify(body),
  })

const moments = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 0, max: 23 }).map((hour) => at(hour)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '0000-11-30T08:00:00+08:00',
      '0001-01-01T00:00:00Z',
      '1899-12-30T00:00:00+08:00',
      '1999-12-31T23:59:59+08:00',
      '2000-01-01T00:00:00+08:00',
      '2024-02-29T23:59:59.999999+14:00',
      '2025-12-06T00:00:00+15:59',
      '2025-12-06T00:00:00+16:00',
      '2025-12-06T08:00:00.123456789012345+08:00',
      '9999-12-31T23:59:59Z',
    ),
  },
)
const masses = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(1, 100, 54_000, 200_000, 300_000, 500_000) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(50_000_000_000, 50_000_000_001, 2 ** 31, 2 ** 52, Number.MAX_SAFE_INTEGER),
  },
)

/** What fields may mean, with the edges of what a moment and a mass can be among what is plausible. */
const walkThings = {
  ...knownThings,
  occurredAt: moments,
  departedAt: moments,
  arrivedAt: moments,
  bornOn: fc.constantFrom('2024-12-19', '2019-07-01', '1999-12-31', '1989-12-31', '0001-01-01'),
  grams: masses,
  planned: masses,
  counted: masses,
  treated: masses,
  accepted: masses,
  refused: masses,
  shipped: masses,
  product: masses,
  loss: masses,
}

/** A command that is well formed, or one with a single thing wrong with it: what is taken of the latter is of interest here, too. */
const step = (route: CommandRoute) =>
  valid(route.command, walkThings).chain((command) => {
    const { params = [] } = route
    const entries = Object.entries(command as object)
    const body = Object.fromEntries(entries.filter(([field]) => !params.includes(field)))
    const path = route.path.replace(/:(\w+)/g, (_, name: string) =>
      encodeURIComponent(String((command as Record<string, unknown>)[name])),
    )
    const whole = fc.constant(JSON.stringify(body))
    const wrong = mutated(body).map(({ text }) => text)
    return fc.record({
      path: fc.constant(path),
      body: fc.oneof({ weight: 3, arbitrary: whole }, { weight: 1, arbitrary: wrong }),
    })
  })

const STREAMS = ['INDUSTRIAL', 'HAZARDOUS', 'MUNICIPAL', 'CONSTRUCTION', 'SLUDGE'] as const
const FIGURES = `query ($from: Date!, $to: Date!) {
  ledger(from: $from, to: $to) { trialBalance cells { stage stream opening in out adjusted closing } }
  stock { grams }
  ${STREAMS.map(
    (stream) => `
  balance${stream}: massBalance(from: $from, to: $to, stream: ${stream}) { generated treated balanced }
  rate${stream}: recyclingRate(from: $from, to: $to, stream: ${stream}) { value percent numerator denominator }`,
  ).join('')}
}`

type Cell = Readonly<Record<'opening' | 'in' | 'out' | 'adjusted' | 'closing', number | string>>
// The periods of a query are bounded, so the whole of the books is read in parts: openings carry what lies before.
const PERIODS = [
  { from: '2025-12-01', to: '2025-12-31' },
  { from: '2024-01-01', to: '2024-12-31' },
  { from: '1999-06-01', to: '1999-12-31' },
] as const

/** Every figure reads, every cell adds up, and the trial balance is zero. */
async function figuresRead(about: string): Promise<void> {
  await door.settled()
  for (const variables of PERIODS) {
    const { data, errors } = await door.ask(admin, FIGURES, variables)
    expect(errors, about).toEqual([])
    const ledger = data?.['ledger'] as { trialBalance: number | string; cells: readonly Cell[] }
    expect(ledger.trialBalance, about).toBe(0)
    for (const cell of ledger.cells)
      expect(BigInt(cell.opening) + BigInt(cell.in) - BigInt(cell.out) + BigInt(cell.adjusted), about).toBe(
        BigInt(cell.closing),
      )
  }
}

test(`after each accepted command of a random walk of ${STEPS} steps every figure reads, and a rebuild gives the same rows`, async () => {
  const done = new Map<string, number>()
  await figuresRead('the settled park')
  const routes = fc.sample(fc.constantFrom(...parkRoutes), { numRuns: STEPS, seed: SEED })
  for (const [i, route] of routes.entries()) {
    const [command] = fc.sample(step(route), { numRuns: 1, seed: SEED + i })
    if (!command) throw new Error('no step was made')
    const answer = await send(JSON.stringify(admin), command.path, command.body)
    const about = `step ${i} of seed ${SEED}: ${command.path} ${answer.statusCode}\n${command.body.slice(0, 2_000)}`
    expect(answer.statusCode, `${about}\n${answer.body}`).toBeLessThan(500)
    if (answer.statusCode >= 300) continue
    done.set(route.path, (done.get(route.path) ?? 0) + 1)
    await figuresRead(about)
  }
  expect(door.faults).toEqual([])
  expect(await door.runner.parked()).toEqual([])
  console.log(`random walk: ${JSON.stringify(Object.fromEntries(done))}`)
  expect([...done.values()].reduce((sum, n) => sum + n, 0)).toBeGreaterThan(STEPS / 50)

  const pool = openPool({ connectionString: door.databaseUrl, max: 16 })
  const reports = await rebuild({ pool, store: door.store, projections: PROJECTIONS, swap: false })
  await pool.end()
  expect(reports.map(({ name, equal, differences, parked }) => ({ name, equal, differences, parked }))).toEqual(
    PROJECTIONS.map(({ name }) => ({ name, equal: true, differences: 0, parked: 0 })),
  )
}, 900_000)
