import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startStandInProcess, type StandInProcess } from '../../infra/event-store/stand-in/process.ts'
import { importFolder } from '../../services/park/import/import-folder.ts'
import { composedPark, type TestPark } from '../support/composed-park.ts'
import { freshDatabase } from '../support/database.ts'
import { differences, ExpectedFigures, FIGURES_QUERY, type Figures } from './expected-figures.ts'

const folder = fileURLToPath(new URL('../../services/park/demo-bundle/', import.meta.url))
const expected = ExpectedFigures.parse(JSON.parse(readFileSync(`${folder}/expected.json`, 'utf8')))

let database: Awaited<ReturnType<typeof freshDatabase>>
let standIn: StandInProcess
let park: TestPark

beforeAll(async () => {
  database = await freshDatabase()
  standIn = await startStandInProcess(database.url)
  park = await composedPark({ environment: { EVENTSTORE_URL: standIn.url } })
})
afterAll(async () => {
  await park.close()
  await standIn.stop()
  await database.drop()
})

test('a park whose log lies on EventStoreDB has the same figures to the gram, and takes no row twice', {
  timeout: 300_000,
}, async () => {
  const { store, runtime } = park.park
  const first = await importFolder(folder, { runtime })
  expect(first).toMatchObject({ accepted: first.rows, refused: 0, held: 0, unchanged: 0 })
  const head = await store.head()
  // Positions have gaps there, and nobody minds.
  expect(head).toBeGreaterThan(first.events)
  expect(await park.runner.waitFor(head, 120_000)).toBe(true)

  const bureau = await park.token('demo-bureau')
  for (const stream of ['industrial', 'hazardous', 'municipal', 'construction', 'sludge']) {
    const figures = await park.query<Figures>(bureau, FIGURES_QUERY, {
      ...expected.period,
      stream: stream.toUpperCase(),
    })
    expect(differences(expected, stream, figures), stream).toEqual([])
  }

  const second = await importFolder(folder, { runtime })
  expect(second).toMatchObject({ accepted: 0, unchanged: first.rows, refused: 0, events: 0 })
  expect(await store.head()).toBe(head)
})
