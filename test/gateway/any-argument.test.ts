import fc from 'fast-check'
import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
} from 'graphql'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { errorCatalogue } from '../../schemas/texts/errors/catalogue.ts'
import { schema } from '../../services/gateway/graphql/schema.ts'
import { rounds } from '../support/long.ts'
import { admin, bureau, openDoor, producer, type Door } from './door.ts'
import { LABEL, LOT, NUMBER, P, tellPark } from './park.ts'

/** Generated questions a field. */
const QUESTIONS = rounds('QUESTIONS', { slice: 50, long: 500 })

let door: Door
beforeAll(async () => {
  door = await openDoor(tellPark)
})
afterAll(() => door.close())

const cursor = (...parts: unknown[]) => Buffer.from(JSON.stringify(parts)).toString('base64url')
const LISTS = [
  'lots',
  'manifests',
  'findings',
  'cases',
  'corrections',
  'holds',
  'units',
  'postings',
  'events',
  'history',
  'parked',
  'code-list',
]

/** Text that a caller can send: what is known, what is nothing, and what breaks what is behind. */
const text = fc.oneof(
  fc.constantFrom(P, LOT, NUMBER, LABEL, `${P}/CS20251202001`, `${P}/`, '', ' ', 'x', '0', '-1', '%', "';--", '\\'),
  fc.constantFrom('a\0b', '\0', '\ud800', 'x\udc00', '😀', '\u202e', 'x'.repeat(5_000), '9'.repeat(40), '../..', '{}'),
  fc.constantFrom('R31', 'R999', '900-404-06', '900-003-S17', 'TS001', 'received', '__proto__', 'constructor', 'null'),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc
    .tuple(
      fc.constantFrom(...LISTS),
      fc.array(
        fc.oneof(
          fc.constantFrom(
            '2025-12-01',
            '0000-01-01',
            '9999-12-31',
            '10000-01-01',
            'a\0',
            '\ud800',
            '-62135596800000001',
          ),
          fc.constantFrom(0, -1, 1.5, 2 ** 31, 2 ** 53 - 1, 2 ** 53, 1e308, null, true),
          fc.constantFrom('9223372036854775807', '9223372036854775808', '253402300800000000', {}),
        ),
        { maxLength: 3 },
      ),
    )
    .map(([list, parts]) => cursor(list, ...parts)),
)
const day = fc.constantFrom(
  '2025-12-01',
  '2025-12-31',
  '0000-01-01',
  '0001-01-01',
  '9999-12-31',
  '2025-02-30',
  '',
  '0000',
)
const moment = fc.constantFrom(
  '2025-12-06T08:52:00+08:00',
  '0000-11-30T08:00:00+08:00',
  '0001-01-01T00:00:00+14:00',
  '9999-12-31T23:59:59-12:00',
  '2025-12-06T08:52:00+16:00',
  '2025-12-06T08:52:60Z',
  '2025-12-06T24:00:00Z',
  '2025-12-06T08:52:00.1234567890123Z',
  '2025-12-06',
)
const position = fc.constantFrom('0', '1', '12', '-1', '99999', '9007199254740991', '9007199254740992', 'x', '', '1e3')
const int = fc.constantFrom(0, 1, 5, -1, 100, 101, 2 ** 31 - 1, 2 ** 31, -(2 ** 31), 2 ** 53, 1.5)
const scalars: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  ID: fc.oneof({ weight: 9, arbitrary: text }, { weight: 1, arbitrary: int }),
  String: text,
  Int: int,
  Float: int,
  Boolean: fc.boolean(),
  Date: fc.oneof({ weight: 9, arbitrary: day }, { weight: 1, arbitrary: text }),
  DateTime: fc.oneof({ weight: 9, arbitrary: moment }, { weight: 1, arbitrary: text }),
  Position: fc.oneof({ weight: 9, arbitrary: position }, { weight: 1, arbitrary: text }),
  Grams: int,
  JSON: text,
}

/** A value for an input by its type: mostly of it, now and then of another. */
function valueOf(type: GraphQLInputType): fc.Arbitrary<unknown> {
  if (isNonNullType(type)) return valueOf(type.ofType)
  if (isListType(type)) return fc.array(valueOf(type.ofType), { maxLength: 3 })
  const named = getNamedType(type)
  if (isEnumType(named)) return fc.constantFrom(...named.getValues().map(({ name }) => name), 'NOPE', '')
  if (isInputObjectType(named))
    return fc.record(
      Object.fromEntries(Object.values(named.getFields()).map((field) => [field.name, valueOf(field.type)])),
      { requiredKeys: [] },
    )
  const scalar = scalars[named.name]
  if (!scalar) throw new Error(`no values for ${named.name}`)
  return scalar
}

interface Asked {
  readonly query: string
  readonly variables: Readonly<Record<string, unknown>>
}

