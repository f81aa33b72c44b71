import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readConfiguration } from '../../infra/configuration/configuration.ts'
import { importFiles } from '../../services/park/import/import-folder.ts'
import type { ImportResult } from '../../services/park/import/report.ts'
import { startImportThreads, type ImportThreads } from '../../services/park/import/threads/import-threads.ts'
import { openPark, type Park } from '../../services/park/open.ts'
import { settlePark } from '../../services/park/settle.ts'
import { writeBundle } from '../support/bundle/generate.ts'
import { freshDatabase } from '../support/database.ts'
import { randomOf } from '../support/random.ts'
import { plantAll } from './plant.ts'
import { emptyPark } from './planted.ts'
import { filesOf, readTables } from './tables.ts'

const START = new URL('../../services/park/import/threads/start.mjs', import.meta.url)
const TIMEOUT = { timeout: 180_000 }
let folder: string
let database: Awaited<ReturnType<typeof freshDatabase>>
let park: Park
let workers: Worker[]
let open: ImportThreads[]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wufei-threads-'))
  await writeBundle(folder, { seed: 5, units: 5, from: '2026-03-02', days: 10 })
  database = await freshDatabase()
  park = await openPark(configuration())
  ;[workers, open] = [[], []]
})
afterEach(async () => {
  for (const threads of open) await threads.stop()
  await park.close()
  await database.drop()
  await rm(folder, { recursive: true, force: true })
})

const configuration = () => readConfiguration({ DATABASE_URL: database.url, NODE_ENV: 'test', LOG_LEVEL: 'silent' })

async function threads(): Promise<ImportThreads> {
  const started = startImportThreads(2, () => {
    const worker = new Worker(START)
    workers.push(worker)
    return worker
  })
  open.push(started)
  await started.open(configuration())
  return started
}

/** What an import says, without the ids that each park makes of its own. */
const said = ({ problems, ...rest }: ImportResult) => ({
  counts: [rest.rows, rest.accepted, rest.unchanged, rest.refused, rest.held],
  events: rest.events,
  problems: problems.map(({ file, row, column, key, code, rule, severity }) =>
    [file, row, column, key, code, rule, severity].join('|'),
  ),
})

test(
  'books with planted errors are taken by two threads as by one, and a second time nothing changes',
  TIMEOUT,
  async () => {
    const tables = await readTables(folder)
    plantAll(tables, randomOf(3), 25, 75)
    const alone = await importFiles(filesOf(tables), { runtime: emptyPark() })
    expect(alone.refused).toBeGreaterThan(10)

    const { runtime, store } = park
    const together = await importFiles(filesOf(tables), { runtime, threads: await threads() })
    expect(said(together)).toEqual(said(alone))
    const head = await store.head()
    expect(together.events).toBe(head)

    const again = await importFiles(filesOf(tables), { runtime, threads: await threads() })
    expect(again).toMatchObject({
      accepted: 0,
      events: 0,
      refused: alone.refused,
      unchanged: alone.accepted + alone.unchanged,
    })
    expect(await store.head()).toBe(head)

    const mended = await importFiles(filesOf(await readTables(folder)), { runtime, threads: await threads() })
    expect(mended).toMatchObject({ refused: 0, held: 0 })
  },
)

test('a thread that dies breaks the import off; the next one takes the rest, once', TIMEOUT, async () => {
  const files = filesOf(await readTables(folder))
  const alone = await importFiles(files, { runtime: emptyPark() })
  const { runtime, store } = park
  const broken = importFiles(files, {
    runtime,
    threads: await threads(),
    onProgress: ({ done }) => {
      if (done > 200) void workers[1]?.terminate()
    },
  })
  await expect(broken).rejects.toThrow('a thread of the import ended')
  const before = await store.head()
  expect(before).toBeGreaterThan(0)
  expect(before).toBeLessThan(alone.events)

  await open[0]?.stop()
  const next = await importFiles(files, { runtime, threads: await threads(), settle: () => settlePark(park) })
  expect(next).toMatchObject({ rows: alone.rows, refused: 0, held: 0 })
  expect(next.unchanged).toBeGreaterThan(0)
  expect(await store.head()).toBe(alone.events)
})

test('a thread that cannot be opened says why', TIMEOUT, async () => {
  const started = startImportThreads(1)
  open.push(started)
  const nowhere = new URL(database.url)
  nowhere.pathname = '/nowhere'
  await expect(started.open({ ...configuration(), DATABASE_URL: nowhere.href })).rejects.toThrow(
    'no session with the database',
  )
})
