import { BookWriter } from './books.ts'
import { chance as chanceOf, type Chance } from './chance.ts'
import { dayOf, someone, tonnes, type Day } from './day.ts'
import { generalDay, tripsOfDay } from './general.ts'
import { inventPark, listed, type HazardousKind, type Producer } from './park.ts'
import { Sums } from './sums.ts'

export interface BundleOptions {
  readonly seed: number
  /** Producers of hazardous and general waste. */
  readonly units: number
  /** First day, `2026-10-01`; all days lie in its year. */
  readonly from: string
  readonly days: number
}

/** A lot in its producer's store. */
interface Lot {
  readonly label: string
  readonly storeIn: string
  readonly grams: number
  readonly prior: boolean
}

interface Store {
  readonly producer: Producer
  readonly kind: HazardousKind
  lots: Lot[]
}

/** An accepted line that waits for its treatment; layers oldest first. */
interface Accepted {
  readonly store: Store
  readonly manifest: string
  readonly line: number
  readonly day: number
  layers: { grams: number; readonly prior: boolean }[]
}

const DAY_MS = 86_400_000

/** Writes a bundle of books of an invented park into a folder and answers what follows from its rows by arithmetic (`expected.json`). */
export async function writeBundle(folder: string, { seed, units, from, days }: BundleOptions) {
  const books = new BookWriter()
  const sums = new Sums()
  const chance = chanceOf(seed)
  const park = inventPark(books, chance, units, Number(from.slice(0, 4)))
  const stores = park.producers.flatMap((producer) =>
    producer.hazardous.map((kind): Store => ({ producer, kind, lots: [] })),
  )
  const pools = new Map<string, number>()
  const open: Accepted[] = []
  const serials = { manifest: 0, treatment: 0 }
  for (const store of stores)
    if (chance.real() < 0.3) openingStock(books, chance, sums, store, Number(from.slice(0, 4)) - 1)
  let date = from
  for (let no = 0; no < days; no++) {
    date = new Date(Date.parse(`${from}T00:00:00Z`) + no * DAY_MS).toISOString().slice(0, 10)
    const day = dayOf(books, chance, park, sums, no, date)
    for (const store of stores) if (chance.real() < 0.7) generate(day, store)
    for (const producer of park.producers) if (chance.real() < 0.35) ship(day, producer, stores, open, serials)
    for (const line of open.splice(0))
      if (no - line.day < 1 || chance.real() < 0.4 || !treat(day, line, serials)) open.push(line)
    generalDay(day, pools)
    tripsOfDay(day, Math.max(5, Math.ceil(units / 3)))
  }
  const expected = { seed, period: { from, to: date }, rows: books.rows(), ...sums.expected() }
  await books.write(folder, expected)
  return expected
}

const labelOf = ({ producer, kind }: Store, digits: string): string =>
  `${producer.code}${kind.code.replaceAll('-', '')}${digits}001`

/** Stock of the year before: one lot of December, which its store ships first. */
function openingStock(books: BookWriter, chance: Chance, sums: Sums, store: Store, year: number): void {
  const day = `${year}-12-${String(chance.whole(1, 28)).padStart(2, '0')}`
  const digits = day.replaceAll('-', '')
  const at = store.producer.hazardous.indexOf(store.kind) + 1
  const grams = chance.whole(3_000, 24_000) * 100
  const lot = { label: labelOf(store, digits), storeIn: `HWRK${digits}00${at}`, grams, prior: true }
  books.add(
    'opening-stock',
    `HWCS${digits}00${at}`,
    store.producer.code,
    store.kind.code,
    store.kind.name,
    day,
    tonnes(grams),
    'TS001',
    lot.label,
    lot.storeIn,
  )
  sums.add('hazardous', 'opening_stock', grams)
  store.lots.push(lot)
}

