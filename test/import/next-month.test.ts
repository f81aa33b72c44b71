import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { importFiles, importFolder } from '../../services/park/import/import-folder.ts'
import { wholly, type ImportResult } from '../../services/park/import/report.ts'
import { writeBundle } from '../support/bundle/generate.ts'
import type { Runtime } from '../../infra/commanding/execute.ts'
import { evolveUnit, noHistory, unitOn } from '../../schemas/unit/state.ts'
import { unitStream } from '../../schemas/values/identifiers.ts'
import { testRuntime } from '../support/runtime.ts'
import { dependants, emptyPark, own, places } from './planted.ts'
import { filesOf, readTables } from './tables.ts'

/** Books of a later month, of an older law, across a new year; and own faults of rows that rest on refused ones. */

let bundle: string
beforeAll(async () => {
  bundle = await mkdtemp(join(tmpdir(), 'wufei-bundle-'))
  await writeBundle(bundle, { seed: 3, units: 3, from: '2026-03-02', days: 8 })
})
afterAll(() => rm(bundle, { recursive: true, force: true }))

const refusals = (result: ImportResult) => own(result).filter(({ severity }) => severity !== 'WARN')

describe('master data that changed since earlier books', () => {
  /** What a unit's stream says since a position. */
  const said = async (runtime: Runtime, since: number) =>
    (await runtime.store.readAll(since, 1_000)).map(({ type, data }) => ({ type, data }))

  async function changedBooks() {
    const tables = await readTables(bundle)
    tables['units']?.put(1, '联系电话', '19912345678')
    tables['units']?.put(2, '单位名称', '虚拟新名有限公司')
    tables['units']?.put(2, '地址', '新路9号')
    tables['licences']?.put(1, '有效期止', '2031-12-31')
    tables['vehicles']?.put(1, '核定载质量(吨)', '31')
    return tables
  }
  const asIn = { effectiveFrom: '2026-03-01' }

  test('a changed phone, name, licence or vehicle is a change as of the period of the books, and a second run changes nothing', async () => {
    const runtime = emptyPark()
    const first = await importFolder(bundle, { runtime })
    const head = await runtime.store.head()
    const tables = await changedBooks()
    const result = await importFiles(filesOf(tables), { runtime })
    expect(result.problems.filter(({ severity }) => severity !== 'WARN')).toEqual([])
    expect(result).toMatchObject({ accepted: 4, unchanged: first.rows - 4, events: 4 })
    expect(wholly(result)).toBe(true)
    expect(await said(runtime, head)).toMatchObject([
      { type: 'UnitChanged', data: { contact: { id: expect.any(String) }, ...asIn } },
      { type: 'UnitChanged', data: { name: '虚拟新名有限公司', address: '新路9号', ...asIn } },
      { type: 'LicenceChanged', data: { to: '2031-12-31', ...asIn } },
      { type: 'VehicleChanged', data: { rated: 31_000_000, ...asIn } },
    ])
    const again = await importFiles(filesOf(tables), { runtime })
    expect(again).toMatchObject({ accepted: 0, unchanged: first.rows, events: 0 })
  })

  test('the order of the rows in the books does not matter', async () => {
    const states = await Promise.all(
      [false, true].map(async (reverse) => {
        const runtime = emptyPark()
        await importFolder(bundle, { runtime })
        const head = await runtime.store.head()
        const tables = await changedBooks()
        if (reverse) for (const name of ['units', 'licences', 'vehicles']) tables[name]?.rows.reverse()
        await importFiles(filesOf(tables), { runtime })
        return (await said(runtime, head)).map((one) => JSON.stringify(one)).sort()
      }),
    )
    expect(states[0]).toHaveLength(4)
    expect(states[1]).toEqual(states[0])
  })

  test('a licence that was renewed has a further term from its own first day', async () => {
    const runtime = emptyPark()
    await importFolder(bundle, { runtime })
    const head = await runtime.store.head()
    const tables = await readTables(bundle)
    tables['licences']?.put(1, '有效期起', '2029-01-01')
    tables['licences']?.put(1, '有效期止', '2033-12-31')
    tables['contracts']?.put(1, '有效期起', '2027-01-01')
    tables['contracts']?.put(1, '有效期止', '2027-12-31')
    expect(await importFiles(filesOf(tables), { runtime })).toMatchObject({ accepted: 2, events: 2, refused: 0 })
    expect(await said(runtime, head)).toMatchObject([
      { type: 'LicenceRenewed', data: { from: '2029-01-01', to: '2033-12-31' } },
      { type: 'ContractRenewed', data: { from: '2027-01-01', to: '2027-12-31' } },
    ])
  })

  test('books of an earlier month that come later say what was then, and change nothing of now', async () => {
    const runtime = emptyPark()
    const march = await readTables(bundle)
    await importFiles(filesOf(march), { runtime })
    const folder = await mkdtemp(join(tmpdir(), 'wufei-february-'))
    await writeBundle(folder, { seed: 3, units: 3, from: '2026-02-02', days: 8 })
    const february = await readTables(folder)
    await rm(folder, { recursive: true })
    const code = february['units']?.cell(2, '统一社会信用代码') ?? ''
    february['units']?.put(2, '单位名称', '虚拟旧名有限公司')
    await importFiles(filesOf(february), { runtime })
    const { state } = await runtime.states.load({ initial: noHistory, evolve: evolveUnit }, unitStream(code), 0)
    expect(unitOn(state, '2026-02-15').name).toBe('虚拟旧名有限公司')
    expect(unitOn(state, '2026-03-15').name).toBe(march['units']?.cell(2, '单位名称'))
  })
})

