import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { importFolder } from '../../services/park/import/import-folder.ts'
import type { ImportResult } from '../../services/park/import/report.ts'
import { openPark, type Park } from '../../services/park/open.ts'
import { freshDatabase } from '../support/database.ts'

const folder = fileURLToPath(new URL('../../../shared/data/park-month/', import.meta.url))
const absent = !existsSync(folder)
if (absent)
  process.stdout.write('skipped: the books of park-month are not beside this project (../shared/data/park-month)\n')

let database: Awaited<ReturnType<typeof freshDatabase>>
let park: Park

beforeAll(async () => {
  if (absent) return
  database = await freshDatabase()
  park = await openPark({ DATABASE_URL: database.url, DATA_DIR: '', APPEND_BATCH: 256, CONTEXT_MAX_AGE_MS: 1_000 })
})
afterAll(async () => {
  if (absent) return
  await park.close()
  await database.drop()
})

const speed = ({ rows, events, seconds }: ImportResult): string =>
  `${Math.round(rows / seconds)} rows/s, ${Math.round(events / seconds)} events/s`

test.skipIf(absent)(
  'a month of a park’s books goes in whole, and a second time nothing changes',
  { timeout: 300_000 },
  async () => {
    const expected = JSON.parse(readFileSync(`${folder}/expected.json`, 'utf8')) as {
      readonly rows: Readonly<Record<string, number>>
    }
    const first = await importFolder(folder, { runtime: park.runtime })
    process.stdout.write(`park-month: ${speed(first)}\n`)
    expect(first.problems.filter(({ severity }) => severity !== 'WARN')).toEqual([])
    expect(first).toMatchObject({ accepted: first.rows, unchanged: 0, refused: 0, held: 0 })
    expect(
      Object.fromEntries(
        Object.entries(first.files).map(([name, { accepted }]) => [name.replace('.csv', ''), accepted]),
      ),
    ).toEqual(expected.rows)
    // The import is late as a whole and says so once (R106); nothing else is to be said about these books.
    expect(first.problems.map(({ rule }) => rule)).toEqual(['R106'])
    const head = await park.store.head()
    expect(first.events).toBe(head)

    const second = await importFolder(folder, { runtime: park.runtime })
    expect(second).toMatchObject({ accepted: 0, unchanged: first.rows, refused: 0, held: 0, events: 0, problems: [] })
    expect(await park.store.head()).toBe(head)
  },
)
