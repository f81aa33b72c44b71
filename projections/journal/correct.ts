import type { RecordedEvent } from '../../infra/event-store/port.ts'
import { upcast } from '../../infra/event-store/upcast.ts'
import { corrected, correctionsIn, type Change } from '../../schemas/correction/changes.ts'
import type { LotEvent } from '../../schemas/lot/events.ts'
import { lotStream } from '../../schemas/values/identifiers.ts'
import type { Cell, Changes, Past, Rows } from '../projection.ts'
import { emptyBook, type Inflow, type LotBook, postingOf } from './book.ts'
import { refold, type Happening, type Refolded, type Stretch } from './refold.ts'
import { bookOfFolding, foldingRow, inflowRow, inflowsFrom } from './rows.ts'
import { foldingTable, inflowTable } from './tables.ts'
import type { Posting } from '../../schemas/stream/registry.ts'

/** A folding of a lot is kept after every so many events of its stream: most lots have fewer, a pool of a year some thousands. */
export const KEPT_EVERY = 250

type Row = readonly Cell[]

/** What of their past lots are folded again from: inflows and foldings, as the rows have them and as the page under way leaves them. */
export interface Memory {
  /** Notes what an event put into other lots, and the lot itself where its folding is kept. */
  note(recorded: RecordedEvent, book: LotBook, inflows: readonly Inflow[]): void
  /** What this correction of the lot posts. @param rows what was before the page */
  correct(lot: string, correction: RecordedEvent, rows: Rows, past: Past): Promise<Refolded>
  changes(): readonly Changes[]
}

// A long stream is corrected more than once, and what its events do does not change.
const postings = new WeakMap<RecordedEvent, Posting>()
function postingAsRecorded(recorded: RecordedEvent): Posting {
  const known = postings.get(recorded) ?? postingOf(upcast(recorded) as LotEvent)
  postings.set(recorded, known)
  return known
}

function postingAfter(recorded: RecordedEvent, changes: readonly Change[]): Posting | undefined {
  const event = corrected(upcast(recorded) as LotEvent, changes)
  return event && postingOf(event)
}

export function openMemory(keptEvery = KEPT_EVERY): Memory {
  const keeps = (revision: number): boolean => revision % keptEvery === 0
  // By lot, and by position or revision within it; undefined for a row that is no more.
  const inflows = new Map<string, Map<number, Row | undefined>>()
  const foldings = new Map<string, Map<number, Row | undefined>>()

  const put = (
    into: Map<string, Map<number, Row | undefined>>,
    lot: string,
    at: number,
    row: Row | undefined,
  ): void => {
    const rows = into.get(lot)
    if (rows) rows.set(at, row)
    else into.set(lot, new Map([[at, row]]))
  }

  async function stretchOf(
    lot: string,
    { before, begins, correction }: { before: RecordedEvent; begins: (folding: Row) => boolean; correction?: LotEvent },
    rows: Rows,
    past: Past,
  ): Promise<Stretch> {
    const [[newest], came] = await Promise.all([
      rowsOf(foldingTable, foldings).then((all) => all.filter(begins).toSorted((a, b) => Number(b[1]) - Number(a[1]))),
      rowsOf(inflowTable, inflows),
    ])
    const [revision, position] = newest ? [Number(newest[1]), Number(newest[2])] : [0, 0]
    const history = (await past.of(lotStream(lot), revision + 1)).filter((event) => event.position < before.position)
    const made = history.filter(({ type }) => type === 'LotCorrected').map((recorded) => upcast(recorded))
    const standing = correctionsIn(made)
    const now = correction ? correctionsIn([...made, correction]) : standing
    const happenings: Happening[] = history.map((recorded) => {
      const { position: at, revision: place, occurredAt } = recorded
      const [earlier, after] = [standing.get(place), now.get(place)]
      const was = earlier ? postingAfter(recorded, earlier) : postingAsRecorded(recorded)
      return {
        kind: 'event',
        position: at,
        revision: place,
        occurredAt,
        standing: was,
        corrected: earlier?.length === after?.length ? was : postingAfter(recorded, after ?? []),
      }
    })
    for (const row of came)
      if (Number(row[1]) > position && Number(row[1]) < before.position)
        happenings.push({ kind: 'inflow', position: Number(row[1]), inflows: inflowsFrom(row) })
    return {
      book: newest ? bookOfFolding(newest) : emptyBook(lot),
      happenings: happenings.sort((a, b) => a.position - b.position),
    }

    async function rowsOf(
      table: typeof foldingTable,
      page: ReadonlyMap<string, ReadonlyMap<number, Row | undefined>>,
    ): Promise<readonly Row[]> {
      const known = new Map<number, Row | undefined>()
      for (const row of await rows.byKey(table, [lot])) known.set(Number(row[1]), row)
      for (const [at, row] of page.get(lot) ?? []) known.set(at, row)
      return [...known.values()].filter((row) => row !== undefined)
    }
  }

  return {
    note(recorded, book, came) {
      const { position, revision } = recorded
      for (const lot of new Set(came.map((inflow) => inflow.lot)))
        put(
          inflows,
          lot,
          position,
          inflowRow(
            lot,
            position,
            came.filter((inflow) => inflow.lot === lot),
          ),
        )
      if (keeps(revision)) put(foldings, book.lot, revision, foldingRow(book, revision, position))
    },

    async correct(lot, recorded, rows, past) {
      const correction = upcast(recorded) as LotEvent
      const first = Math.min(...correctionsIn([correction]).keys())
      const refolded = await refold({
        lot,
        begin: await stretchOf(
          lot,
          { before: recorded, correction, begins: (folding) => Number(folding[1]) < first },
          rows,
          past,
        ),
        stretch: (other, position) =>
          stretchOf(other, { before: recorded, begins: (folding) => Number(folding[2]) < position }, rows, past),
        keeps,
      })
      for (const { lot: into, position, inflows: came } of refolded.inflows)
        put(inflows, into, position, came.length === 0 ? undefined : inflowRow(into, position, came))
      for (const { revision, position, book } of refolded.foldings)
        put(foldings, book.lot, revision, foldingRow(book, revision, position))
      return refolded
    },

    changes() {
      const changes = [
        [inflowTable, inflows],
        [foldingTable, foldings],
      ] as const
      return changes.map(([table, changed]) => ({
        table,
        inserts: [],
        upserts: [...changed.values()].flatMap((rows) => [...rows.values()].filter((row) => row !== undefined)),
        deletes: [...changed].flatMap(([lot, rows]) => [...rows].flatMap(([at, row]) => (row ? [] : [[lot, at]]))),
      }))
    },
  }
}
