import type { RecordedEvent } from '../../infra/event-store/port.ts'
import type { Cell } from '../projection.ts'
import { accountOf, type Kind } from '../../schemas/mass/account.ts'
import { emptyBook, type Balance, type Entry, type Inflow, type LotBook, type Shortage } from './book.ts'
import { kindCode, kindNamed, streamCode, streamNamed } from './kinds.ts'
import { alike, sumOf, type Layer } from './layers.ts'

export const entryRow = (
  entryNo: number,
  seq: number,
  event: RecordedEvent,
  { day, from, to, lotFrom, lotTo, method, layer, of = event }: Entry,
): readonly Cell[] => [
  entryNo,
  event.position,
  of.position,
  seq,
  day,
  of.occurredAt,
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
export function sameLayers(a: readonly Layer[], b: readonly Layer[]): boolean {
  if (a === b) return true
  if (a.length !== b.length) return false
  // A plain loop: a pool has hundreds of layers, and a correction compares them after every event.
  for (let i = 0; i < a.length; i++) {
    const layer = a[i]
    if (layer !== b[i] && layer && !same(layer, b[i])) return false
  }
  return true
}

const same = (a: Layer, b: Layer | undefined): boolean =>
  a === b || (b !== undefined && a.grams === b.grams && alike(a, b))

const packed = ({ unit, inside, day, derived, stream, code, grams }: Layer) =>
  [unit, inside, day, derived, stream, code, grams] as const
type Packed = ReturnType<typeof packed>
const unpacked = ([unit, inside, day, derived, stream, code, grams]: Packed): Layer => ({
  unit,
  inside,
  day,
  derived,
  stream,
  code,
  grams,
})

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
  return { account, layers: (JSON.parse(String(layers)) as readonly Packed[]).map(unpacked), since: Number(since) }
}

type PackedInflow = readonly [Kind, string | null, string | null, string | null, Packed] | 0

export const inflowRow = (lot: string, position: number, inflows: readonly Inflow[]): readonly Cell[] => [
  lot,
  position,
  JSON.stringify(
    inflows.map((inflow): PackedInflow => {
      if ('mixed' in inflow) return 0
      const { kind, holder, place, document } = inflow.account
      return [kind, holder, place, document, packed(inflow.layer)]
    }),
  ),
]

export const inflowsFrom = ([lot, , inflows]: readonly Cell[]): readonly Inflow[] =>
  (JSON.parse(String(inflows)) as readonly PackedInflow[]).map((one): Inflow => {
    if (one === 0) return { lot: String(lot), mixed: true }
    const [kind, holder, place, document, layer] = one
    return { lot: String(lot), account: accountOf(kind, holder, place, document), layer: unpacked(layer) }
  })

export const sameInflows = (a: readonly Inflow[], b: readonly Inflow[]): boolean =>
  a.length === b.length &&
  a.every((one, i) => {
    const other = b[i]
    if (!other) return false
    if ('mixed' in one || 'mixed' in other) return 'mixed' in one && 'mixed' in other
    return one.account.key === other.account.key && same(one.layer, other.layer)
  })

/** A lot as it was after an event, all of it in one cell. */
export const foldingRow = (
  { lot, first, mixed, balances }: LotBook,
  revision: number,
  position: number,
): readonly Cell[] => [
  lot,
  revision,
  position,
  JSON.stringify({
    first: first && packed({ ...first, grams: 0 }),
    mixed,
    // By account, so that the row does not depend on the order in which they were opened.
    balances: [...balances]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(
        ([
          ,
          {
            account: { kind, holder, place, document },
            layers,
          },
        ]) => [kind, holder, place, document, layers.map(packed)],
      ),
  }),
]

interface PackedBook {
  readonly first?: Packed
  readonly mixed: boolean
  readonly balances: readonly (readonly [Kind, string, string, string | null, readonly Packed[]])[]
}

export function bookOfFolding([lot, , position, state]: readonly Cell[]): LotBook {
  const { first, mixed, balances } = JSON.parse(String(state)) as PackedBook
  const book: LotBook = { ...emptyBook(String(lot)), first: first && unpacked(first), mixed }
  for (const [kind, holder, place, document, layers] of balances) {
    const account = accountOf(kind, holder, place, document)
    book.balances.set(account.key, { account, since: Number(position), layers: layers.map(unpacked) })
  }
  return book
}

export const shortageRow = (position: number, seq: number, { lot, account, missing }: Shortage): readonly Cell[] => [
  position,
  seq,
  lot,
  account.key,
  missing,
]
