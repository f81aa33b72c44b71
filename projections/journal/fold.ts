import { LRUCache } from 'lru-cache'
import type { RecordedEvent } from '../../infra/event-store/port.ts'
import { upcast } from '../../infra/event-store/upcast.ts'
import type { LotEvent } from '../../schemas/lot/events.ts'
import type { Cell, Changes, Folding, Rows, Table } from '../projection.ts'
import { emptyBook, lotsOf, post, type Balance, type LotBook, type Posted, type Touched } from './book.ts'
import { openMemory } from './correct.ts'
import { dimensionsOf, openCube, type Cube } from './cube.ts'
import type { Refolded } from './refold.ts'
import { balanceFrom, balanceRow, entryRow, lotBookFrom, lotBookRow, pastRow, sameLayers, shortageRow } from './rows.ts'
import { balanceTable, entryTable, headTable, lotBookTable, pastTable, shortageTable } from './tables.ts'

// Lots that pages in a row touch; a lot is a few hundred bytes.
const KEPT_LOTS = 20_000
const LOT = 'lot-'

/** Folds lot events into the journal: entries, the cube of their sums, and what lies where since when. */
export function openJournal(levels?: readonly number[], keptEvery?: number): Folding {
  const kept = new LRUCache<string, LotBook>({ max: KEPT_LOTS })
  let head: { entryNo: number; position: number } | undefined
  let cube: Cube | undefined

  return {
    async fold(page, rows, past) {
      head ??= await readHead(rows)
      cube ??= await openCube(head.entryNo, rows, levels)
      const events: { readonly recorded: RecordedEvent; readonly lot: string; readonly event: LotEvent }[] = []
      const lots = new Set<string>()
      for (const recorded of page) {
        if (!recorded.stream.startsWith(LOT)) continue
        const lot = recorded.stream.slice(LOT.length)
        const event = upcast(recorded) as LotEvent
        events.push({ recorded, lot, event })
        for (const one of lotsOf(lot, event)) lots.add(one)
      }
      const books = new Map<string, LotBook>()
      const known: { readonly book: LotBook; readonly first: LotBook['first']; readonly mixed: boolean }[] = []
      const open = async (names: ReadonlySet<string>): Promise<void> => {
        for (const [name, book] of await booksOf(names, kept, rows)) {
          if (books.has(name)) continue
          books.set(name, book)
          known.push({ book, first: book.first, mixed: book.mixed })
        }
      }
      await open(lots)
      const bookOf = (name: string): LotBook => books.get(name) ?? emptyBook(name)
      const page_ = openPage(head)
      const memory = openMemory(keptEvery)
      for (const { recorded, lot, event } of events) {
        const at = Math.max(recorded.position, head.position)
        if (event.type === 'LotCorrected') {
          const refolded = await memory.correct(lot, recorded, rows, past)
          await open(new Set(refolded.lots.map(({ standing }) => standing.lot)))
          page_.take(recorded, { ...refolded, touched: takenOver(refolded, at, bookOf) }, cube)
          memory.note(recorded, bookOf(lot), [])
        } else {
          const posted = post(lot, event, at, bookOf)
          page_.take(recorded, posted, cube)
          memory.note(recorded, bookOf(lot), posted.inflows)
        }
      }
      return [
        ...page_.changes(),
        ...cube.changes(),
        lotBooks(known.filter(({ book, first, mixed }) => book.first !== first || book.mixed !== mixed)),
        ...memory.changes(),
      ]
    },
  }
}

/** Lots of which nothing need be known any more, because a correction says that they never were, have no row. */
function lotBooks(changed: readonly { readonly book: LotBook }[]): Changes {
  const blank = ({ first, mixed }: LotBook): boolean => first === undefined && !mixed
  const books = changed.map(({ book }) => book)
  return {
    table: lotBookTable,
    inserts: [],
    upserts: books.filter((book) => !blank(book)).map(lotBookRow),
    deletes: books.filter(blank).map(({ lot }) => [lot]),
  }
}

/**
 * Writes what a correction leads to into the books, and answers the accounts that it changes.
 * @throws where a lot's history does not lead to what lies there: nothing can be said of the difference then, and a rebuild is due.
 */
