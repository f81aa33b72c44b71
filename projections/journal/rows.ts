import type { RecordedEvent } from '../../infra/event-store/port.ts'
import type { Cell } from '../projection.ts'
import { accountOf } from './account.ts'
import { emptyBook, type Balance, type Entry, type LotBook, type Shortage } from './book.ts'
import { kindCode, kindNamed, streamCode, streamNamed } from './kinds.ts'
import { alike, sumOf, type Layer } from './layers.ts'

export const entryRow = (
  entryNo: number,
  seq: number,
  event: RecordedEvent,
  { day, from, to, lotFrom, lotTo, method, layer }: Entry,
): readonly Cell[] => [
  entryNo,
  event.position,
  seq,
  day,
  event.occurredAt,
  event.recordedAt,
  streamCode(layer.stream),
  layer.code,
  kindCode(from.kind),
  from.holder,
  from.place,
  from.document,
  kindCode(to.kind),
  to.holder,
  to.place,
  to.document,
  lotFrom,
  lotTo,
  method,
  layer.unit,
  layer.day,
  layer.inside,
  layer.derived,
  layer.grams,
]

/** Cells that say what lies in one account, without since when. */
function spanCells(lot: string, key: string, { account, layers }: Balance): readonly Cell[] {
  const [oldest] = layers
  const last = layers.at(-1)
  const single = layers.every(({ unit }) => unit === oldest?.unit)
  return [
    lot,
    key,
    kindCode(account.kind),
    account.holder,
    account.place,
    account.document,
    streamCode(last?.stream ?? 'industrial'),
    last?.code ?? '',
    sumOf(layers),
    sumOf(layers.filter(({ inside }) => inside)),
    oldest?.day ?? '',
    single ? (oldest?.unit ?? null) : null,
  ]
}

export const balanceRow = (lot: string, key: string, balance: Balance): readonly Cell[] => [
  ...spanCells(lot, key, balance),
  balance.since,
  JSON.stringify(balance.layers.map(packed)),
]

export const pastRow = (lot: string, key: string, balance: Balance, until: number): readonly Cell[] => [
  ...spanCells(lot, key, balance),
  balance.since,
  until,
  Math.floor(Math.log2(until - balance.since)),
]

/** Whether the two say the same about what lies there, to the last layer. */
export const sameLayers = (a: readonly Layer[], b: readonly Layer[]): boolean =>
  a === b || (a.length === b.length && a.every((layer, i) => same(layer, b[i])))

const same = (a: Layer, b: Layer | undefined): boolean =>
  a === b || (b !== undefined && a.grams === b.grams && alike(a, b))

const packed = ({ unit, inside, day, derived, stream, code, grams }: Layer) =>
  [unit, inside, day, derived, stream, code, grams] as const
type Packed = ReturnType<typeof packed>

export function lotBookRow({ lot, first, mixed }: LotBook): readonly Cell[] {
  return [
    lot,
    first?.unit ?? '',
    first?.inside ?? false,
    first?.day || '0001-01-01',
    first?.derived ?? false,
    streamCode(first?.stream ?? 'industrial'),
    first?.code ?? '',
    mixed,
  ]
}

export function lotBookFrom([lot, unit, inside, day, derived, stream, code, mixed]: readonly Cell[]): LotBook {
  const book = emptyBook(String(lot))
  if (unit !== '')
    book.first = {
      unit: String(unit),
      inside: inside === true,
      day: String(day),
      derived: derived === true,
      stream: streamNamed(Number(stream)),
      code: String(code),
      grams: 0,
    }
  book.mixed = mixed === true
  return book
}

export function balanceFrom([, , kind, holder, place, document, , , , , , , since, layers]: readonly Cell[]): Balance {
  const account = accountOf(
    kindNamed(Number(kind)),
    String(holder),
    String(place),
    document === null || document === undefined ? null : String(document),
  )
  const unpacked = (JSON.parse(String(layers)) as readonly Packed[]).map(
    ([unit, inside, day, derived, stream, code, grams]): Layer => ({ unit, inside, day, derived, stream, code, grams }),
  )
  return { account, layers: unpacked, since: Number(since) }
}

export const shortageRow = (position: number, seq: number, { lot, account, missing }: Shortage): readonly Cell[] => [
  position,
  seq,
  lot,
  account.key,
  missing,
]
