import { parse, TypeInfo, visit, visitWithTypeInfo } from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { schema } from '../../services/gateway/graphql/schema.ts'
import { admin, bureau, carrier, openDoor, producer, receiver, type Claims, type Door } from './door.ts'
import { fieldsOf, queriesOf, type Arguments } from './every-field.ts'
import {
  C,
  F,
  FOREIGN_LOT,
  FOREIGN_MANIFEST,
  FOREIGN_NUMBER,
  FOREIGN_POOL,
  LONELY,
  LOT,
  MANIFEST,
  MUNICIPAL,
  NUMBER,
  P,
  POOL,
  CORRECTION,
  HOLD,
  FOREIGN_HOLD,
  FOREIGN_CORRECTION,
  RESIDUE,
  T,
  tellPark,
} from './park.ts'

let door: Door
beforeAll(async () => {
  door = await openDoor(tellPark)
})
afterAll(async () => {
  expect(door.faults).toEqual([])
  await door.close()
})

/** Asks of everything, about everything: what exists for nobody, for some, and for all. */
const things: Readonly<Record<string, readonly string[]>> = {
  'custody.of': [LOT, FOREIGN_LOT, NUMBER, FOREIGN_NUMBER, RESIDUE],
  'manifest.number': [NUMBER, FOREIGN_NUMBER],
  'lot.id': [LOT, FOREIGN_LOT, MUNICIPAL],
  'case.id': ['0198c0de-0000-7000-8000-00000000ca5e'],
  'hold.id': [HOLD, FOREIGN_HOLD],
  'correction.id': [CORRECTION, FOREIGN_CORRECTION],
  'unit.code': [P, F, LONELY],
  'node.id': [LOT, FOREIGN_LOT, MANIFEST, FOREIGN_MANIFEST, P, F],
  'codeList.name': ['packaging', 'hazards'],
  'rule.id': ['R08', 'R46'],
  'event.position': ['1', '2', '5', '12', '30', '45'],
}
const variants = Math.max(...Object.values(things).map(({ length }) => length))
const argumentsAt =
  (variant: number): Arguments =>
  (field, argument) => {
    // All 25 cells, not those of one stream.
    if (field === 'cells') return undefined
    const choices = things[`${field}.${argument}`]
    if (choices) return JSON.stringify(choices[variant % choices.length])
    return {
      from: '"2025-12-01"',
      to: '"2025-12-31"',
      stream: variant % 2 === 0 ? 'HAZARDOUS' : 'INDUSTRIAL',
      first: '4',
    }[argument]
  }
const queries = [
  ...new Set(Array.from({ length: variants }, (_, variant) => queriesOf(schema, argumentsAt(variant))).flat()),
]

/**
 * What must not be in any answer to this reader, wherever it stands. The id of a residue is no secret: the event of the consignor's own lot
 * names what came of it; the lot that bears the id is the receiver's alone.
 */
interface Reader {
  readonly name: string
  readonly claims: Claims
  readonly never: readonly string[]
}
const PRIVATE = [
  F,
  '乙厂',
  LONELY,
  '戊厂',
  FOREIGN_LOT,
  FOREIGN_MANIFEST,
  FOREIGN_NUMBER,
  FOREIGN_POOL,
  FOREIGN_CORRECTION,
  FOREIGN_HOLD,
  MUNICIPAL,
]
const OWN = [P, '甲厂', LOT, MANIFEST, NUMBER, POOL, CORRECTION, HOLD]
const readers: readonly Reader[] = [
  { name: 'the consignor', claims: producer(P), never: PRIVATE },
  {
    name: 'another consignor of the same receiver',
    claims: producer(F),
    never: [...OWN, RESIDUE, LONELY, '戊厂', MUNICIPAL],
  },
  {
    name: 'the carrier of both',
    claims: carrier(C),
    never: [LONELY, '戊厂', MUNICIPAL, POOL, FOREIGN_POOL, '甲厂 1号', '丁处置 1号'],
  },
  {
    name: 'the receiver of both',
    claims: receiver(T),
    never: [LONELY, '戊厂', MUNICIPAL, POOL, FOREIGN_POOL, '甲厂 1号'],
  },
  {
    name: 'a unit that nobody deals with',
    claims: producer(LONELY),
    never: [...OWN, F, '乙厂', T, C, FOREIGN_LOT, FOREIGN_MANIFEST, FOREIGN_NUMBER, RESIDUE],
  },
  {
    name: 'a unit that is not registered',
    claims: producer('91350100M000100Y43'),
    never: [...OWN, ...PRIVATE, RESIDUE, T, C],
  },
  { name: 'an official without competence', claims: bureau(), never: [...OWN, ...PRIVATE, RESIDUE, T, C] },
  {
    name: 'an official of municipal waste',
    claims: bureau('municipal'),
    never: [LOT, FOREIGN_LOT, MANIFEST, FOREIGN_MANIFEST, NUMBER, FOREIGN_NUMBER, RESIDUE, POOL],
  },
  {
    name: 'an official of industrial and hazardous waste',
    claims: bureau('industrial', 'hazardous'),
    never: [MUNICIPAL],
  },
  { name: 'the book-keeper of the park', claims: admin, never: [] },
]

