import { once } from 'node:events'
import { finished } from 'node:stream/promises'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import type { Cell, Table } from '../projection.ts'
import { qualified } from './statements.ts'

const CHUNK = 128 * 1024
const SPECIAL = /[\\\t\n\r]/
const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }

function cellText(cell: Cell): string {
  switch (typeof cell) {
    case 'string':
      return SPECIAL.test(cell) ? cell.replaceAll(/[\\\t\n\r]/g, (sign) => escapes[sign] ?? sign) : cell
    case 'number':
      return String(cell)
    case 'boolean':
      return cell ? 't' : 'f'
    default:
      return '\\N'
  }
}

export interface Copy {
  readonly rows: () => number
  write(rows: Iterable<readonly Cell[]>): Promise<void>
  /** Sends what is left and commits. */
  end(): Promise<void>
  abort(): void
}

/** Streams rows into one table on a connection of its own; the reader's pace is the writer's. */
export async function openCopy(pool: pg.Pool, schema: string, table: Table): Promise<Copy> {
  const client = await pool.connect()
  const columns = Object.keys(table.columns).map((column) => `"${column}"`)
  const stream = client.query(copyFrom(`copy ${qualified(schema, table.name)} (${columns.join(', ')}) from stdin`))
  let fault: Error | undefined
  stream.on('error', (error) => {
    fault = error
  })
  let text = ''
  let count = 0

  async function flush(): Promise<void> {
    if (fault) throw fault
    const chunk = text
    text = ''
    if (chunk !== '' && !stream.write(chunk)) await once(stream, 'drain')
  }

  return {
    rows: () => count,
    async write(rows) {
      for (const row of rows) {
        let line = ''
        for (let i = 0; i < row.length; i++) line += (i === 0 ? '' : '\t') + cellText(row[i] ?? null)
        text += `${line}\n`
        count++
        if (text.length > CHUNK) await flush()
      }
    },
    async end() {
      await flush()
      stream.end()
      await finished(stream)
      client.release()
    },
    abort: () => client.release(new Error('rebuild given up')),
  }
}
