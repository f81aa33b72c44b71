import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import fc from 'fast-check'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freshDatabase } from '../../test/support/database.ts'
import type { Cell } from '../projection.ts'
import { openCopyText } from './copy-text.ts'
import { plainTypes } from './types.ts'

let database: Awaited<ReturnType<typeof freshDatabase>>
let client: pg.Client

beforeAll(async () => {
  database = await freshDatabase()
  client = new pg.Client(database.url)
  await client.connect()
  await client.query('create temp table cells (at serial, word text, whole bigint, part float8, flag boolean)')
})
afterAll(async () => {
  await client.end()
  await database.drop()
})

/** The rows as the server has them after COPY. */
async function copied(rows: readonly (readonly Cell[])[], chunk = 64): Promise<readonly (readonly Cell[])[]> {
  const text = openCopyText(chunk)
  const chunks: Buffer[] = []
  for (const row of rows) {
    text.add(row)
    if (text.size() > chunk) chunks.push(text.take())
  }
  chunks.push(text.take())
  await client.query('truncate cells')
  await pipeline(Readable.from(chunks), client.query(copyFrom('copy cells (word, whole, part, flag) from stdin')))
  const found = await client.query({
    text: 'select word, whole, part, flag from cells order by at',
    rowMode: 'array',
    types: plainTypes,
  })
  return found.rows as Cell[][]
}

describe('rows as COPY takes them', () => {
  test('come back as they were: signs that must be escaped, Chinese, signs beyond the first plane, texts longer than a chunk, what is not there', async () => {
    const words = [
      '',
      '\\',
      '\\N',
      '\\.',
      'a\tb',
      'a\nb\r\n',
      '苏E5D0',
      'x苏\t🜨\\',
      '🜨',
      '\u0001\u007f\u0080',
      `${'long\t'.repeat(100)}长`,
      '长\\'.repeat(3_000),
      null,
    ]
    const rows = words.map((word, i): readonly Cell[] => [word, i, i / 8, i % 2 === 0])
    expect(await copied(rows)).toEqual(rows)
  })

  test('hold every number as it is', async () => {
    const wholes = [
      0,
      9,
      10,
      11,
      99,
      100,
      2 ** 31,
      2 ** 32,
      10 ** 15,
      Number.MAX_SAFE_INTEGER,
      -1,
      -10,
      Number.MIN_SAFE_INTEGER,
      null,
    ]
    const rows = wholes.map((whole, i): readonly Cell[] => [
      null,
      whole,
      [0.1, -2.5, 1e21, 5e-324, 1.7e308][i % 5] ?? null,
      null,
    ])
    expect(await copied(rows)).toEqual(rows)
  })

  test('come back as they were, whatever is in them', async () => {
    const word = fc.string({ unit: 'binary', maxLength: 300 }).map((text) => text.replaceAll('\0', ''))
    const row = fc.tuple(
      fc.option(word),
      fc.option(fc.maxSafeInteger()),
      fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
      fc.option(fc.boolean()),
    )
    const property = fc.asyncProperty(fc.array(row, { maxLength: 20 }), async (rows) => {
      // PostgreSQL knows -0 too, JavaScript writes it as 0.
      expect(await copied(rows)).toEqual(
        rows.map(([text, whole, part, flag]) => [text, whole, part === 0 ? 0 : part, flag]),
      )
    })
    await fc.assert(property, { numRuns: 60 })
  })
})