function generate(day: Day, store: Store): void {
  const { books, chance, sums } = day
  const { producer, kind } = store
  const grams = chance.whole(200, 9_000) * 100
  const born = chance.whole(480, 900)
  const batch = day.code('HWCS', producer.code)
  const storeIn = day.code('HWRK', producer.code)
  const label = labelOf(store, day.digits)
  const entry = listed(kind.code, day.date).hazardous
  books.add(
    'hw-generation',
    batch,
    producer.code,
    day.at(born),
    kind.name,
    entry?.description ?? '',
    entry?.category ?? '',
    kind.code,
    tonnes(grams),
    '吨',
    label,
    kind.packaging[1],
    1,
    'MF0001',
    someone(chance),
    '贮存',
  )
  sums.generated('hazardous', grams, producer.inside)
  books.add(
    'hw-storage-in',
    storeIn,
    producer.code,
    day.at(born + chance.whole(15, 120)),
    label,
    kind.packaging[1],
    1,
    kind.code,
    tonnes(grams),
    '吨',
    'TS001',
    '贮存库',
    someone(chance),
    someone(chance),
    batch,
  )
  sums.add('hazardous', 'stored_in', grams)
  store.lots.push({ label, storeIn, grams, prior: false })
}

const MOST_LOTS_OF_A_LINE = 8

/** One vehicle with what the producer has for one receiver: all its kinds that go there, a line each. */
function ship(
  day: Day,
  producer: Producer,
  stores: readonly Store[],
  open: Accepted[],
  serials: { manifest: number },
): void {
  const { books, chance, park } = day
  const own = stores.filter((store) => store.producer === producer && store.lots.length > 0)
  const first = own[0]
  if (!first) return
  const receiver = park.treaters[first.kind.method]
  const load = own.filter(({ kind }) => park.treaters[kind.method]?.code === receiver?.code)
  const manifest = `${day.date.slice(0, 4)}3205${String(++serials.manifest).padStart(6, '0')}`
  const handover = chance.whole(1_090, 1_140)
  const depart = handover + chance.whole(5, 30)
  const arrive = depart + chance.whole(20, 90)
  let arrived = 0
  for (const [at, store] of load.entries())
    arrived += writeLine(day, store, manifest, at + 1, handover - chance.whole(20, 60), open)
  const tare = chance.whole(8_000, 12_000)
  books.add(
    'hw-manifests',
    manifest,
    producer.code,
    `1980001${String(chance.whole(0, 9999)).padStart(4, '0')}`,
    day.at(handover),
    park.hauler.code,
    chance.pick(park.hazardousPlates),
    `司机${chance.whole(1, 40)}`,
    `1980002${String(chance.whole(0, 9999)).padStart(4, '0')}`,
    '产废单位装卸区',
    day.at(depart),
    '接收单位卸料区',
    day.at(arrive),
    receiver?.code ?? '',
    receiver?.licence ?? '',
    day.at(arrive + chance.whole(10, 90)),
    tare + Math.floor(arrived / 1_000),
    tare,
  )
}

/** One line with its store-out rows; answers what arrived, grams. */
function writeLine(day: Day, store: Store, manifest: string, line: number, takenOut: number, open: Accepted[]): number {
  const { books, chance, sums } = day
  const { producer, kind } = store
  const lots = store.lots.splice(0, MOST_LOTS_OF_A_LINE)
  const outBatches = lots.map((lot) => {
    const batch = day.code('HWCK', producer.code)
    books.add(
      'hw-storage-out',
      batch,
      producer.code,
      day.at(takenOut),
      lot.label,
      kind.code,
      tonnes(lot.grams),
      '吨',
      'TS001',
      someone(chance),
      someone(chance),
      lot.storeIn,
      '委外',
    )
    return batch
  })
  const shipped = lots.reduce((sum, { grams }) => sum + grams, 0)
  sums.add('hazardous', 'storage_out', shipped)
  sums.add('hazardous', 'shipped', shipped)
  const { word, difference, note, accepted, refused } = decide(chance, shipped)
  sums.decided(word)
  sums.add('hazardous', 'accepted', accepted)
  sums.add('hazardous', 'refused', refused)
  sums.add('hazardous', 'variance', accepted + refused - shipped)
  const hazards = listed(kind.code, day.date).hazardous?.hazardSet.join('/') ?? ''
  books.add(
    'hw-manifest-lines',
    manifest,
    line,
    kind.code,
    kind.name,
    hazards,
    kind.form,
    kind.packaging[0],
    lots.length,
    tonnes(shipped),
    outBatches.join('|'),
    difference,
    note,
    word,
    tonnes(accepted),
    accepted > 0 ? kind.method : '',
  )
  if (accepted > 0) open.push({ store, manifest, line, day: day.no, layers: layersOf(lots, accepted) })
  return accepted + refused
}