/** Refusals that a reader may meet on the walk: of names that lead nowhere for them. */
// What only operators may ask is refused to everybody else by name.
const EXPECTED = new Set(['not-found', 'identifier-ambiguous', 'forbidden', 'not-in-your-competence'])

test('the walk asks for every field of the schema', () => {
  const asked = new Set<string>()
  const info = new TypeInfo(schema)
  for (const query of queries)
    visit(
      parse(query),
      visitWithTypeInfo(info, { Field: ({ name }) => void asked.add(`${info.getParentType()?.name}.${name.value}`) }),
    )
  expect(fieldsOf(schema).filter((field) => !asked.has(field))).toEqual([])
})

describe.each(readers)('$name', ({ claims, never }) => {
  test('sees no field that is not theirs, meets no fault, and no count tells of more', {
    timeout: 120_000,
  }, async () => {
    const answers = await Promise.all(queries.map(async (query) => ({ query, answer: await door.ask(claims, query) })))
    const [sealed, foreign, wrong] = [[], [], []] as [string[], string[], string[]]
    for (const { query, answer } of answers) {
      // What was asked for stands in the question, not in the answer; only data can tell anything.
      const told = JSON.stringify(answer.data ?? null)
      for (const secret of ['c2VhbGVk', '19900005921']) if (told.includes(secret)) sealed.push(query)
      for (const secret of never) if (told.includes(secret)) foreign.push(`${secret} in ${query}`)
      for (const error of answer.errors)
        if (!EXPECTED.has(String(error.extensions['code']))) wrong.push(`${JSON.stringify(error)} for ${query}`)
    }
    expect({ sealed, foreign, wrong }).toEqual({ sealed: [], foreign: [], wrong: [] })
  })
})

const countsOf = async (claims: Claims) =>
  (
    await door.ask(
      claims,
      '{ manifests { totalCount } lots { totalCount } findings { totalCount } units { totalCount } }',
    )
  ).data

test('counts hold what exists for the reader and nothing else', async () => {
  const count = (manifests: number, lots: number, findings: number, units: number) => ({
    manifests: { totalCount: manifests },
    lots: { totalCount: lots },
    findings: { totalCount: findings },
    units: { totalCount: units },
  })
  expect(await countsOf(admin)).toEqual(count(2, 6, 6, 5))
  expect(await countsOf(producer(P))).toEqual(count(1, 2, 3, 3))
  expect(await countsOf(carrier(C))).toEqual(count(2, 2, 6, 4))
  expect(await countsOf(receiver(T))).toEqual(count(2, 3, 6, 4))
  expect(await countsOf(producer(LONELY))).toEqual(count(0, 1, 0, 1))
  expect(await countsOf(bureau())).toEqual(count(0, 0, 0, 0))
  expect(await countsOf(bureau('municipal'))).toEqual(count(0, 1, 0, 5))
})

test('nobody without a token reads anything', async () => {
  for (const query of queries.slice(0, 20)) expect((await door.ask(undefined, query)).status).toBe(401)
})
