import type pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openMemoryStore } from '../../infra/event-store/memory.ts'
import type { RecordedEvent } from '../../infra/event-store/port.ts'
import type { Visibility } from '../../infra/identity/visibility.ts'
import { openPool } from '../../infra/postgres/sessions.ts'
import { findingsProjection } from '../../projections/findings/projection.ts'
import { countFindings, listFindings } from '../../projections/findings/queries.ts'
import { lotsProjection } from '../../projections/lots/projection.ts'
import { countLots, identify, listLots, lotsById } from '../../projections/lots/queries.ts'
import { manifestsProjection } from '../../projections/manifests/projection.ts'
import { countManifests, listManifests, manifestsByName } from '../../projections/manifests/queries.ts'
import { registryProjection } from '../../projections/registry/projection.ts'
import {
  contractsOf,
  countUnits,
  facilitiesOf,
  licencesOf,
  listUnits,
  planLinesOf,
  unitsByCode,
  vehiclesOf,
} from '../../projections/registry/queries.ts'
import { ddlOf, runDdl } from '../../projections/runner/ddl.ts'
import { applyChanges, rowsIn } from '../../projections/runner/statements.ts'
import { inTransaction } from '../../projections/runner/transaction.ts'
import { freshDatabase } from '../support/database.ts'
import { pastOf } from '../support/past.ts'
import {
  C,
  F,
  FOREIGN_LOT,
  FOREIGN_NUMBER,
  LABEL,
  LONELY,
  LOT,
  MANIFEST,
  NUMBER,
  P,
  POOL,
  RESIDUE,
  T,
  tellPark,
} from './park.ts'

const PROJECTIONS = [registryProjection, lotsProjection, manifestsProjection, findingsProjection]
const everything: Visibility = { all: true }
const as = (...units: string[]): Visibility => ({ all: false, units })

let database: Awaited<ReturnType<typeof freshDatabase>>
let pool: pg.Pool
let log: readonly RecordedEvent[]

/** Folds the park into a schema of its own, in pages of one size; every page is delivered `times` times to foldings that know nothing. */
async function build(schema: string, pageSize: number, times = 1): Promise<void> {
  await pool.query(`create schema ${schema}`)
  for (const projection of PROJECTIONS) {
    const ddl = [...(await ddlOf(projection)).values()].flatMap(({ create, indexes }) => [create, ...indexes])
    await inTransaction(pool, (client) => runDdl(client, schema, ddl))
    let folding = projection.open()
    for (let from = 0; from < log.length; from += pageSize) {
      const page = log
        .slice(from, from + pageSize)
        .filter(({ type }) => projection.handles.some((handled) => handled === type))
      for (let time = 0; time < times; time++) {
        await inTransaction(pool, async (client) =>
          applyChanges(client, schema, await folding.fold(page, rowsIn(client, schema), pastOf(log))),
        )
        if (times > 1) folding = projection.open()
      }
    }
  }
}

const dump = async (schema: string) => {
  const tables = PROJECTIONS.flatMap((projection) => projection.tables)
  return Promise.all(
    tables.map(async ({ name, key }) => [
      name,
      (await pool.query(`select * from ${schema}.${name} order by ${key.join(', ')}`)).rows,
    ]),
  )
}

beforeAll(async () => {
  database = await freshDatabase()
  pool = openPool({ connectionString: database.url, options: '-c search_path=live' })
  const store = openMemoryStore()
  await tellPark(store)
  log = await store.readAll(0, 1_000)
  await build('live', 1_000)
})

afterAll(async () => {
  await pool.end()
  await database.drop()
})

test('page size and repeated delivery change no row', async () => {
  await build('small_pages', 1)
  await build('repeated', 7, 2)
  const live = await dump('live')
  expect(await dump('small_pages')).toEqual(live)
  expect(await dump('repeated')).toEqual(live)
})