/** The receiver's decision: mostly all of it, sometimes by another weight, in part, or not at all. */
function decide(chance: Chance, shipped: number) {
  const draw = chance.real()
  if (draw < 0.03) return { word: '拒收', difference: '包装', note: '包装破损', accepted: 0, refused: shipped }
  if (draw < 0.07 && shipped > 100_000) {
    const accepted = Math.floor((shipped * 0.6) / 1_000) * 1_000
    return { word: '部分接受', difference: '性质', note: '部分与样品不符', accepted, refused: shipped - accepted }
  }
  if (draw < 0.13 && shipped > 200_000) {
    const accepted = shipped + chance.pick([-3_000, -2_000, 1_000, 2_000])
    return { word: '接受', difference: '数量', note: '两次称重有差', accepted, refused: 0 }
  }
  return { word: '接受', difference: '无', note: '', accepted: shipped, refused: 0 }
}

/** Accepted mass belongs to the lots oldest first; a surplus goes to the newest. Lots lie in the store in the order of their age. */
function layersOf(lots: readonly Lot[], accepted: number): { grams: number; prior: boolean }[] {
  let left = accepted
  const layers = lots.map(({ grams, prior }, at) => {
    const share = at === lots.length - 1 ? left : Math.min(left, grams)
    left -= share
    return { grams: share, prior }
  })
  return layers.filter(({ grams }) => grams > 0)
}

/** Treats a line, all of it or a part; answers whether it is done with. */
function treat(day: Day, line: Accepted, serials: { treatment: number }): boolean {
  const { books, chance, park, sums } = day
  const { kind, producer } = line.store
  const held = line.layers.reduce((sum, { grams }) => sum + grams, 0)
  const treated = chance.real() < 0.15 && held > 10_000 ? Math.floor(held / 2_000) * 1_000 : held
  const prior = takeOldest(line, treated)
  const product = Math.floor((treated * kind.product) / 1_000) * 1_000
  const residue = Math.floor((treated * kind.residue) / 1_000) * 1_000
  const landfill = kind.method === 'D1'
  const loss = landfill ? 0 : treated - product - residue
  const treater = park.treaters[kind.method]
  books.add(
    'hw-treatment',
    `LC${day.digits}${String(++serials.treatment).padStart(5, '0')}`,
    treater?.code ?? '',
    line.manifest,
    line.line,
    'TS001',
    kind.method,
    tonnes(treated),
    product > 0 ? kind.productName : '',
    tonnes(product),
    residue > 0 ? kind.residueCode : '',
    tonnes(residue),
    tonnes(loss),
    day.at(chance.whole(500, 1_000)),
  )
  sums.treated('hazardous', kind.method, treated, producer.inside, prior)
  sums.add('hazardous', 'product', product)
  sums.add('hazardous', 'residue', residue)
  sums.add('hazardous', 'residue_generated', residue)
  sums.generated('hazardous', residue, treater?.inside ?? false)
  sums.add('hazardous', 'loss', loss)
  sums.add('hazardous', 'landfilled', landfill ? treated : 0)
  return line.layers.length === 0
}

/** Takes mass off a line, oldest layer first; answers how much of it came from an earlier year. */
function takeOldest(line: Accepted, mass: number): number {
  let left = mass
  let prior = 0
  for (const layer of line.layers) {
    const share = Math.min(left, layer.grams)
    layer.grams -= share
    left -= share
    if (layer.prior) prior += share
  }
  line.layers = line.layers.filter(({ grams }) => grams > 0)
  return prior
}
