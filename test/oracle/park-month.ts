import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { derivedId } from '../../infra/event-store/event-id.ts'
import { lotEvents, type LotEvent } from '../../schemas/lot/events.ts'
import type { Place } from '../../schemas/values/place.ts'
import { businessDay } from '../../schemas/values/time.ts'
import { lineDocument, type PlaceKind } from '../../schemas/values/place.ts'
import { poolId } from '../../schemas/values/identifiers.ts'
import { parseTonnes } from '../../schemas/values/mass.ts'
import type { Waste, WasteStream } from '../../schemas/values/waste.ts'

type Row = Readonly<Record<string, string>>
export interface StreamEvent {
  readonly stream: string
  readonly event: LotEvent
}

/** The folder of books beside the project, where there is one; looked for from here upwards. */
export function parkMonthFolder(): string | undefined {
  for (let at = import.meta.dirname; at !== dirname(at); at = dirname(at)) {
    const folder = join(at, '..', 'shared', 'data', 'park-month')
    if (existsSync(join(folder, 'expected.json'))) return folder
  }
  return undefined
}

const STREAM_NAMES: Readonly<Record<string, WasteStream>> = {
  生活垃圾: 'municipal',
  建筑垃圾: 'construction',
  城镇污水污泥: 'sludge',
}
const grams = (tonnes: string | undefined): number => parseTonnes((tonnes ?? '0').replace(/^(\d+)\.0+$/, '$1')) ?? 0
const at = (kind: PlaceKind, holder: string, place: string, document?: string): Place => ({
  at: kind,
  holder,
  place,
  ...(document === undefined ? {} : { document }),
})

/**
 * The books as lot events, by the shortest way: no rules, no manifests, no commands. An importer of its own, so that the journal is held against
 * the official totals by somebody who knows nothing of the services.
 */
