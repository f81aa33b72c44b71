import type { Random } from '../support/random.ts'
import type { Table, Tables } from './tables.ts'

/** What was spoilt, and what must be said about it: the column and the rule or, where no rule is broken, the code. */
export interface Planted {
  readonly what: string
  readonly file: string
  readonly row: number
  readonly column: string
  readonly says: string
  /** Whether the row is still taken, and only the slip is said. */
  readonly harmless?: boolean
}

/** Something that can be wrong: where it can be planted, and how. Undefined where this table has no place for it. */
interface Seed {
  readonly what: string
  plant(
    tables: Tables,
    choose: (table: Table, where?: (row: number) => boolean) => number | undefined,
  ): Planted | undefined
}

/** A cell of some column that gets another text. */
function cell(
  file: string,
  column: string,
  says: string,
  what: string,
  value: (old: string, table: Table, row: number) => string | undefined,
): Seed {
  return {
    what: `${file} ${column} ${what}`,
    plant(tables, choose) {
      const table = tables[file]
      if (!table?.header.includes(column)) return undefined
      const row = choose(table, (at) => {
        const text = value(table.cell(at, column), table, at)
        return text !== undefined && text !== table.cell(at, column)
      })
      if (row === undefined) return undefined
      table.put(row, column, value(table.cell(row, column), table, row) ?? '')
      return { what, file, row, column, says }
    },
  }
}

const texts = (file: string, column: string, says: string, ...values: readonly string[]): readonly Seed[] =>
  values.map((text) => cell(file, column, says, JSON.stringify(text.slice(0, 30)), () => text))

const COLUMNS = {
  mass: [
    ['opening-stock', '贮存量(吨)'],
    ['hw-generation', '产生量'],
    ['hw-storage-in', '入库量'],
    ['hw-storage-out', '出库量'],
    ['hw-manifest-lines', '移出量(吨)'],
    ['hw-manifest-lines', '接受量(吨)'],
    ['hw-treatment', '处理量(吨)'],
    ['hw-treatment', '损失量(吨)'],
    ['gisw-generation', '产生数量(吨)'],
    ['gisw-out', '出厂数量(吨)'],
    ['gisw-receipts', '接收数量(吨)'],
    ['plans', '预计转移量(吨)'],
    ['licences', '年经营规模(吨)'],
  ],
  moment: [
    ['hw-generation', '产生时间'],
    ['hw-storage-in', '入库时间'],
    ['hw-storage-out', '出库时间'],
    ['hw-manifests', '实际起运时间'],
    ['hw-manifests', '接受时间'],
    ['hw-treatment', '完成时间'],
    ['gisw-generation', '产生时间'],
    ['gisw-out', '出厂时间'],
    ['gisw-receipts', '完成时间'],
    ['trips', '进厂时间'],
  ],
  day: [
    ['opening-stock', '产生日期'],
    ['licences', '有效期止'],
    ['vehicles', '证书有效期止'],
    ['contracts', '有效期起'],
  ],
  unit: [
    ['units', '统一社会信用代码'],
    ['facilities', '单位代码'],
    ['vehicles', '承运人代码'],
    ['plans', '接受人代码'],
    ['contracts', '移出人代码'],
    ['opening-stock', '单位代码'],
    ['hw-generation', '单位代码'],
    ['hw-storage-in', '单位代码'],
    ['hw-storage-out', '单位代码'],
    ['hw-manifests', '承运人代码'],
    ['hw-treatment', '单位代码'],
    ['gisw-generation', '单位代码'],
    ['gisw-out', '接收单位代码'],
    ['gisw-receipts', '移出单位代码'],
    ['trips', '来源单位代码'],
  ],
  batch: [
    ['opening-stock', '批次编码'],
    ['hw-generation', '产生批次编码'],
    ['hw-storage-in', '入库批次编码'],
    ['hw-storage-out', '出库批次编码'],
    ['hw-manifest-lines', '出库批次编码'],
    ['gisw-generation', '记录表编号'],
    ['gisw-out', '记录表编号'],
    ['gisw-receipts', '出厂记录表编号'],
    ['trips', '称重编号'],
  ],
  kilograms: [
    ['hw-manifests', '毛重(kg)'],
    ['trips', '皮重(kg)'],
    ['trips', '净重(kg)'],
  ],
  hazardousCode: [
    ['opening-stock', '废物代码'],
    ['hw-generation', '危险废物代码'],
    ['hw-storage-in', '危险废物代码'],
    ['hw-storage-out', '危险废物代码'],
    ['hw-manifest-lines', '废物代码'],
    ['plans', '废物代码'],
  ],
  facility: [
    ['opening-stock', '贮存设施编码'],
    ['hw-generation', '产生危险废物设施编码'],
    ['hw-storage-in', '贮存设施编码'],
    ['hw-storage-out', '贮存设施编码'],
    ['hw-treatment', '设施编码'],
    ['gisw-generation', '生产设施编码'],
  ],
  label: [
    ['opening-stock', '容器/包装编码'],
    ['hw-generation', '容器/包装编码'],
    ['hw-storage-in', '容器/包装编码'],
    ['hw-storage-out', '容器/包装编码'],
  ],
} as const satisfies Readonly<Record<string, readonly (readonly [string, string])[]>>

