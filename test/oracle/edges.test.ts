import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Runtime } from '../../infra/commanding/execute.ts'
import type { CommandRoute } from '../../infra/http/command-route-types.ts'
import { commandRoutes } from '../../infra/http/command-route.ts'
import { policies } from '../../services/park/process/parts.ts'
import { parkRoutes } from '../borders/park.ts'
import { valid } from '../borders/schema-arbitrary.ts'
import { knownThings, settle } from '../borders/settled-park.ts'
import { admin, openDoor, type Claims, type Door } from '../gateway/door.ts'
import { testRuntime } from '../support/runtime.ts'
import { leavesOf, pointerOf, withValue, type Leaf } from '../support/schema-fields.ts'
import { at, CONSIGNOR, NOW, PLASTIC, SOLVENT } from '../support/transfers.ts'
import { present } from '../../schemas/values/present.ts'

let door: Door
beforeAll(async () => {
  const made: Runtime[] = []
  door = await openDoor(
    (store) => {
      made.push(testRuntime({ policies, now: NOW, store }))
      return store.head()
    },
    (app) => app.register(commandRoutes, { prefix: '/api/v1', routes: parkRoutes, runtime: made[0] as Runtime }),
  )
  await settle({
    runtime: made[0] as Runtime,
    token: ({ sub = 'someone', unit, roles = [] }) =>
      Promise.resolve(JSON.stringify({ sub, roles, ...(unit === undefined ? {} : { unit }) } satisfies Claims)),
    post: (token, path, body, headers) => send(token ?? '', path, body, headers),
  })
  await door.settled()
}, 60_000)
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

const day = '2025-12-06'
const DAYS = [
  '0000-01-01',
  '0001-01-01',
  '1899-12-30',
  '1989-12-31',
  '1990-01-01',
  '2024-02-29',
  '2025-02-29',
  '2125-12-31',
].concat(['2126-01-01', '9999-12-31', '10000-01-01', ''])
const MOMENTS = [
  ...[
    '0000-11-30',
    '0001-01-01',
    '0202-11-30',
    '1899-12-30',
    '1999-12-31',
    '2000-01-01',
    '2024-02-29',
    '2025-02-29',
  ].map((date) => `${date}T08:00:00+08:00`),
  '9999-12-31T23:59:59Z',
  '9999-12-30T23:59:59-15:59',
  ...['+15:59', '+16:00', '-15:59', '+24:00', ''].map((offset) => `${day}T09:00:00${offset}`),
  ...[6, 12, 13, 30].map((digits) => `${day}T09:00:00.${'9'.repeat(digits)}+08:00`),
  ...['24:00:00', '23:59:60', '09:00'].map((time) => `${day}T${time}+08:00`),
  '',
]
const BOUND = 50_000_000_000
const NUMBERS = [Number.MAX_SAFE_INTEGER, BOUND, BOUND + 1, 1_000 * BOUND, 1_000 * BOUND + 1, 1, 0, -1, 1.5, '1', null]
const TEXTS = [
  '',
  ' ',
  '\u3000',
  '\u200b',
  '\u2060 \u00a0',
  'a\u0000b',
  'x'.repeat(100_000),
  '\u202e',
  "'; --",
  '{fact}',
  '🗑️',
]

function edgesOf({ schema }: Leaf): readonly unknown[] | undefined {
  const { def } = schema._zod
  if (def.type === 'number') return NUMBERS
  if (def.type !== 'string') return undefined
  const { format } = def as { readonly format?: string }
  return format === 'datetime' ? MOMENTS : format === 'date' ? DAYS : TEXTS
}

const STREAMS = ['INDUSTRIAL', 'HAZARDOUS', 'MUNICIPAL', 'CONSTRUCTION', 'SLUDGE'] as const
const FIGURES = `{
  ledger(from: "2000-01-01", to: "2026-12-31") { trialBalance cells { opening in out adjusted closing } }
  stock { grams oldestDay limit }
  lots(first: 100) { edges { node { grams } } }
  ${STREAMS.map(
    (stream) => `
  balance${stream}: massBalance(from: "2000-01-01", to: "2026-12-31", stream: ${stream}) { generated treated balanced }
  rate${stream}: recyclingRate(from: "2000-01-01", to: "2026-12-31", stream: ${stream}) { value percent numerator denominator }`,
  ).join('')}
}`