describe('the law is that of the day', () => {
  const OWN = '容器/包装编码'
  async function booksOf(from: string) {
    const folder = await mkdtemp(join(tmpdir(), 'wufei-old-'))
    await writeBundle(folder, { seed: 4, units: 3, from, days: 6 })
    const tables = await readTables(folder)
    await rm(folder, { recursive: true })
    // Containers bore what their unit wrote on them.
    const files = ['opening-stock', 'hw-generation', 'hw-storage-in', 'hw-storage-out']
    for (const file of files) {
      const table = tables[file]
      for (let row = 1; row <= (table?.rows.length ?? 0); row++) {
        const label = table?.cell(row, OWN) ?? ''
        if (label !== '') table?.put(row, OWN, `桶-${label.slice(-14)}`)
      }
    }
    return tables
  }

  test('R31: container codes of a unit’s own are lawful in October 2022, before HJ 1276, and no longer in October 2023', async () => {
    const before = await importFiles(filesOf(await booksOf('2022-10-10')), { runtime: emptyPark() })
    expect(refusals(before).filter(({ rule }) => rule === 'R31')).toEqual([])
    expect(before.notices.find(({ code }) => code === 'label-before-its-law')).toMatchObject({ column: OWN })
    const after = await importFiles(filesOf(await booksOf('2023-10-09')), { runtime: emptyPark() })
    expect(
      own(after).filter(({ rule, file }) => rule === 'R31' && file === 'hw-generation.csv').length,
    ).toBeGreaterThan(0)
  })

  test('R48, R21: a load that was numbered before the new year and handed over after it has the year of its filing', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'wufei-year-'))
    await writeBundle(folder, { seed: 3, units: 3, from: '2025-12-22', days: 9 })
    const tables = await readTables(folder)
    await rm(folder, { recursive: true })
    const manifests = tables['hw-manifests']
    const last = manifests?.rows.length ?? 0
    const number = manifests?.cell(last, '联单编号')
    const times = {
      交付时间: '2026-01-01T00:10:00+08:00',
      实际起运时间: '2026-01-01T00:20:00+08:00',
      实际到达时间: '2026-01-01T01:00:00+08:00',
      接受时间: '2026-01-01T01:10:00+08:00',
    }
    for (const [column, time] of Object.entries(times)) manifests?.put(last, column, time)
    const treated = tables['hw-treatment']
    for (let row = 1; row <= (treated?.rows.length ?? 0); row++)
      if (treated?.cell(row, '联单编号') === number) treated?.put(row, '完成时间', '2026-01-02T10:00:00+08:00')
    const runtime = testRuntime({ now: '2026-11-22T00:00:00.000Z' })
    expect(refusals(await importFiles(filesOf(tables), { runtime }))).toEqual([])
  })

  test('R21: the plan is that of the business day’s year, in whatever offset a handover is written', async () => {
    const tables = await readTables(bundle)
    const manifests = tables['hw-manifests']
    for (const column of ['交付时间', '实际起运时间', '实际到达时间', '接受时间']) {
      const at = manifests?.cell(1, column) ?? ''
      manifests?.put(1, column, new Date(Date.parse(at)).toISOString().replace('.000', ''))
    }
    expect(refusals(await importFiles(filesOf(tables), { runtime: emptyPark() }))).toEqual([])
  })
})

