import { existsSync, readFileSync } from 'node:fs'
import { Parser } from '@asyncapi/parser'
import { Ajv } from 'ajv'
import formats from 'ajv-formats'
import { expect, test } from 'vitest'
import { asyncApi } from '../../schemas/integration/asyncapi.ts'
import { toIntegration } from '../../schemas/integration/cloud-event.ts'
import { headersOf } from '../../schemas/integration/headers.ts'
import { messages } from '../../schemas/integration/messages.ts'
import { storedEvents } from '../support/stored-events.ts'

/** Errors and warnings, as the parser counts. */
const SERIOUS: ReadonlySet<number> = new Set([0, 1])
const committed = readFileSync(new URL('../../schemas/integration/asyncapi.json', import.meta.url), 'utf8')

test('the document that is committed is the one that the messages make: npx tsx infra/house/asyncapi.ts', () => {
  expect(JSON.parse(committed)).toEqual(JSON.parse(JSON.stringify(asyncApi())))
})

test('the parser of AsyncAPI finds nothing to complain of', async () => {
  const { document, diagnostics } = await new Parser().parse(committed)
  expect(
    diagnostics
      .filter(({ severity }) => SERIOUS.has(severity))
      .map(({ message, path }) => `${path.join('/')}: ${message}`),
  ).toEqual([])
  expect(document?.version()).toBe('3.0.0')
  expect(document?.messages().length).toBe(Object.keys(messages).length)
  expect(
    document
      ?.channels()
      .all()
      .map((channel) => channel.address()),
  ).toEqual(['wufei.lots', 'wufei.manifests', 'wufei.registry', 'wufei.law'])
  expect(
    document
      ?.operations()
      .all()
      .every((operation) => operation.isSend()),
  ).toBe(true)
})

test('every message that is sent is one that the document describes, and no other', () => {
  const ajv = new Ajv({ strict: false, allErrors: true })
  ;(formats as unknown as (ajv: Ajv) => void)(ajv)
  ajv.addSchema(JSON.parse(committed) as object, 'asyncapi')
  const validateHeaders = ajv.compile({ $ref: 'asyncapi#/components/schemas/RecordHeaders' })
  for (const event of storedEvents()) {
    const message = JSON.parse(JSON.stringify(toIntegration(event))) as { type: string; data: { facts: object } }
    const validate = ajv.compile({ $ref: `asyncapi#/components/messages/${message.type}/payload` })
    expect(validate(message), JSON.stringify(validate.errors)).toBe(true)
    expect(
      validate({ ...message, data: { ...message.data, facts: { ...message.data.facts, surprise: 1 } } }),
      message.type,
    ).toBe(false)
    expect(validate({ ...message, data: { ...message.data, surprise: 1 } }), message.type).toBe(false)
    expect(validate({ ...message, type: 'cn.wufei.lot.dreamt-of.v1' })).toBe(false)
    expect(validateHeaders(headersOf(event, { previous: 0, before: 0, epoch: 'e1' }))).toBe(true)
  }
  expect(validateHeaders({ position: 'three' })).toBe(false)
})

const published = new URL('../../../shared/testdata/asyncapi/sample-asyncapi-3.json', import.meta.url)
const sampleThere = existsSync(published)
if (!sampleThere) console.log('skipped: the sample of an AsyncAPI 3 document is not beside this clone (../shared)')

test.skipIf(!sampleThere)('it is made of the parts that a published document has', () => {
  const sample = JSON.parse(readFileSync(published, 'utf8')) as object
  // Servers are of an installation, not of the messages.
  const parts = (document: object) => Object.keys(document).filter((part) => part !== 'servers')
  expect(parts(JSON.parse(committed) as object)).toEqual(expect.arrayContaining(parts(sample)))
  const binding = (document: object) =>
    Object.keys(Object.values((document as { channels: object }).channels)[0] as object).sort()
  expect(binding(JSON.parse(committed) as object)).toEqual(expect.arrayContaining(binding(sample)))
})
