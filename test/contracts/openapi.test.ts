import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fieldsOf } from '../../infra/http/command-route-types.ts'
import { renamingOf } from '../../schemas/commands/public-names.ts'
import { composedPark, type TestPark } from '../support/composed-park.ts'
import { parkRoutes } from '../borders/park.ts'

type Json = Readonly<Record<string, unknown>>
interface Operation {
  readonly operationId: string
  readonly description?: string
  readonly parameters?: readonly { readonly name: string; readonly description?: string }[]
  readonly requestBody?: {
    readonly content: { readonly 'application/json': { readonly schema: Json; readonly example: Json } }
  }
  readonly responses: Readonly<Record<string, { readonly headers?: object; readonly content?: object }>>
}
interface Document {
  readonly info: { readonly title: string }
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Json; readonly headers: Json }
}

const run = promisify(execFile)
const bin = (name: string) => fileURLToPath(new URL(`../../node_modules/.bin/${name}`, import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'wufei-openapi-'))
const file = join(folder, 'openapi.json')
let park: TestPark
let document: Document
beforeAll(async () => {
  park = await composedPark()
  const answer = await park.app.inject({ method: 'GET', url: '/api/v1/openapi.json' })
  document = answer.json()
  writeFileSync(file, answer.body)
})
afterAll(async () => {
  rmSync(folder, { recursive: true })
  await park.close()
})

const operations = () => Object.values(document.paths).flatMap((methods) => Object.values(methods))
/** Every schema of the document with where it stands. */
function* schemasIn(value: unknown, path = ''): Generator<readonly [string, Json]> {
  if (typeof value !== 'object' || value === null) return
  if (!Array.isArray(value)) yield [path, value as Json]
  for (const [key, inner] of Object.entries(value)) yield* schemasIn(inner, `${path}/${key}`)
}

describe('the OpenAPI document of the whole park', () => {
  test('passes Redocly without a word', async () => {
    const { stdout, stderr } = await run(bin('redocly'), ['lint', file, '--format=json'], {
      cwd: folder,
      env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
      maxBuffer: 1e8,
    }).catch((fault: unknown) => fault as { stdout: string; stderr: string })
    const found = JSON.parse(stdout.slice(stdout.indexOf('{'))) as { totals: object; problems: object[] }
    expect([found.totals, found.problems, stderr.includes('rror')]).toEqual([
      { errors: 0, warnings: 0, ignored: 0 },
      [],
      false,
    ])
  }, 180_000)

  test('passes Spectral (spectral:oas) without a word', async () => {
    const ruleset = join(folder, '.spectral.yaml')
    writeFileSync(ruleset, 'extends: ["spectral:oas"]\n')
    const { stdout } = await run(bin('spectral'), ['lint', file, '-r', ruleset, '-f', 'json', '--quiet'], {
      cwd: folder,
      maxBuffer: 1e8,
    }).catch((fault: unknown) => fault as { stdout: string })
    expect(JSON.parse(stdout)).toEqual([])
  }, 180_000)

  test('says what every operation, parameter and property is', () => {
    const silent = [...schemasIn(document)].flatMap(([path, { properties }]) =>
      Object.entries((properties ?? {}) as Record<string, Json>)
        .filter(([, schema]) => schema['description'] === undefined && schema['$ref'] === undefined)
        .map(([name]) => `${path}.${name}`),
    )
    expect(silent).toEqual([])
    for (const { operationId, description, parameters = [] } of operations()) {
      expect(description, operationId).toMatch(/\S/)
      for (const parameter of parameters)
        expect(parameter.description, `${operationId} ${parameter.name}`).toMatch(/\S/)
    }
  })

  test('names packages that registries take, and operations that stay as they are', () => {
    expect(document.info.title).toBe('Wufei API')
    const ids = operations().map(({ operationId }) => operationId)
    expect(new Set(ids).size).toBe(ids.length)
    for (const id of ids) expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/)
  })

  test('has the headers and statuses that answers have', async () => {
    const lots = document.paths['/api/v1/lots']?.['post']
    expect(Object.keys(lots?.responses ?? {})).toEqual('201 202 400 401 403 404 405 409 413 415 422 429 503'.split(' '))
    const token = await park.token('demo-admin')
    const body = lots?.requestBody?.content['application/json'].example
    const send = (payload: object | undefined, headers: Record<string, string> = {}) =>
      park.app.inject({
        method: 'POST',
        url: '/api/v1/lots',
        headers: { authorization: `Bearer ${token}`, 'idempotency-key': crypto.randomUUID(), ...headers },
        ...(payload ? { payload } : {}),
      })
    for (const answer of [
      await send(body),
      await send({}),
      await send(undefined, { authorization: 'Bearer x' }),
      await send(body, { 'content-type': 'text/plain' }),
    ]) {
      const documented = Object.keys(lots?.responses[String(answer.statusCode)]?.headers ?? {})
      const known = new Set(Object.keys(document.components.headers).map((name) => name.toLowerCase()))
      for (const name of Object.keys(answer.headers).filter(
        (one) => known.has(one) && !/^(cache-control|x-ratelimit)/.test(one),
      ))
        expect(
          documented.map((one) => one.toLowerCase()),
          `${answer.statusCode} ${name}`,
        ).toContain(name)
    }
  })

  test('has no pattern that another dialect would refuse: Python, RE2, JavaScript without flags', () => {
    const patterns = [...schemasIn(document)].flatMap(([, { pattern }]) =>
      typeof pattern === 'string' ? [pattern] : [],
    )
    expect(patterns.length).toBeGreaterThan(50)
    for (const pattern of new Set(patterns)) {
      expect(() => new RegExp(pattern), pattern).not.toThrow()
      // What RE2 lacks: groups that look around, references back, escapes of code points and properties without braces of its own.
      expect(pattern).not.toMatch(/\(\?[=!<]|\\[1-9pPuk]/)
    }
    const python = 'import json,re,sys\nfor p in json.load(sys.stdin): re.compile(p)'
    try {
      execFileSync('python3', ['-c', python], { input: JSON.stringify([...new Set(patterns)]) })
    } catch (fault) {
      if ((fault as { code?: string }).code !== 'ENOENT') throw fault
      console.log('skipped: there is no python3 to compile the patterns with')
    }
  })
})

