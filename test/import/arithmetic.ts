import { parseTonnes } from '../../schemas/values/mass.ts'
import { WASTE_STREAMS, type WasteStream } from '../../schemas/values/waste.ts'
import type { Tables } from './tables.ts'

const MEASURES = [
  'openingStock',
  'generated',
  'residueGenerated',
  'storedIn',
  'shipped',
  'accepted',
  'refused',
  'variance',
  'treated',
  'product',
  'residue',
  'loss',
  'landfilled',
  'recovered',
  'recoveredPriorYear',
  'disposed',
] as const
export type Totals = Record<(typeof MEASURES)[number], number>

type Cell = (column: string) => string
interface Row {
  readonly cell: Cell
  readonly grams: (column: string) => number
}

const TRIP_STREAMS: Readonly<Record<string, WasteStream>> = {
  生活垃圾: 'municipal',
  建筑垃圾: 'construction',
  城镇污水污泥: 'sludge',
}
const recovers = (method: string): boolean => /^(R\d|C2|C3|GR-)/.test(method)
const joined = (...parts: readonly string[]): string => parts.join(' ')

/**
 * What follows by addition alone from the rows that were taken: the totals of data/park-month/README.md. It knows nothing of commands,
 * events or rules. A line whose decision was refused is on the road with its manifest, and undecided.
 */