function takenOver({ lots }: Refolded, position: number, bookOf: (lot: string) => LotBook): readonly Touched[] {
  return lots.flatMap(({ standing, corrected }) => {
    const book = bookOf(standing.lot)
    const keys = new Set([...book.balances.keys(), ...standing.balances.keys(), ...corrected.balances.keys()])
    const touched: Touched[] = []
    for (const key of keys) {
      const [before, led, now] = [book.balances.get(key), standing.balances.get(key), corrected.balances.get(key)]
      if (!sameLayers(before?.layers ?? [], led?.layers ?? []))
        throw new Error(`what lies in ${key} of lot ${book.lot} does not follow from its history`)
      if (sameLayers(before?.layers ?? [], now?.layers ?? [])) continue
      touched.push({ book, key, before })
      if (now) book.balances.set(key, { ...now, since: before?.since ?? position })
      else book.balances.delete(key)
    }
    book.first = corrected.first
    book.mixed = corrected.mixed
    return touched
  })
}

async function readHead(rows: Rows): Promise<{ entryNo: number; position: number }> {
  const [row] = await rows.byKey(headTable, [1])
  return { entryNo: Number(row?.[1] ?? 0), position: Number(row?.[2] ?? 0) }
}

/** The books of these lots, from what is kept and from their rows. */
async function booksOf(
  lots: ReadonlySet<string>,
  kept: LRUCache<string, LotBook>,
  rows: Rows,
): Promise<ReadonlyMap<string, LotBook>> {
  const books = new Map<string, LotBook>()
  const missing: string[] = []
  for (const lot of lots) {
    const book = kept.get(lot)
    if (book) books.set(lot, book)
    else missing.push(lot)
  }
  if (missing.length > 0) {
    for (const lot of missing) books.set(lot, emptyBook(lot))
    const [lotRows, balances] = await Promise.all([
      rows.byKey(lotBookTable, missing),
      rows.byKey(balanceTable, missing),
    ])
    for (const row of lotRows) books.set(String(row[0]), lotBookFrom(row))
    for (const row of balances) books.get(String(row[0]))?.balances.set(String(row[1]), balanceFrom(row))
    for (const lot of missing) kept.set(lot, books.get(lot) ?? emptyBook(lot))
  }
  return books
}

/** Collects what the events of one page change, in the head that moves on with them. */
function openPage(head: { entryNo: number; position: number }) {
  const entries: (readonly Cell[])[] = []
  const past: (readonly Cell[])[] = []
  const shortages: (readonly Cell[])[] = []
  const touched = new Map<LotBook, Map<string, Balance | undefined>>()
  const changed = (table: Table, inserts: readonly (readonly Cell[])[]): Changes => ({
    table,
    inserts,
    upserts: [],
    deletes: [],
  })

  return {
    take(event: RecordedEvent, posted: Omit<Posted, 'inflows'>, cube: Cube): void {
      const position = Math.max(event.position, head.position)
      for (const [seq, entry] of posted.entries.entries()) {
        head.entryNo++
        entries.push(entryRow(head.entryNo, seq, event, entry))
        cube.add(head.entryNo, position, dimensionsOf(entry), entry.layer.grams)
      }
      if (posted.entries.length > 0) head.position = position
      for (const [seq, shortage] of posted.shortages.entries())
        shortages.push(shortageRow(event.position, seq, shortage))
      for (const { book, key, before } of posted.touched) {
        let inPage = touched.get(book)
        if (!inPage) touched.set(book, (inPage = new Map()))
        if (!inPage.has(key)) inPage.set(key, before)
        const now = book.balances.get(key)
        if (now && before && sameLayers(now.layers, before.layers)) {
          book.balances.set(key, before)
          continue
        }
        // What came and went within one event lay nowhere.
        if (before && before.since < position) past.push(pastRow(book.lot, key, before, position))
        if (now) book.balances.set(key, { ...now, since: position })
      }
    },

    changes(): readonly Changes[] {
      const upserts: (readonly Cell[])[] = []
      const deletes: (readonly Cell[])[] = []
      for (const [book, accounts] of touched) {
        for (const [key, before] of accounts) {
          const now = book.balances.get(key)
          if (now && now !== before) upserts.push(balanceRow(book.lot, key, now))
          else if (before && !now) deletes.push([book.lot, key])
        }
      }
      return [
        changed(entryTable, entries),
        changed(pastTable, past),
        changed(shortageTable, shortages),
        { table: balanceTable, inserts: [], upserts, deletes },
        {
          table: headTable,
          inserts: [],
          upserts: entries.length === 0 ? [] : [[1, head.entryNo, head.position]],
          deletes: [],
        },
      ]
    },
  }
}