describe.each(parkRoutes.map((route) => [route.path, route] as const))('what is documented of %s', (path, route) => {
  const known = () =>
    document.paths[`/api/v1${path.replace(/:(\w+)/g, '{$1}')}`]?.['post']?.requestBody?.content['application/json']
  const taken = (body: unknown): boolean => {
    const sent = renamingOf(route.command)?.inward(body as object) ?? (body as object)
    const params = Object.fromEntries((route.params ?? []).map((name) => [name, PARAMS[name]]))
    return route.command.safeParse({ ...sent, ...params }).success
  }

  test('is taken where it is the example, and at the edges of its bounds exactly where the document says so', () => {
    const { schema, example } = known() ?? {}
    expect(taken(example), JSON.stringify(route.command.safeParse(example).error?.issues)).toBe(true)
    const ajv = new Ajv2020({ strict: false, validateFormats: false })
    const valid = ajv.compile({ ...schema, components: document.components })
    expect(valid(example), JSON.stringify(valid.errors)).toBe(true)
    let edges = 0
    for (const [where, value] of edgesOf(schema ?? {})) {
      const body = withValue(example, where, value)
      expect([where.join('/'), value, taken(body)]).toEqual([where.join('/'), value, valid(body)])
      edges++
    }
    expect(edges).toBeGreaterThan(0)
    expect(Object.keys(fieldsOf(route)).length).toBeGreaterThan(0)
  })
})

const PARAMS: Json = {
  lot: '0198c0de-0000-7000-8000-000000000101',
  manifest: '0198c0de-0000-7000-8000-00000000a001',
  case: '0198c0de-0000-7000-8000-00000000ca5e',
  leg: 1,
  hold: '0198c0de-0000-7000-8000-000000000501',
  correction: '0198c0de-0000-7000-8000-000000000401',
  number: 'JSSZ0500OOI001',
  unit: '913205942CL12TH3BX',
  site: 'S1',
  facility: 'TS001',
  plate: '苏E12345',
  permit: '320500001234',
}

/** Values at and beside each bound of each field that stands in the body itself. */
function* edgesOf(schema: Json): Generator<readonly [readonly string[], unknown]> {
  for (const [name, of] of Object.entries((schema['properties'] ?? {}) as Record<string, Json>)) {
    const {
      minimum,
      maximum,
      exclusiveMinimum,
      minLength,
      maxLength,
      multipleOf,
      pattern,
      enum: words,
      type,
    } = of as {
      readonly [key: string]: never
    }
    for (const bound of [minimum, exclusiveMinimum, maximum].filter((one) => one !== undefined))
      for (const value of [bound - 1, bound, bound + 1]) if (Number.isSafeInteger(value)) yield [[name], value]
    if (multipleOf !== undefined) yield* [0.01, 0.001, 79.55, 79.555].map((value) => [[name], value] as const)
    if (pattern === undefined && words === undefined && type === 'string')
      for (const length of [minLength, maxLength].filter((one) => one !== undefined))
        yield* [length - 1, length, length + 1]
          .filter((one) => one >= 0)
          .map((one) => [[name], 'x'.repeat(one)] as const)
    if (words !== undefined) yield* [...(words as string[]), 'no-such-word'].map((value) => [[name], value] as const)
    yield [[name], null]
    if (type === 'object') for (const [inner, value] of edgesOf(of)) yield [[name, ...inner], value]
  }
  yield [['surprise'], 1]
}

function withValue(body: unknown, [name = '', ...rest]: readonly string[], value: unknown): unknown {
  const fields = body as Json
  return { ...fields, [name]: rest.length === 0 ? value : withValue(fields[name] ?? {}, rest, value) }
}
