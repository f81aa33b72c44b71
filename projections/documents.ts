import { LRUCache } from 'lru-cache'
import type { Cell, Changes, Rows, Table } from './projection.ts'

/** The folded state of one stream, with the place of the newest event in it. */
export interface Document<S> {
  readonly state: S
  /** 0 for a stream of which nothing was folded yet. */
  readonly revision: number
  readonly position: number
}

/** How one table keeps documents, one a row; the first column of its key is the document's id. */
export interface DocumentShape<S> {
  readonly table: Table
  readonly initial: S
  toRow(id: string, document: Document<S>): readonly Cell[]
  fromRow(cells: readonly Cell[]): Document<S>
}

/** The documents that one page touches. */
export interface DocumentPage<S> {
  get(id: string): Document<S>
  put(id: string, document: Document<S>): void
  changes(): Changes
}

// Documents that pages in a row touch are kept; older ones are read again. 20,000 of a kilobyte each are a small part of a process.
const KEPT = 5_000

/** Opens a cache of documents over one table. What it keeps only ever equals the rows, or is newer by the page under way. */
export function openDocuments<S>(shape: DocumentShape<S>) {
  const kept = new LRUCache<string, Document<S>>({ max: KEPT })
  const unknown: Document<S> = { state: shape.initial, revision: 0, position: 0 }

  return {
    async page(ids: ReadonlySet<string>, rows: Rows): Promise<DocumentPage<S>> {
      const known = new Map<string, Document<S>>()
      const missing: string[] = []
      for (const id of ids) {
        const document = kept.get(id)
        if (document) known.set(id, document)
        else missing.push(id)
      }
      if (missing.length > 0)
        for (const cells of await rows.byKey(shape.table, missing)) known.set(String(cells[0]), shape.fromRow(cells))
      const existed = new Set(known.keys())
      const changed = new Set<string>()
      return {
        get: (id) => known.get(id) ?? unknown,
        put(id, document) {
          known.set(id, document)
          kept.set(id, document)
          changed.add(id)
        },
        changes() {
          const row = (id: string) => shape.toRow(id, known.get(id) ?? unknown)
          const ids = [...changed]
          return {
            table: shape.table,
            inserts: ids.filter((id) => !existed.has(id)).map(row),
            upserts: ids.filter((id) => existed.has(id)).map(row),
            deletes: [],
          }
        },
      }
    },
  }
}
