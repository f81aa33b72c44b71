import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fieldsOf, type CommandRoute } from '../../infra/http/command-route-types.ts'
import { errorCatalogue } from '../../schemas/texts/errors/catalogue.ts'
import { openBorder, type Border } from './harness.ts'
import { mutated, type Sent } from './mutations.ts'
import { parkRoutes } from './park.ts'
import { knownThings, settle, type Settled } from './settled-park.ts'
import { valid } from './schema-arbitrary.ts'

/** Cases of the whole run, shared out over the routes; more on demand: BORDER_CASES=100000. */
const CASES = Number(process.env.BORDER_CASES ?? 2_500)
const perRoute = Math.ceil(CASES / parkRoutes.length)

let border: Border
let settled: Settled
let tokens: Readonly<Record<Bearer, string | undefined>>
const tally = { cases: 0, done: 0, refused: 0, malformed: 0, unauthenticated: 0 }

type Bearer = 'book-keeper' | 'unit' | 'expired' | 'garbage' | 'nobody'
type Key = 'new' | 'reused' | 'garbage' | 'none'

interface Case {
  readonly sent: Sent
  readonly bearer: Bearer
  readonly key: Key
  readonly params: Readonly<Record<string, unknown>>
}

beforeAll(async () => {
  border = await openBorder()
  settled = await settle(border)
  tokens = {
    'book-keeper': settled.admin,
    unit: settled.producer,
    expired: await border.token({ roles: ['admin'], expires: -3_600 }),
    garbage: 'eyJhbGciOiJub25lIn0.eyJyb2xlcyI6WyJhZG1pbiJdfQ.',
    nobody: undefined,
  }
})
afterAll(async () => {
  console.log(`bad input: ${JSON.stringify(tally)}`)
  await border.close()
})

function cases(route: CommandRoute): fc.Arbitrary<Case> {
  const { params = [] } = route
  return valid(route.command, knownThings).chain((command) => {
    const entries = Object.entries(command as object)
    const body = Object.fromEntries(entries.filter(([field]) => !params.includes(field)))
    return fc.record({
      sent: mutated(body),
      bearer: fc.oneof(
        { weight: 12, arbitrary: fc.constantFrom<Bearer>('book-keeper', 'unit') },
        { weight: 1, arbitrary: fc.constantFrom<Bearer>('expired', 'garbage', 'nobody') },
      ),
      key: fc.oneof(
        { weight: 16, arbitrary: fc.constant<Key>('new') },
        { weight: 3, arbitrary: fc.constantFrom<Key>('reused', 'garbage', 'none') },
      ),
      params: fc.constant(Object.fromEntries(entries.filter(([field]) => params.includes(field)))),
    })
  })
}

const keys: Readonly<Record<Key, () => Readonly<Record<string, string | undefined>>>> = {
  new: () => ({ 'idempotency-key': randomUUID() }),
  reused: () => ({ 'idempotency-key': settled.spentKey }),
  garbage: () => ({ 'idempotency-key': 'not-a-uuid' }),
  none: () => ({ 'idempotency-key': undefined }),
}

async function holds(route: CommandRoute, { sent, bearer, key, params }: Case): Promise<void> {
  const path = route.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name])))
  const head = await border.runtime.store.head()
  const answer = await border.post(tokens[bearer], path, sent.text, keys[key]())
  const said = `${route.path} as ${bearer}, key ${key}, ${sent.about}: ${answer.statusCode} ${answer.body.slice(0, 600)}\n${sent.text.slice(0, 1_500)}`
  tally.cases++

  if (answer.statusCode < 400) {
    tally.done++
    expect(bearer === 'book-keeper' || bearer === 'unit', said).toBe(true)
    expect(
      sent.malformed ||
        key === 'garbage' ||
        key === 'none' ||
        (key === 'reused' && answer.headers['idempotency-replayed'] === undefined),
      said,
    ).toBe(false)
    expect(answer.json(), said).toMatchObject({
      id: expect.any(String),
      revision: expect.any(Number),
      position: expect.stringMatching(/^\d+$/),
      findings: expect.any(Array),
      availableActions: expect.any(Array),
    })
    return
  }
  const problem = answer.json()
  expect([400, 401, 403, 404, 409, 413, 415, 422], said).toContain(answer.statusCode)
  expect(answer.headers['content-type'], said).toBe('application/problem+json; charset=utf-8')
  expect(Object.hasOwn(errorCatalogue, problem.code), said).toBe(true)
  expect(problem, said).toMatchObject({
    status: answer.statusCode,
    type: `/api/v1/problems/${problem.code}`,
    title: expect.stringMatching(/./),
  })
  expect(problem.errors.length, said).toBeGreaterThan(0)
  for (const error of problem.errors) {
    expect(Object.hasOwn(errorCatalogue, error.code), said).toBe(true)
    expect(error, said).toMatchObject({
      pointer: expect.stringMatching(/^(\/.*)?$/su),
      zh: expect.stringMatching(/\p{Script=Han}/u),
      en: expect.stringMatching(/[A-Za-z]/),
    })
    // A place in a text for a fact that the refusal did not bring; what a text repeats of the request is the sender's own.
    const places = `${error.zh}${error.en}`.match(/\{[a-z]\w*\}|undefined|\[object/gi) ?? []
    expect(
      places.filter((place) => !`${sent.text}${path}`.includes(place)),
      said,
    ).toEqual([])
  }
  expect(answer.body, said).not.toMatch(/node_modules|\bat .*\.ts:\d|select .* from|TypeError/)
  if (tokens[bearer] === undefined || bearer === 'expired' || bearer === 'garbage') {
    tally.unauthenticated++
    expect(answer.statusCode, said).toBe(401)
  } else if (answer.statusCode === 400) tally.malformed++
  else {
    tally.refused++
    expect(sent.malformed || key === 'garbage' || key === 'none', said).toBe(false)
  }
  expect(await border.runtime.store.head(), `half written: ${said}`).toBe(head)
}

describe(`bad input, ${CASES} generated cases: a clear problem, and nothing half written`, () => {
  test.each(parkRoutes.map((route) => [route.path, route] as const))(
    '%s',
    async (_, route) => {
      expect(Object.keys(fieldsOf(route)).length).toBeGreaterThan(0)
      await fc.assert(
        fc.asyncProperty(cases(route), (one) => holds(route, one)),
        { numRuns: perRoute, endOnFailure: true },
      )
    },
    600_000,
  )
})