export function totalsOf(tables: Tables, taken: (file: string, row: number) => boolean): Record<WasteStream, Totals> {
  const totals = Object.fromEntries(
    WASTE_STREAMS.map((stream) => [stream, Object.fromEntries(MEASURES.map((measure) => [measure, 0]))]),
  ) as Record<WasteStream, Totals>
  const rowsOf = (file: string, all = false): readonly Row[] => {
    const table = tables[file]
    if (!table) return []
    return table.rows.flatMap((_, at) => {
      if (!all && !taken(file, at + 1)) return []
      const cell = (column: string): string =>
        table
          .cell(at + 1, column)
          .trim()
          .normalize('NFKC')
      return [{ cell, grams: (column: string) => parseTonnes(cell(column)) ?? 0 }]
    })
  }
  const { hazardous, industrial } = totals

  const bornIn = new Map<string, { readonly day: string; readonly batch: string }>()
  for (const { cell, grams } of rowsOf('opening-stock')) {
    hazardous.openingStock += grams('贮存量(吨)')
    bornIn.set(joined(cell('单位代码'), cell('入库批次编码')), { day: cell('产生日期'), batch: cell('批次编码') })
  }
  const born = new Map<string, string>()
  for (const { cell, grams } of rowsOf('hw-generation')) {
    hazardous.generated += grams('产生量')
    born.set(joined(cell('单位代码'), cell('产生批次编码')), cell('产生时间').slice(0, 10))
  }
  for (const { cell, grams } of rowsOf('hw-storage-in')) {
    hazardous.storedIn += grams('入库量')
    const batch = cell('产生批次编码')
    bornIn.set(joined(cell('单位代码'), cell('入库批次编码')), {
      day: born.get(joined(cell('单位代码'), batch)) ?? '',
      batch,
    })
  }
  const out = new Map(
    rowsOf('hw-storage-out').map((row) => [joined(row.cell('单位代码'), row.cell('出库批次编码')), row]),
  )

  const filed = new Map(rowsOf('hw-manifests').map((row) => [row.cell('联单编号'), row]))
  // Layers of accepted mass, oldest first: grams, and whether they are of an earlier year than the transfer.
  const layers = new Map<string, { grams: number; readonly year: string }[]>()
  const lines = tables['hw-manifest-lines']
  for (const [at, { cell, grams }] of rowsOf('hw-manifest-lines', true).entries()) {
    const manifest = filed.get(cell('联单编号'))
    const broken = lines?.raw.has(at + 1) ?? false
    if (!manifest || broken) continue
    const [shipped, accepted] = [grams('移出量(吨)'), grams('接受量(吨)')]
    const decided = taken('hw-manifest-lines', at + 1)
    // A row that repeats a line, or bears its number, is no line of its own.
    const first = lines?.rows.findIndex(
      (_, other) =>
        lines.cell(other + 1, '联单编号') === cell('联单编号') && lines.cell(other + 1, '序号') === cell('序号'),
    )
    if (!decided && first !== at) continue
    hazardous.shipped += shipped
    if (!decided) continue
    const whole = cell('接受人处理意见') === '接受'
    hazardous.accepted += accepted
    hazardous.refused += whole ? 0 : shipped - accepted
    hazardous.variance += whole ? accepted - shipped : 0
    const lots = cell('出库批次编码')
      .split('|')
      .map((batch) => {
        const row = out.get(joined(manifest.cell('移出人代码'), batch))
        const lot = row && bornIn.get(joined(row.cell('单位代码'), row.cell('入库批次编码')))
        return { grams: row?.grams('出库量') ?? 0, day: lot?.day ?? '', batch: lot?.batch ?? '' }
      })
      .sort((a, b) => (joined(a.day, a.batch) < joined(b.day, b.batch) ? -1 : 1))
    let left = accepted
    const shares = lots.map((lot, index) => {
      const share = index === lots.length - 1 ? left : Math.min(left, lot.grams)
      left -= share
      return { grams: share, year: lot.day.slice(0, 4) }
    })
    layers.set(joined(cell('联单编号'), cell('序号')), shares)
  }
  const treatments = [...rowsOf('hw-treatment')].sort(
    (a, b) => Date.parse(a.cell('完成时间')) - Date.parse(b.cell('完成时间')),
  )
  for (const { cell, grams } of treatments) {
    const [treated, residue, method] = [grams('处理量(吨)'), grams('残渣量(吨)'), cell('利用处置方式')]
    hazardous.treated += treated
    hazardous.product += grams('产物量(吨)')
    hazardous.loss += grams('损失量(吨)')
    hazardous.residue += residue
    hazardous.residueGenerated += residue
    hazardous.generated += residue
    if (method === 'D1') hazardous.landfilled += treated
    hazardous[recovers(method) ? 'recovered' : 'disposed'] += treated
    let left = treated
    for (const layer of layers.get(joined(cell('联单编号'), cell('序号'))) ?? []) {
      const share = Math.min(left, layer.grams)
      left -= share
      layer.grams -= share
      if (recovers(method) && layer.year < cell('完成时间').slice(0, 4)) hazardous.recoveredPriorYear += share
    }
  }

  for (const { grams } of rowsOf('gisw-generation')) {
    industrial.generated += grams('产生数量(吨)')
    industrial.storedIn += grams('产生数量(吨)')
  }
  const sent = new Map(
    rowsOf('gisw-out').map((row) => [joined(row.cell('单位代码'), row.cell('记录表编号')), row.grams('出厂数量(吨)')]),
  )
  for (const grams of sent.values()) industrial.shipped += grams
  const done = (stream: WasteStream, grams: number, method: string): void => {
    const total = totals[stream]
    total.accepted += grams
    total.treated += grams
    total[recovers(method) ? 'recovered' : 'disposed'] += grams
    if (method === 'GD-LF') total.landfilled += grams
    else total[recovers(method) ? 'product' : 'loss'] += grams
  }
  for (const { cell, grams } of rowsOf('gisw-receipts')) {
    const accepted = grams('接收数量(吨)')
    industrial.variance += accepted - (sent.get(joined(cell('移出单位代码'), cell('出厂记录表编号'))) ?? 0)
    done('industrial', accepted, cell('利用处置方式'))
  }
  for (const { cell } of rowsOf('trips')) {
    const stream = TRIP_STREAMS[cell('类别')]
    if (!stream) continue
    const net = (Number(cell('毛重(kg)')) - Number(cell('皮重(kg)'))) * 1_000
    totals[stream].generated += net
    totals[stream].storedIn += net
    totals[stream].shipped += net
    done(stream, net, cell('利用处置方式'))
  }
  return totals
}
