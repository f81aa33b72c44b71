import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { parse } from 'csv-parse/sync'
import type { BookFile } from '../../services/park/import/read-books.ts'

/** One file of the books in memory: cells that can be spoilt, and bytes that can be. Rows count from 1, as in the report. */
export class Table {
  readonly name: string
  readonly header: string[]
  readonly rows: string[][]
  /** Lines that are written as they stand here instead of from their cells. */
  readonly raw = new Map<number, Buffer>()
  bom = false
  newline = '\n'

  constructor(name: string, records: string[][]) {
    const [header = [], ...rows] = records
    this.name = name
    this.header = header
    this.rows = rows
  }

  cell(row: number, column: string): string {
    return this.rows[row - 1]?.[this.header.indexOf(column)] ?? ''
  }

  put(row: number, column: string, value: string): void {
    const cells = this.rows[row - 1]
    const at = this.header.indexOf(column)
    if (cells === undefined || at < 0) throw new Error(`${this.name} has no row ${row} or no column ${column}`)
    cells[at] = value
  }

  line(row: number): string {
    return (this.rows[row - 1] ?? []).map(quoted).join(',')
  }

  bytes(): Buffer {
    const lines = [
      this.header.map(quoted).join(','),
      ...this.rows.map((_, at) => this.raw.get(at + 1) ?? this.line(at + 1)),
    ]
    const newline = Buffer.from(this.newline)
    return Buffer.concat([
      ...(this.bom ? [Buffer.from([0xef, 0xbb, 0xbf])] : []),
      ...lines.flatMap((line) => [Buffer.from(line), newline]),
    ])
  }
}

const quoted = (cell: string): string => (/[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)

export type Tables = Readonly<Record<string, Table>>

export async function readTables(folder: string): Promise<Tables> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.csv')).sort()
  const tables = files.map(async (file): Promise<[string, Table]> => {
    const name = basename(file, '.csv')
    return [name, new Table(name, parse(await readFile(join(folder, file)), { relax_column_count: true }))]
  })
  return Object.fromEntries(await Promise.all(tables))
}

export const filesOf = (tables: Tables): readonly BookFile[] =>
  Object.values(tables).map((table) => ({
    name: `${table.name}.csv`,
    async *bytes() {
      yield table.bytes()
    },
  }))