const every = (
  columns: readonly (readonly [string, string])[],
  of: (file: string, column: string) => readonly Seed[],
): readonly Seed[] => columns.flatMap(([file, column]) => of(file, column))

const plus = (amount: number) => (old: string) => String(Number((Number(old) + amount).toFixed(4)))
const wrongDigit = (code: string) => `${code.slice(0, -1)}${code.endsWith('7') ? '8' : '7'}`
const fullWidth = (text: string) => text.replace(/[0-9]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0))
const earlier = (moment: string) =>
  moment.includes('T') ? moment.replace(/^\d{4}/, (year) => String(Number(year) - 1)) : undefined

/** Seeds that spoil cells: bad form first, then what only the rules find. */
const CELLS: readonly Seed[] = [
  ...every(COLUMNS.mass, (file, column) =>
    texts(file, column, 'R27', '-1', '1e3', '0.12345', '1,5', '0①', 'NaN', '12345678901', '=1+1'),
  ),
  ...every(COLUMNS.moment, (file, column) =>
    texts(file, column, 'not-a-moment', '2026-02-30T08:00:00+08:00', '2026/2/30 08:00', '2026-03-05T25:00:00+08:00'),
  ),
  ...every(COLUMNS.day, (file, column) => texts(file, column, 'not-a-day', '2026-02-30', '2026/2/30', '20260305')),
  ...every(COLUMNS.unit, (file, column) => [
    cell(file, column, 'R01', 'a wrong check digit', wrongDigit),
    ...texts(file, column, 'R01', '9132059', ''),
  ]),
  ...every(COLUMNS.batch, (file, column) => texts(file, column, 'R25', '=1+1', 'x'.repeat(65), '2.02603E+14')),
  ...every(COLUMNS.kilograms, (file, column) => texts(file, column, 'R27', '0', '-5', '12.5', '1e4')),
  ...every(COLUMNS.hazardousCode, (file, column) => [
    cell(file, column, 'R02', 'an unknown code', (old) => `999-999-${old.slice(8)}`),
    ...texts(file, column, 'R03', '900-404-42'),
    ...texts(file, column, 'R06', '900-003-S17'),
  ]),
  ...every(COLUMNS.facility, (file, column) => texts(file, column, 'facility-unknown', 'TS999')),
  ...every(COLUMNS.label, (file, column) => texts(file, column, 'R31', '', 'ABC')),
  ...texts('gisw-generation', '代码', 'R05', '900-099-S08', '1'),
  ...texts('gisw-generation', '代码', 'R06', '900-404-06'),
  ...texts('trips', '废物代码', 'R06', '900-404-06'),
  ...texts('hw-generation', '危险废物类别', 'R02', 'HW50'),
  ...texts('hw-generation', '计量单位', 'R26', '', 'kg', '桶'),
  ...texts('hw-manifests', '联单编号', 'R48', '2026320500001', 'X0263205000001'),
  ...texts('hw-manifests', '应急联系电话', 'R52', ''),
  ...texts('hw-manifests', '车牌', 'not-a-plate', 'ABC'),
  ...texts('hw-manifests', '车牌', 'R17', '苏E99999'),
  ...texts('hw-manifests', '许可证编号', 'R08', 'JS0000'),
  cell('hw-manifests', '联单编号', 'R48', 'of another year', (old) => `2019${old.slice(4)}`),
  cell('hw-manifests', '实际到达时间', 'R59', 'before it left', earlier),
  cell('hw-manifests', '毛重(kg)', 'R69', 'ten kilograms more', plus(10)),
  ...texts('hw-manifest-lines', '形态', 'R53', 'X'),
  ...texts('hw-manifest-lines', '危险特性', 'R53', 'T/X'),
  ...texts('hw-manifest-lines', '包装方式', 'R52', ''),
  ...texts('hw-manifest-lines', '是否存在重大差异', 'not-in-list', '有'),
  ...texts('hw-manifest-lines', '接受人处理意见', 'not-in-list', '退回'),
  cell('hw-manifest-lines', '接受量(吨)', 'R74', 'far more than was shipped', (old, table, row) =>
    table.cell(row, '接受人处理意见') === '接受' && table.cell(row, '是否存在重大差异') !== '无'
      ? plus(40)(old)
      : undefined,
  ),
  cell('hw-manifest-lines', '是否存在重大差异', 'R72', 'a difference that nobody admits', (old) =>
    old === '无' ? undefined : '无',
  ),
  cell('hw-manifest-lines', '拟利用处置方式', 'R09', 'a method that the licence lacks', (old) =>
    old === '' ? undefined : 'R8',
  ),
  cell('hw-manifest-lines', '移出量(吨)', 'R28', 'more than was taken out', plus(3)),
  cell('hw-manifest-lines', '出库批次编码', 'R29', 'a batch that is not there', (old) => `${old}|HWCK20260101999`),
  // Of a manifest with one line: without one of several it would rightly be said to weigh too much (R69).
  cell('hw-manifest-lines', '联单编号', 'R47', 'a manifest that is not there', (old, table) =>
    table.rows.filter((cells) => cells.includes(old)).length === 1 ? `${old.slice(0, 8)}999999` : undefined,
  ),
  cell('hw-storage-in', '产生批次编码', 'R29', 'a batch that is not there', (old) => `${old.slice(0, -3)}999`),
  cell('hw-storage-out', '入库批次编码', 'R29', 'a batch that is not there', (old) => `${old.slice(0, -3)}999`),
  cell('hw-storage-out', '出库量', 'R28', 'more than lies in store', plus(5)),
  cell('hw-storage-in', '入库时间', 'R59', 'before it was generated', earlier),
  cell('hw-storage-out', '出库时间', 'R59', 'before it was stored', (old, table, row) =>
    table.cell(row, '入库批次编码').slice(4, 8) === old.slice(0, 4) ? earlier(old) : undefined,
  ),
  cell('hw-treatment', '处理量(吨)', 'R77', 'more than was accepted', plus(9)),
  cell('hw-treatment', '完成时间', 'R59', 'before it was accepted', earlier),
  cell('hw-treatment', '序号', 'R77', 'a line that is not there', () => '9'),
  ...texts('hw-treatment', '利用处置方式', 'R76', 'D99', 'R10'),
  cell('gisw-out', '出厂数量(吨)', 'R28', 'more than the pool holds', () => '40000'),
  cell('gisw-receipts', '接收时间', 'R59', 'before it was shipped', earlier),
  cell('gisw-receipts', '接收数量(吨)', 'R74', 'far more than was shipped', plus(500)),
  cell('trips', '净重(kg)', 'R69', 'another net', plus(1)),
  cell('trips', '进厂时间', 'R59', 'before it left', earlier),
  ...texts('trips', '类别', 'not-in-list', '工业垃圾'),
  ...texts('trips', '利用处置方式', 'R76', 'X1'),
  ...texts('trips', '驾驶员', 'cell-too-long', '长'.repeat(600)),
  ...texts('trips', '驾驶员', 'control-character', '甲\u0000乙'),
  ...texts('units', '角色', 'not-in-list', '产生'),
  ...texts('licences', '废物类别或代码', 'R03', 'HW42'),
]