describe('rules are named', () => {
  test.each([
    ['plans', '利用处置方式', 'R99', 'R76'],
    ['licences', '利用处置方式', 'R99', 'R09'],
    ['hw-treatment', '利用处置方式', 'D99', 'R76'],
    ['trips', '利用处置方式', 'X1', 'R76'],
  ])('%s: a method that is in no list breaks a rule', async (file, column, value, rule) => {
    const tables = await readTables(bundle)
    tables[file]?.put(1, column, value)
    const result = await importFiles(filesOf(tables), { runtime: emptyPark() })
    expect(places(own(result))).toContain(`${file}.csv:1:${column} ${rule}`)
  })

  test.each([
    ['hw-manifests', '驾驶员', '联单编号', 'R48'],
    ['hw-treatment', '产物名称', '利用处置记录编号', 'R77'],
  ])('%s: a number that is used twice breaks a rule', async (file, changed, column, rule) => {
    const tables = await readTables(bundle)
    const table = tables[file]
    table?.rows.push([...(table.rows[0] ?? [])])
    table?.put(table.rows.length, changed, '另一')
    const result = await importFiles(filesOf(tables), { runtime: emptyPark() })
    expect(places(own(result))).toContain(`${file}.csv:${table?.rows.length}:${column} ${rule}`)
  })
})

describe('a row that rests on a refused one', () => {
  test('R28: more out of a pool than its refused rows would have brought is the row’s own fault', async () => {
    const tables = await readTables(bundle)
    const [unit, code] = ['单位代码', '代码'].map((column) => tables['gisw-out']?.cell(1, column))
    const pooled = tables['gisw-generation']
    const row =
      (pooled?.rows.findIndex(
        (_, at) => pooled.cell(at + 1, '单位代码') === unit && pooled.cell(at + 1, '代码') === code,
      ) ?? -1) + 1
    pooled?.put(row, '生产设施编码', 'TS999')
    tables['gisw-out']?.put(1, '出厂数量(吨)', '500')
    const result = await importFiles(filesOf(tables), { runtime: emptyPark() })
    expect(places(own(result))).toEqual([
      `gisw-generation.csv:${row}:生产设施编码 -`,
      'gisw-out.csv:1:出厂数量(吨) R28',
    ])
  })

  test('R28, R59: its own faults are said beside the row that it rests on', async () => {
    const tables = await readTables(bundle)
    const generated = tables['hw-generation']
    const stored = tables['hw-storage-in']
    const batch = stored?.cell(1, '产生批次编码')
    const unit = stored?.cell(1, '单位代码')
    const row =
      (generated?.rows.findIndex(
        (_, at) => generated.cell(at + 1, '产生批次编码') === batch && generated.cell(at + 1, '单位代码') === unit,
      ) ?? -1) + 1
    generated?.put(row, '计量单位', 'kg')
    stored?.put(1, '入库量', '500')
    stored?.put(1, '入库时间', stored.cell(1, '入库时间').replace(/^\d{4}/, '2025'))
    const result = await importFiles(filesOf(tables), { runtime: emptyPark() })
    expect(places(own(result))).toEqual([
      `hw-generation.csv:${row}:计量单位 R26`,
      'hw-storage-in.csv:1:入库时间 R59',
      'hw-storage-in.csv:1:入库量 R28',
    ])
    expect(dependants(result).some(({ file, row: of }) => file === 'hw-storage-in.csv' && of === 1)).toBe(true)
  })
})