test('a lot tells where its mass lies and with whom it has been', async () => {
  const [lot] = await lotsById(pool, [LOT], everything)
  expect(lot).toMatchObject({ status: 'refused', grams: 50_000 - 30_000 + 3_000, units: [P, C, T] })
  expect(Object.values(lot?.lot.held ?? {}).map(({ place, grams }) => [place.at, place.holder, grams])).toEqual([
    ['disposal', T, 20_000],
    ['refused', C, 3_000],
  ])
})

test('lots come youngest first, page by page, and only those that concern the reader', async () => {
  const all = await listLots(pool, {}, { first: 10 }, everything)
  expect(all[0]?.id).toBe(RESIDUE)
  const [first] = await listLots(pool, {}, { first: 1 }, as(P))
  expect(first?.id).toBe(POOL)
  const rest = await listLots(
    pool,
    {},
    { first: 10, after: { bornOn: first?.lot.bornOn ?? '', id: first?.id ?? '' } },
    as(P),
  )
  expect(rest.map(({ id }) => id)).toEqual([LOT])
  expect(await countLots(pool, {}, as(P))).toBe(2)
  expect(await countLots(pool, { unit: F }, as(P))).toBe(0)
  expect(await lotsById(pool, [FOREIGN_LOT], as(P))).toEqual([])
  expect(await countLots(pool, {}, { all: false, units: [], streams: ['municipal'] })).toBe(1)
  expect(await countLots(pool, {}, { all: false, units: [] })).toBe(0)
})

test('every filter of lots narrows the list', async () => {
  const ids = async (filter: Parameters<typeof listLots>[1]) =>
    (await listLots(pool, filter, { first: 10 }, everything)).map(({ id }) => id)
  expect(await ids({ originUnit: T })).toEqual([RESIDUE])
  expect(await ids({ stream: 'hazardous', code: '900-404-06' })).toEqual([LOT])
  expect(await ids({ status: 'refused' })).toEqual([LOT])
  expect(await ids({ bornFrom: '2025-12-07', bornTo: '2025-12-07' })).toEqual([RESIDUE])
})

test('a name leads to what bears it, for whoever it exists', async () => {
  const targets = async (name: string, to: Visibility) =>
    (await identify(pool, name, to)).map(({ target }) => target.id)
  expect(await targets(LABEL, everything)).toEqual([LOT])
  expect(await targets(NUMBER, as(P))).toEqual([MANIFEST])
  expect(await targets(MANIFEST, as(P))).toEqual([MANIFEST])
  expect(await targets(LOT, as(P))).toEqual([LOT])
  expect(await targets(LOT, as(F))).toEqual([])
  expect(await targets(FOREIGN_NUMBER, as(P))).toEqual([])
  // Both units used the same batch code: each means its own, an official must say whose.
  expect(await targets('HWRK20251201001', as(P))).toEqual([LOT])
  expect(await targets('HWRK20251201001', everything)).toHaveLength(2)
  expect(await targets(`${P}/HWRK20251201001`, everything)).toEqual([LOT])
  expect(await targets('CS20251202001', as(P))).toEqual([POOL])
})

test('a manifest keeps its three masses side by side, with times and the receiver’s note', async () => {
  const [manifest] = await manifestsByName(pool, [NUMBER], as(P))
  expect(manifest).toMatchObject({
    id: MANIFEST,
    steps: { filed: '2025-12-06T09:00:00+08:00', completed: '2025-12-06T14:00:00+08:00' },
    notes: { 1: { difference: 'quantity', note: '过磅差异' } },
  })
  expect(manifest?.manifest.lines[0]).toMatchObject({
    planned: 54_000,
    shipped: 54_000,
    accepted: 50_000,
    refused: 3_000,
    treated: 30_000,
    decision: 'partly-accepted',
  })
})

