import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createsThing, fieldsOf } from '../../infra/http/command-route-types.ts'
import { publicNames } from '../../schemas/commands/public-names.ts'
import { openBorder, type Border } from './harness.ts'

interface Operation {
  readonly requestBody?: {
    readonly content: Readonly<
      Record<string, { readonly schema: { readonly properties?: object; readonly additionalProperties?: boolean } }>
    >
  }
  readonly parameters?: readonly { readonly in: string; readonly name: string }[]
  readonly responses: Readonly<Record<string, { readonly content?: object }>>
  readonly security?: readonly object[]
  readonly operationId?: string
}
interface Document {
  readonly openapi: string
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: Readonly<Record<string, Readonly<Record<string, object>>>>
}

let border: Border
let document: Document

beforeAll(async () => {
  border = await openBorder()
  document = (await border.send(undefined, { method: 'GET', url: '/api/v1/openapi.json' })).json()
})
afterAll(() => border.close())

test('the document is OpenAPI 3.1 and names every command with all that it takes and answers', () => {
  expect(document.openapi).toBe('3.1.0')
  for (const route of border.routes) {
    const path = `/api/v1${route.path.replace(/:(\w+)/g, '{$1}')}`
    const operation = document.paths[path]?.post
    const { params = [] } = route
    const body = operation?.requestBody?.content['application/json']?.schema
    expect(Object.keys(body?.properties ?? {}).sort(), path).toEqual(
      Object.keys(fieldsOf(route))
        .filter((field) => !params.includes(field))
        .map((field) => publicNames.get(route.command)?.[field] ?? field)
        .sort(),
    )
    expect(body?.additionalProperties, path).toBe(false)
    expect(
      operation?.parameters?.filter((parameter) => parameter.in === 'path').map(({ name }) => name),
      path,
    ).toEqual([...params])
    expect(operation?.parameters?.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['Idempotency-Key', 'If-Match']),
    )
    expect(Object.keys(operation?.responses ?? {}), path).toEqual(
      expect.arrayContaining([
        createsThing(route) ? '201' : '200',
        '400',
        '401',
        '403',
        '404',
        '405',
        '409',
        '415',
        '422',
        '429',
        '503',
      ]),
    )
    expect(operation?.security).toEqual([{ oidc: [] }])
  }
})

test('operations have names of their own, and every reference in the document leads somewhere', () => {
  const names = Object.values(document.paths).flatMap((methods) =>
    Object.values(methods).map(({ operationId }) => operationId),
  )
  expect(new Set(names).size).toBe(names.length)
  for (const [, kind = '', name = ''] of JSON.stringify(document).matchAll(/"\$ref":"#\/components\/(\w+)\/([^"]+)"/g))
    expect(document.components).toHaveProperty([kind, name])
  expect(JSON.stringify(document)).not.toMatch(/"\$ref":"(?!#\/components\/(?:schemas|headers)\/)/)
})

test('what is documented of a body is what is taken: the schemas compile as JSON Schema 2020-12', () => {
  const ajv = new Ajv2020({ strict: false, validateFormats: false })
  for (const methods of Object.values(document.paths)) {
    const schema = methods.post?.requestBody?.content['application/json']?.schema
    if (schema) expect(() => ajv.compile({ ...schema, components: document.components })).not.toThrow()
  }
})

test('the page of the document is all our own: no script in line, and no address but ours', async () => {
  const page = await border.send(undefined, { method: 'GET', url: '/api/v1/docs/' })
  expect(page.statusCode).toBe(200)
  expect(page.body).not.toMatch(/<script(?![^>]*src=)|<style|style="|https?:\/\//)
  const sources = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(
    ([, source = '']) => new URL(source, 'http://park/api/v1/docs/').pathname,
  )
  expect(sources.length).toBeGreaterThan(3)
  for (const url of sources) expect((await border.send(undefined, { method: 'GET', url })).statusCode, url).toBe(200)
})

test('every code that a problem can bear is explained where its type leads', async () => {
  const all = (await border.send(undefined, { method: 'GET', url: '/api/v1/problems' })).json()
  for (const { code } of all)
    expect((await border.send(undefined, { method: 'GET', url: `/api/v1/problems/${code}` })).json()).toMatchObject({
      code,
      zh: expect.any(String),
      en: expect.any(String),
    })
  expect((await border.send(undefined, { method: 'GET', url: '/api/v1/problems/toString' })).statusCode).toBe(404)
})

test('the park is alive, ready and measured, for the machine that runs it', async () => {
  const ask = async (url: string) => border.send(undefined, { method: 'GET', url })
  expect((await ask('/healthz')).json()).toEqual({ status: 'ok' })
  expect((await ask('/readyz')).json()).toEqual({ status: 'ready', checks: { store: 'ok' } })
  border.metrics.watchLag(() => [{ projection: 'journal', events: 3, seconds: 0.5 }])
  border.metrics.watchRelay(() => Promise.reject(new Error('no broker')))
  border.metrics.batch(64)
  border.metrics.watchLeader('projections', () => true)
  const { body } = await ask('/metrics')
  for (const line of [
    'wufei_projection_lag_events{projection="journal"} 3',
    'wufei_lag_unknown_total 1',
    'wufei_append_batch_requests_sum 64',
    'wufei_leader{of="projections"} 1',
  ])
    expect(body.split('\n')).toContain(line)
})

test('what programs find in the topics of this park is described beside it (AsyncAPI 3), for everybody', async () => {
  const answer = await border.send(undefined, { method: 'GET', url: '/api/v1/asyncapi.json' })
  expect(answer.statusCode).toBe(200)
  expect(answer.json()).toMatchObject({ asyncapi: '3.0.0', channels: { lots: { address: 'border.lots' } } })
})
