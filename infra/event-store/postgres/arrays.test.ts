import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freshDatabase } from '../../../test/support/database.ts'
import { int2Array, int4Array, int8Array, textArray, uuidArray } from './arrays.ts'

const database = freshDatabase()
let client: pg.Client
beforeAll(async () => {
  client = new pg.Client((await database).url)
  await client.connect()
})
afterAll(async () => {
  await client.end()
  await (await database).drop()
})

const some = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(value, { minLength: 1, maxLength: 40 })
const text = fc.string({ unit: 'binary' }).map((value) => value.replaceAll('\u0000', ''))
const lists = fc.record({
  texts: some(fc.option(fc.oneof(text, fc.constantFrom('', 'NULL', '{"a"}', '废矿物油 🜚\\')))),
  uuids: some(fc.uuid()),
  int2: some(fc.integer({ min: 1, max: 32_767 })),
  int4: some(fc.integer({ min: 0, max: 2 ** 31 - 1 })),
  int8: some(fc.option(fc.maxSafeNat())),
})

test('what is sent as an array is what PostgreSQL takes it for', async () => {
  await fc.assert(
    fc.asyncProperty(lists, async ({ texts, uuids, int2, int4, int8 }) => {
      const { rows } = await client.query({
        name: 'arrays',
        text: 'select to_json($1::text[]) as texts, to_json($2::uuid[]) as uuids, to_json($3::int2[]) as int2, to_json($4::int4[]) as int4, to_json($5::int8[]) as int8',
        values: [textArray(texts), uuidArray(uuids), int2Array(int2), int4Array(int4), int8Array(int8)],
      })
      expect(rows).toEqual([{ texts, uuids, int2, int4, int8 }])
    }),
    { numRuns: 200, seed: 1 },
  )
})