async function figuresRead(about: string): Promise<void> {
  await door.settled()
  expect(await door.runner.parked(), about).toEqual([])
  const { data, errors } = await door.ask(admin, FIGURES)
  expect(errors, about).toEqual([])
  expect((data as { ledger: { trialBalance: number } }).ledger.trialBalance, about).toBe(0)
  expect(door.faults, about).toEqual([])
}

let serial = 0
/** Commands that bring mass, each time one that is taken: with codes of its own, so that what an edge brings stands in the figures. */
const bringing: Readonly<Record<string, () => object>> = {
  '/lots': () => ({
    unit: CONSIGNOR,
    waste: { stream: 'hazardous', code: SOLVENT },
    name: '废清洗溶剂',
    grams: 54_000,
    batch: `EDGE-${++serial}`,
    facility: 'MF0001',
    packaging: '桶',
    packageCount: 1,
    handler: { name: '李强', phone: '13800000003' },
    occurredAt: at(1),
    reason: '补录',
  }),
  '/lots/pool': () => ({
    unit: CONSIGNOR,
    waste: { stream: 'industrial', code: PLASTIC },
    name: '废塑料',
    grams: 54_000,
    record: `EDGE-${++serial}`,
    occurredAt: at(1),
    reason: '补录',
  }),
  '/lots/opening': () => ({
    unit: CONSIGNOR,
    waste: { stream: 'hazardous', code: SOLVENT },
    grams: 54_000,
    batch: `EDGE-${++serial}`,
    store: 'TS001',
    bornOn: '2024-12-19',
    reason: '往年贮存',
  }),
}
const acceptedBy = new Map<string, number>()

/** A command that is well formed, with every field that may be left out, and so every value that can be bent. */
function wholeCommand({ command }: CommandRoute): unknown {
  const samples = fc.sample(valid(command, knownThings), { numRuns: 40, seed: 7 })
  return samples.toSorted((a, b) => JSON.stringify(b).length - JSON.stringify(a).length)[0]
}

describe('every moment, day, number and text of every command is fed its edges: no fault, and every figure still reads', () => {
  test.each(parkRoutes.map((route) => [route.path, route] as const))(
    '%s',
    async (_, route) => {
      const { params = [], path, command } = route
      const sampled = wholeCommand(route)
      for (const leaf of leavesOf(command)) {
        const [field = ''] = leaf.path
        let accepted = ''
        for (const edge of params.includes(field) ? [] : (edgesOf(leaf) ?? [])) {
          const base = bringing[path]?.() ?? sampled
          const bent = withValue(base, leaf.path, edge) as Readonly<Record<string, unknown>>
          const url = path.replace(/:(\w+)/g, (__, name: string) => encodeURIComponent(String(bent[name])))
          const body = Object.fromEntries(Object.entries(bent).filter(([name]) => !params.includes(name)))
          const answer = await send(JSON.stringify(admin), url, body)
          const about = `${path} ${pointerOf(leaf)} = ${JSON.stringify(edge)?.slice(0, 60)}: ${answer.statusCode} ${answer.body.slice(0, 400)}`
          expect(answer.statusCode, about).toBeLessThan(500)
          if (answer.statusCode >= 300) continue
          accepted = about
          acceptedBy.set(path, (acceptedBy.get(path) ?? 0) + 1)
        }
        if (accepted === '') continue
        await figuresRead(accepted)
      }
    },
    300_000,
  )

  test('edges that the park takes were among them', () => {
    for (const path of Object.keys(bringing)) expect([path, (acceptedBy.get(path) ?? 0) > 10]).toEqual([path, true])
  })
})