const HARMLESS: readonly Seed[] = [
  cell('trips', '毛重(kg)', 'spaces-trimmed', 'spaces', (old) => `  ${old}\t`),
  cell('hw-generation', '产生量', 'full-width', 'full-width digits', fullWidth),
  cell('gisw-generation', '产生数量(吨)', 'spaces-trimmed', 'an ideographic space', (old) => `${old}\u3000`),
  cell('gisw-out', '记录表编号', 'full-width', 'full-width digits', fullWidth),
].map((seed) => ({
  ...seed,
  plant: (...given) => {
    const planted = seed.plant(...given)
    return planted && { ...planted, harmless: true }
  },
}))

const FILES = [
  'facilities',
  'contracts',
  'hw-generation',
  'hw-storage-in',
  'hw-storage-out',
  'hw-manifests',
  'hw-manifest-lines',
  'gisw-out',
  'trips',
] as const

/** Lines that cannot be read as rows. */
const LINES: readonly Seed[] = FILES.flatMap((file): readonly Seed[] => {
  const line = (what: string, says: string, spoil: (line: string) => Buffer | string): Seed => ({
    what: `${file} ${what}`,
    plant(tables, choose) {
      const table = tables[file]
      const row = table && choose(table)
      if (table === undefined || row === undefined) return undefined
      table.raw.set(row, Buffer.from(spoil(table.line(row))))
      return { what, file, row, column: '', says }
    },
  })
  return [
    line('too few cells', 'row-broken', (text) => text.slice(0, text.lastIndexOf(','))),
    line('too many cells', 'row-broken', (text) => `${text},,x`),
    line('half a line', 'row-broken', (text) => text.slice(0, Math.floor(text.length / 2))),
    line('an open quotation mark', 'quote-broken', (text) => text.replace(/,([^,"]*)$/, ',"$1')),
    line('not UTF-8', 'not-utf-8', (text) =>
      Buffer.concat([Buffer.from(text.slice(0, -1)), Buffer.from([0xcb, 0xff])]),
    ),
  ]
})

/** A row again, at the end of its file: the same, or under the same number with other content. */
const AGAIN: readonly Seed[] = (
  [
    ['hw-generation', '产生批次编码', '产生量'],
    ['hw-storage-in', '入库批次编码', '入库量'],
    ['hw-storage-out', '出库批次编码', '出库量'],
    ['hw-manifests', '联单编号', '驾驶员'],
    ['hw-manifest-lines', '序号', '包装数量'],
    ['hw-treatment', '利用处置记录编号', '产物名称'],
    ['gisw-generation', '记录表编号', '产生数量(吨)'],
    ['gisw-out', '记录表编号', '出厂数量(吨)'],
    ['gisw-receipts', '出厂记录表编号', '接收数量(吨)'],
    ['trips', '称重编号', '驾驶员'],
    ['units', '统一社会信用代码', '单位名称'],
  ] as const
).flatMap(([file, column, changed]): readonly Seed[] => {
  const again = (what: string, says: string, change: boolean): Seed => ({
    what: `${file} ${what}`,
    plant(tables, choose) {
      const table = tables[file]
      const row = table && choose(table)
      if (table === undefined || row === undefined) return undefined
      table.rows.push([...(table.rows[row - 1] ?? [])])
      const last = table.rows.length
      if (change) table.put(last, changed, table.cell(row, changed) === '7' ? '8' : '7')
      return { what, file, row: last, column, says, ...(change ? {} : { harmless: true }) }
    },
  })
  return [
    again('the same row twice', 'duplicate-row', false),
    again('the same number with other content', 'already-exists-with-other-content', true),
  ]
})

export const SEEDS: readonly Seed[] = [...CELLS, ...HARMLESS, ...LINES, ...AGAIN]

/** Plants `count` things at random places, no two in one row. `from`: the first of the seeds, so that runs together plant all. */
export function plantAll(tables: Tables, random: Random, count: number, from: number): readonly Planted[] {
  const taken = new Set<string>()
  // Rows that were there: what is planted as a repeat stands behind them and is left alone.
  const sizes = new Map(Object.values(tables).map((table) => [table.name, table.rows.length]))
  const choose = (table: Table, where: (row: number) => boolean = () => true): number | undefined => {
    const size = sizes.get(table.name) ?? 0
    const start = random.below(Math.max(1, size))
    for (let step = 0; step < size; step++) {
      const row = ((start + step) % size) + 1
      if (taken.has(`${table.name}:${row}`) || !where(row)) continue
      taken.add(`${table.name}:${row}`)
      return row
    }
    return undefined
  }
  return Array.from({ length: count }, (_, i) => SEEDS[(from + i) % SEEDS.length]?.plant(tables, choose)).filter(
    (planted) => planted !== undefined,
  )
}
