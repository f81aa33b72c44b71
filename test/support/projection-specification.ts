import { expect } from 'vitest'
import { derivedId } from '../../infra/event-store/event-id.ts'
import type { RecordedEvent } from '../../infra/event-store/port.ts'
import { eventSchemas, type DomainEvent } from '../../schemas/streams.ts'
import { pastOf } from './past.ts'
import type { Cell, Projection, Table } from '../../projections/projection.ts'
import { openMemoryTables, type MemoryTables } from '../../projections/runner/memory-tables.ts'

/** An event of a spec: where it happened, what, and the findings that travel with it. */
export type Happened = DomainEvent & { readonly stream: string } & Partial<Pick<RecordedEvent['metadata'], 'findings'>>

/** Cells by the names of their columns; jsonb as values. */
type Row = Readonly<Record<string, unknown>>

const PLACE = 7

/** Events as the log holds them. Positions have gaps: no fold may count on there being none. */
function recorded(events: readonly Happened[]): readonly RecordedEvent[] {
  const revisions = new Map<string, number>()
  return events.map(({ stream, type, occurredAt, data, findings }, i) => {
    const revision = (revisions.get(stream) ?? 0) + 1
    revisions.set(stream, revision)
    eventSchemas[type].parse(data)
    return {
      position: PLACE * (i + 1),
      stream,
      revision,
      id: derivedId('spec', i),
      type,
      schemaVersion: 1,
      occurredAt,
      recordedAt: new Date(Date.parse(occurredAt) + 60_000).toISOString(),
      data,
      metadata: {
        commandId: derivedId('command', i),
        actor: { subject: 'spec', roles: [] },
        provenance: 'live',
        ...(findings ? { findings } : {}),
      },
    }
  })
}

interface Pages {
  /** Events a page. */
  readonly size: number
  /** The folding is opened again after every page, as after a crash. */
  readonly crashing?: boolean
  /** How often the whole history comes. */
  readonly times?: number
}

async function folded(
  { handles, concerns = () => true, open }: Projection,
  history: readonly RecordedEvent[],
  { size, crashing = false, times = 1 }: Pages,
): Promise<MemoryTables> {
  const tables = openMemoryTables()
  const events = history.filter((event) => (handles as readonly string[]).includes(event.type) && concerns(event))
  const past = pastOf(history)
  let folding = open()
  for (let time = 0; time < times; time++)
    for (let at = 0; at < events.length; at += size) {
      tables.apply(await folding.fold(events.slice(at, at + size), tables.rows, past))
      if (crashing) folding = open()
    }
  return tables
}

const rowsOf = (tables: MemoryTables, table: Table): readonly Row[] =>
  tables
    .all(table)
    .map((row) =>
      Object.fromEntries(
        Object.entries(table.columns).map(([name, type], i) => [name, valueOf(row[i] ?? null, type)] as const),
      ),
    )
const valueOf = (cell: Cell, type: string): unknown =>
  type === 'jsonb' && typeof cell === 'string' ? (JSON.parse(cell) as unknown) : cell

/**
 * Given what happened, when this happens too, then a table has these rows. The one helper of the specs of projections. The rows must be the same in one
 * page as in pages of one event with a crash behind each, as a rebuild makes them at once; and where a fold goes by streams, which may be read
 * again from an older place, also when everything comes twice.
 */
export function specification(projection: Projection) {
  return (...given: readonly Happened[]) => ({
    async when(...events: readonly Happened[]) {
      const history = recorded([...given, ...events])
      const tables = await folded(projection, history, { size: history.length })
      const other: Pages[] = [
        { size: 1, crashing: true },
        { size: 2 },
        ...(projection.byStream ? [{ size: 3, crashing: true, times: 2 }] : []),
      ]
      for (const pages of other) {
        const again = await folded(projection, history, pages)
        for (const table of projection.tables)
          expect(rowsOf(again, table), `${table.name}, ${JSON.stringify(pages)}`).toEqual(rowsOf(tables, table))
      }
      return {
        rows: (table: Table) => rowsOf(tables, table),
        /** Just these rows, in the order of their keys; columns that are not named may hold anything. */
        thenRows(table: Table, ...rows: readonly Row[]) {
          expect(rowsOf(tables, table)).toEqual(rows.map((row) => expect.objectContaining(row)))
          return this
        },
      }
    },
  })
}