export function eventsOfBooks(folder: string): readonly StreamEvent[] {
  const read = (file: string) =>
    parse(readFileSync(join(folder, `${file}.csv`)), { columns: true, bom: true, relax_column_count: true }) as Row[]
  const happenings: { readonly time: string; readonly order: number; readonly happen: () => readonly StreamEvent[] }[] =
    []
  const when = (time: string, happen: () => readonly StreamEvent[]) =>
    void happenings.push({ time, order: happenings.length, happen })
  const inside = new Map(read('units').map((unit) => [unit['统一社会信用代码'] ?? '', unit['园区内'] === '是']))
  const originOf = (unit: string) => ({ unit, inside: inside.get(unit) ?? false })
  const checked = (lot: string, type: LotEvent['type'], occurredAt: string, data: unknown): StreamEvent => ({
    stream: `lot-${lot}`,
    event: { type, occurredAt, data: lotEvents[type].schema.parse(data) } as LotEvent,
  })
  const text = (row: Row, column: string): string => row[column] ?? ''
  const lots = new Map<string, { readonly waste: Waste; readonly bornOn: string; readonly batch: string }>()

  for (const row of read('opening-stock')) {
    const bornOn = text(row, '产生日期')
    when(`${bornOn}T00:00:00+08:00`, () => {
      const lot = text(row, '容器/包装编码')
      const waste: Waste = { stream: 'hazardous', code: text(row, '废物代码') }
      lots.set(lot, { waste, bornOn, batch: text(row, '批次编码') })
      return [
        checked(lot, 'LotOpened', '2025-12-01T00:00:00+08:00', {
          waste,
          origin: originOf(text(row, '单位代码')),
          to: at('collection', text(row, '单位代码'), text(row, '贮存设施编码')),
          grams: grams(row['贮存量(吨)']),
          bornOn,
          batch: text(row, '批次编码'),
        }),
      ]
    })
  }
  for (const row of read('hw-generation')) {
    const time = text(row, '产生时间')
    when(time, () => {
      const [lot, unit, facility] = [
        text(row, '容器/包装编码'),
        text(row, '单位代码'),
        text(row, '产生危险废物设施编码'),
      ]
      const waste: Waste = { stream: 'hazardous', code: text(row, '危险废物代码') }
      const mass = grams(row['产生量'])
      lots.set(lot, { waste, bornOn: businessDay(time), batch: text(row, '产生批次编码') })
      const [from, to] = [at('generation', unit, facility), at('classification', unit, facility)]
      return [
        checked(lot, 'LotGenerated', time, {
          waste,
          origin: originOf(unit),
          to: from,
          grams: mass,
          pool: false,
          batch: text(row, '产生批次编码'),
        }),
        checked(lot, 'LotClassified', time, { waste, from, to, grams: mass }),
      ]
    })
  }
  const facilityOf = new Map(
    read('hw-generation').map((row) => [text(row, '容器/包装编码'), text(row, '产生危险废物设施编码')]),
  )
  for (const row of read('hw-storage-in')) {
    const time = text(row, '入库时间')
    when(time, () => {
      const [lot, unit] = [text(row, '容器/包装编码'), text(row, '单位代码')]
      return [
        checked(lot, 'LotStored', time, {
          waste: lots.get(lot)?.waste,
          from: at('classification', unit, facilityOf.get(lot) ?? ''),
          to: at('collection', unit, text(row, '贮存设施编码')),
          grams: grams(row['入库量']),
          whole: true,
        }),
      ]
    })
  }
  const outs = new Map(read('hw-storage-out').map((row) => [text(row, '单位代码') + text(row, '出库批次编码'), row]))
  for (const row of outs.values()) {
    const time = text(row, '出库时间')
    when(time, () => {
      const [lot, unit, store, batch] = [
        text(row, '容器/包装编码'),
        text(row, '单位代码'),
        text(row, '贮存设施编码'),
        text(row, '出库批次编码'),
      ]
      return [
        checked(lot, 'LotTakenOut', time, {
          waste: lots.get(lot)?.waste,
          from: at('collection', unit, store),
          to: at('collection', unit, store, batch),
          grams: grams(row['出库量']),
          whole: true,
          batch,
        }),
      ]
    })
  }
  const manifests = new Map(read('hw-manifests').map((row) => [text(row, '联单编号'), row]))
  const accepted = new Map<string, { readonly lot: string; grams: number; readonly at: Place }[]>()
  for (const row of read('hw-manifest-lines')) {
    const number = text(row, '联单编号')
    const manifest = manifests.get(number) ?? {}
    const [id, line] = [derivedId('manifest', number), Number(row['序号'])]
    const [unit, carrier, plate, receiver] = [
      text(manifest, '移出人代码'),
      text(manifest, '承运人代码'),
      text(manifest, '车牌'),
      text(manifest, '接受人代码'),
    ]
    const loaded = text(row, '出库批次编码')
      .split('|')
      .map((batch) => {
        const out = outs.get(unit + batch) ?? {}
        return {
          lot: text(out, '容器/包装编码'),
          grams: grams(out['出库量']),
          from: at('collection', unit, text(out, '贮存设施编码'), batch),
        }
      })
    const document = lineDocument(id, line)
    const road = at('transport', carrier, plate, document)
    const gate = at('disposal', receiver, 'TS001', document)
    when(text(manifest, '实际起运时间'), () =>
      loaded.map(({ lot, grams: mass, from }) =>
        checked(lot, 'LotPickedUp', text(manifest, '实际起运时间'), {
          waste: lots.get(lot)?.waste,
          from,
          to: road,
          grams: mass,
          whole: true,
          manifest: id,
          line,
        }),
      ),
    )
    when(text(manifest, '接受时间'), () => {
      const known = loaded.map((one) => ({
        ...one,
        ...(lots.get(one.lot) ?? { waste: { stream: 'hazardous', code: '' }, bornOn: '', batch: '' }),
      }))
      const oldestFirst = known.toSorted((a, b) => (a.bornOn + a.batch < b.bornOn + b.batch ? -1 : 1))
      const full = row['接受人处理意见'] === '接受'
      let left = grams(row['接受量(吨)'])
      return oldestFirst.map(({ lot, grams: shipped, waste }, i) => {
        const part = i === oldestFirst.length - 1 && left > shipped ? left : Math.min(left, shipped)
        left -= part
        const list = accepted.get(document) ?? []
        accepted.set(document, list)
        if (part > 0) list.push({ lot, grams: part, at: gate })
        return checked(lot, 'LotAccepted', text(manifest, '接受时间'), {
          waste,
          from: road,
          to: gate,
          refusedTo: { ...road, at: 'refused' },
          manifest: id,
          line,
          accepted: part,
          refused: full ? 0 : shipped - part,
          variance: full ? part - shipped : 0,
        })
      })
    })
  }
  for (const row of read('hw-treatment')) {
    const time = text(row, '完成时间')
    when(time, () => {
      const [unit, method, record] = [text(row, '单位代码'), text(row, '利用处置方式'), text(row, '利用处置记录编号')]
      const residueWaste: Waste = { stream: 'hazardous', code: text(row, '残渣废物代码') }
      const residueLot = `${record}-${row['序号']}`
      const from = at('generation', unit, text(row, '设施编码'))
      const outputs = {
        product: grams(row['产物量(吨)']),
        residue: grams(row['残渣量(吨)']),
        loss: grams(row['损失量(吨)']),
        landfilled: method === 'D1' ? grams(row['处理量(吨)']) : 0,
      }
      const residue = outputs.residue
      let left = grams(row['处理量(吨)'])
      const sources: { readonly lot: string; readonly grams: number }[] = []
      const treated = (
        accepted.get(lineDocument(derivedId('manifest', text(row, '联单编号')), Number(row['序号']))) ?? []
      ).flatMap((source) => {
        const mass = Math.min(left, source.grams)
        if (mass === 0) return []
        left -= mass
        source.grams -= mass
        let room = mass
        const share = (name: keyof typeof outputs) => {
          const part = Math.min(room, outputs[name])
          room -= part
          outputs[name] -= part
          return part
        }
        const [product, residuePart, loss, landfilled] = [
          share('product'),
          share('residue'),
          share('loss'),
          share('landfilled'),
        ]
        if (residuePart > 0) sources.push({ lot: source.lot, grams: residuePart })
        return [
          checked(source.lot, 'LotTreated', time, {
            waste: lots.get(source.lot)?.waste,
            from: source.at,
            grams: mass,
            method,
            treatment: record,
            product,
            loss,
            landfilled,
            residues:
              residuePart === 0
                ? []
                : [{ lot: residueLot, waste: residueWaste, origin: originOf(unit), to: from, grams: residuePart }],
          }),
        ]
      })
      if (residue === 0) return treated
      return [
        ...treated,
        checked(residueLot, 'LotDerived', time, {
          waste: residueWaste,
          origin: originOf(unit),
          to: from,
          grams: residue,
          kind: 'residue',
          sources,
          treatment: record,
          bornOn: businessDay(time),
        }),
        checked(residueLot, 'LotClassified', time, {
          waste: residueWaste,
          from,
          to: { ...from, at: 'classification' },
          grams: residue,
        }),
      ]
    })
  }

  for (const row of read('gisw-generation')) {
    const time = text(row, '产生时间')
    when(time, () => {
      const [unit, code, facility] = [text(row, '单位代码'), text(row, '代码'), text(row, '生产设施编码')]
      return stored(
        poolId(unit, code),
        { stream: 'industrial', code },
        unit,
        facility,
        grams(row['产生数量(吨)']),
        time,
        true,
      )
    })
  }
  const receipts = read('gisw-receipts')
  for (const row of read('gisw-out')) {
    const [unit, code, number, receiver] = [
      text(row, '单位代码'),
      text(row, '代码'),
      text(row, '记录表编号'),
      text(row, '接收单位代码'),
    ]
    const at_ = receipts.findIndex(
      (receipt) => receipt['移出单位代码'] === unit && receipt['出厂记录表编号'] === number,
    )
    const [receipt = {}] = receipts.splice(at_, 1)
    const id = derivedId('out-record', unit, number, text(row, '出厂时间'), code)
    const lot = poolId(unit, code)
    const mass = grams(row['出厂数量(吨)'])
    const waste: Waste = { stream: 'industrial', code }
    const [store, road, gate] = [
      at('collection', unit, 'TS001'),
      at('transport', text(row, '运输单位代码'), text(row, '车牌'), lineDocument(id, 1)),
      at('disposal', receiver, 'TS001', lineDocument(id, 1)),
    ]
    when(text(row, '出厂时间'), () => [
      checked(lot, 'LotPickedUp', text(row, '出厂时间'), {
        waste,
        from: store,
        to: road,
        grams: mass,
        whole: false,
        manifest: id,
        line: 1,
      }),
    ])
    when(text(receipt, '接收时间'), () => [acceptedWhole(lot, waste, road, gate, id, mass, text(receipt, '接收时间'))])
    when(text(receipt, '完成时间'), () => [
      treatedToProduct(lot, waste, gate, mass, text(receipt, '利用处置方式'), id, text(receipt, '完成时间')),
    ])
  }
  for (const row of read('trips')) {
    const [slip, unit, code, method] = [
      text(row, '称重编号'),
      text(row, '来源单位代码'),
      text(row, '废物代码'),
      text(row, '利用处置方式'),
    ]
    const [left, arrived] = [text(row, '出发时间'), text(row, '进厂时间')]
    const waste: Waste = { stream: STREAM_NAMES[text(row, '类别')] ?? 'municipal', code }
    const mass = Number(row['净重(kg)']) * 1_000
    const id = derivedId('trip', slip)
    const [road, gate] = [
      at('transport', text(row, '承运人代码'), text(row, '车牌'), lineDocument(id, 1)),
      at('disposal', text(row, '接收单位代码'), 'TS001', lineDocument(id, 1)),
    ]
    when(left, () => [
      ...stored(slip, waste, unit, 'TS001', mass, left, false),
      checked(slip, 'LotPickedUp', left, {
        waste,
        from: at('collection', unit, 'TS001'),
        to: road,
        grams: mass,
        whole: true,
        manifest: id,
        line: 1,
      }),
    ])
    when(arrived, () => [
      acceptedWhole(slip, waste, road, gate, id, mass, arrived),
      treatedToProduct(slip, waste, gate, mass, method, id, arrived),
    ])
  }

  function stored(
    lot: string,
    waste: Waste,
    unit: string,
    facility: string,
    mass: number,
    time: string,
    pool: boolean,
  ): readonly StreamEvent[] {
    const [generation, classification] = [at('generation', unit, facility), at('classification', unit, facility)]
    return [
      checked(lot, 'LotGenerated', time, { waste, origin: originOf(unit), to: generation, grams: mass, pool }),
      checked(lot, 'LotClassified', time, { waste, from: generation, to: classification, grams: mass }),
      checked(lot, 'LotStored', time, {
        waste,
        from: classification,
        to: at('collection', unit, 'TS001'),
        grams: mass,
        whole: !pool,
      }),
    ]
  }
  const acceptedWhole = (
    lot: string,
    waste: Waste,
    from: Place,
    to: Place,
    manifest: string,
    mass: number,
    time: string,
  ): StreamEvent =>
    checked(lot, 'LotAccepted', time, {
      waste,
      from,
      to,
      refusedTo: { ...from, at: 'refused' },
      manifest,
      line: 1,
      accepted: mass,
      refused: 0,
      variance: 0,
    })
  const treatedToProduct = (
    lot: string,
    waste: Waste,
    from: Place,
    mass: number,
    method: string,
    treatment: string,
    time: string,
  ): StreamEvent =>
    checked(lot, 'LotTreated', time, {
      waste,
      from,
      grams: mass,
      method,
      treatment,
      product: mass,
      loss: 0,
      landfilled: 0,
      residues: [],
    })

  return happenings
    .toSorted((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : a.order - b.order))
    .flatMap(({ happen }) => happen())
}