test('manifests are paged, filtered and scoped', async () => {
  const numbers = async (filter: Parameters<typeof listManifests>[1], to = everything) =>
    (await listManifests(pool, filter, { first: 10 }, to)).map(({ manifest }) => manifest.number).toSorted()
  expect(await numbers({})).toEqual([NUMBER, FOREIGN_NUMBER])
  expect(await numbers({}, as(P))).toEqual([NUMBER])
  expect(await numbers({}, as(T))).toEqual([NUMBER, FOREIGN_NUMBER])
  expect(await numbers({}, as(LONELY))).toEqual([])
  expect(
    await numbers({
      consignor: F,
      status: 'completed',
      form: 'transfer-manifest',
      stream: 'hazardous',
      wasteCode: '900-249-08',
      receiver: T,
    }),
  ).toEqual([FOREIGN_NUMBER])
  expect(await numbers({ wasteCode: '900-404-06', filedFrom: '2025-12-06', filedTo: '2025-12-06' })).toEqual([NUMBER])
  expect(await numbers({ filedFrom: '2025-12-07' })).toEqual([])
  expect(await countManifests(pool, { unit: F }, as(P))).toBe(0)
  const [first] = await listManifests(pool, {}, { first: 1 }, everything)
  const [second] = await listManifests(
    pool,
    {},
    { first: 1, after: { filedMicros: first?.filedMicros ?? '', id: first?.id ?? '' } },
    everything,
  )
  expect([first?.manifest.number, second?.manifest.number].toSorted()).toEqual([NUMBER, FOREIGN_NUMBER])
})

test('findings travel with their event and concern whom it concerns', async () => {
  const all = await listFindings(pool, {}, { first: 10 }, everything)
  expect(all.map(({ rule }) => rule)).toEqual(['R72', 'R59', 'R42', 'R72', 'R59', 'R42'])
  expect(all[0]).toMatchObject({
    severity: 'WARN',
    pointer: '/lines/0',
    facts: { grams: 54_000 },
    wasteStream: 'hazardous',
    subject: { kind: 'manifest' },
  })
  expect(await countFindings(pool, {}, as(P))).toBe(3)
  expect(
    await countFindings(
      pool,
      {
        rule: 'R42',
        stream: 'hazardous',
        severity: 'WARN',
        from: '2025-12-01',
        to: '2025-12-01',
        subject: LOT,
        unit: P,
      },
      as(P),
    ),
  ).toBe(1)
  expect(await countFindings(pool, {}, { all: false, streams: ['municipal'] })).toBe(0)
  const [newest] = all
  expect(
    await listFindings(pool, {}, { first: 10, after: { position: newest?.position ?? 0, seq: 0 } }, everything),
  ).toHaveLength(5)
})

test('a unit knows itself and its counterparts; an official knows all', async () => {
  const codes = async (to: Visibility) =>
    (await listUnits(pool, {}, { first: 10 }, to)).map(({ code }) => code).toSorted()
  expect(await codes(everything)).toEqual([P, F, C, T, LONELY].toSorted())
  expect(await codes({ all: false, streams: ['municipal'] })).toHaveLength(5)
  expect(await codes(as(P))).toEqual([P, C, T].toSorted())
  expect(await codes(as(LONELY))).toEqual([LONELY])
  expect(await unitsByCode(pool, [F], as(P))).toEqual([])
  expect(await countUnits(pool, { role: 'producer', inside: true, search: '甲' }, everything)).toBe(1)
})

test('master data stands by unit', async () => {
  expect(await facilitiesOf(pool, [P])).toMatchObject([
    { unit: P, code: 'TS001', name: '危废库', kind: 'warehouse', capacity: 500_000_000, site: undefined },
  ])
  expect(await licencesOf(pool, [T])).toMatchObject([
    { number: 'JSSZ0001', covers: ['HW06'], annual: 12_000_000_000, validTo: '2028-12-31', endedFrom: undefined },
  ])
  expect(await vehiclesOf(pool, [C])).toMatchObject([{ plate: '苏E1A100', dangerousGoods: true }])
  expect(await contractsOf(pool, [P])).toMatchObject([{ receiver: T, wasteCode: '900-404-06' }])
  expect(await planLinesOf(pool, [P])).toMatchObject([{ year: 2025, planned: 3_000_000_000 }])
})