/** Selection of a field whose every argument is a variable, one step down into lists and cells. */
function selectionOf(field: GraphQLField<unknown, unknown>, prefix: string, deep: boolean) {
  const inputs: { readonly name: string; readonly argument: GraphQLArgument }[] = []
  const call = (of: GraphQLField<unknown, unknown>, before: string): string => {
    const args = of.args.map((argument) => {
      const name = `${before}_${argument.name}`
      inputs.push({ name, argument })
      return `${argument.name}: $${name}`
    })
    return `${of.name}${args.length > 0 ? `(${args.join(', ')})` : ''}`
  }
  const type = getNamedType(field.type)
  const inner =
    deep && isObjectType(type)
      ? Object.values(type.getFields())
          .filter(({ args }) => args.length > 0)
          .map((each) => {
            const below = getNamedType(each.type)
            return `${call(each, `${prefix}_${each.name}`)}${isObjectType(below) ? ' { __typename }' : ''}`
          })
      : []
  const selected = 'getFields' in type ? ` { __typename ${inner.join(' ')} }` : ''
  return { text: `${call(field, prefix)}${selected}`, inputs }
}

function asking(field: GraphQLField<unknown, unknown>): fc.Arbitrary<Asked> {
  return fc.boolean().chain((deep) => {
    const { text: body, inputs } = selectionOf(field, 'a', deep)
    const declared = inputs.map(({ name, argument }) => `$${name}: ${String(argument.type)}`)
    const query = `query${declared.length > 0 ? `(${declared.join(', ')})` : ''} { ${body} }`
    const required = inputs.filter(({ argument }) => isNonNullType(argument.type)).map(({ name }) => name)
    return fc
      .record(Object.fromEntries(inputs.map(({ name, argument }) => [name, valueOf(argument.type)])), {
        requiredKeys: required,
      })
      .map((variables) => ({ query, variables }))
  })
}

/** The same question with its values written into the document, escaped as JSON escapes them. */
const written = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(written).join(', ')}]`
  if (typeof value === 'object' && value !== null)
    return `{ ${Object.entries(value)
      .map(([key, inner]) => `${key}: ${written(inner)}`)
      .join(', ')} }`
  if (typeof value === 'string')
    return JSON.stringify(value).replaceAll(
      /[\0-\x1f\x7f-\uffff]/g,
      (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
    )
  return JSON.stringify(value)
}
const inDocument = ({ query, variables }: Asked): string =>
  query
    .replace(/^query(?:\([^)]*\))? /, '')
    .replaceAll(/(\w+): \$(\w+),? ?/g, (_, argument: string, name: string) =>
      Object.hasOwn(variables, name) ? `${argument}: ${written(variables[name])} ` : '',
    )
    .replaceAll('()', '')

const codesOf = async (send: () => Promise<{ errors: readonly { extensions: Record<string, unknown> }[] }>) =>
  (await send()).errors.map(({ extensions }) => String(extensions['code']))
const allowed = new Set(Object.keys(errorCatalogue).filter((code) => code !== 'internal'))

const fields = Object.values(schema.getQueryType()?.getFields() ?? {}).filter(({ args, type }) =>
  [args.length > 0, 'getFields' in getNamedType(type)].some(Boolean),
)
const readers = [admin, producer(P), bureau('municipal')]

test.each(fields.map((field) => [field.name, field] as const))(
  'whatever is sent to %s, in variables or in the document, is answered or refused by a name of the catalogue',
  { timeout: 300_000 },
  async (_name, field) => {
    await fc.assert(
      fc.asyncProperty(asking(field), fc.constantFrom(...readers), fc.boolean(), async (asked, claims, inside) => {
        const send = async () => {
          if (inside) return door.ask(claims, inDocument(asked))
          const answer = await door.app.inject({
            method: 'GET',
            url: `/graphql?query=${encodeURIComponent(asked.query)}&variables=${encodeURIComponent(escaped(asked.variables))}`,
            headers: { 'x-claims': JSON.stringify(claims), accept: 'application/json', 'x-graphql-yoga-csrf': '1' },
          })
          return { errors: answer.json<{ errors?: { extensions: Record<string, unknown> }[] }>().errors ?? [] }
        }
        const codes = await codesOf(send)
        expect(codes.filter((code) => !allowed.has(code))).toEqual([])
        expect(door.faults).toEqual([])
      }),
      { numRuns: QUESTIONS, seed: 20_261_130 },
    )
  },
)

/** JSON in ASCII: lone surrogates and NUL escaped, as a program would send them in an address, where nothing reads bodies strictly. */
const escaped = (value: unknown): string =>
  JSON.stringify(value).replaceAll(/[\x7f-\uffff]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)

test('fragments that double sixty times are refused by their cost, at once', async () => {
  const doubling = Array.from(
    { length: 60 },
    (_, i) => `fragment F${i} on Actor { ${i < 59 ? `...F${i + 1} ...F${i + 1}` : 'subject'} }`,
  ).join(' ')
  const began = performance.now()
  const { errors } = await door.ask(admin, `{ me { ...F0 } } ${doubling}`)
  expect(errors.map(({ extensions }) => extensions['code'])).toEqual(['query-too-costly'])
  expect(performance.now() - began).toBeLessThan(5_000)
  const circle = await door.ask(admin, '{ me { ...A } } fragment A on Actor { ...B } fragment B on Actor { ...A }')
  expect(circle.errors.map(({ extensions }) => extensions['code'])).toContain('query-invalid')
  const deep = await door.ask(admin, `{ me ${'{ unit '.repeat(300)} { code } ${'}'.repeat(300)} }`)
  expect(deep.errors.map(({ extensions }) => extensions['code'])).toEqual(['query-invalid'])
})
