import { once } from 'node:events'
import { finished } from 'node:stream/promises'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import type { Cell, Table } from '../projection.ts'
import { openCopyText } from './copy-text.ts'
import { runDdl, type TableDdl } from './ddl.ts'
import { qualified } from './statements.ts'

// Every question goes by a key, so coarse statistics do; at the server's own target ANALYZE would be a third of all that the server does here.
const SETTINGS = { synchronous_commit: 'off', maintenance_work_mem: '256MB', default_statistics_target: '30' }

// A chunk is sent with the row that fills it; few rows are longer than a line.
const CHUNK = 128 * 1024
const LINE = 4 * 1024

/** One new table being filled: made, filled, indexed and analysed in one transaction on a connection of its own. */
export interface Copy {
  write(rows: Iterable<readonly Cell[]>): Promise<void>
  /** Sends what is left, makes the indexes and commits. */
  end(): Promise<void>
  abort(): void
}

/**
 * Streams rows into a table that does not exist yet; the server's pace is the writer's. The connection is taken with the first full chunk, so
 * that small tables need none until they end. The commit does not wait for the disk: the swap that makes the table count does.
 */
export function openCopy(pool: pg.Pool, schema: string, table: Table, ddl: TableDdl): Copy {
  const name = qualified(schema, table.name)
  const columns = Object.keys(table.columns).map((column) => `"${column}"`)
  let client: pg.PoolClient | undefined
  let stream: ReturnType<typeof copyFrom> | undefined
  let fault: Error | undefined
  let given = false
  const text = openCopyText(CHUNK + LINE)
  const onError = (error: Error) => {
    fault = error
  }

  async function opened(): Promise<NonNullable<typeof stream>> {
    if (stream) return stream
    const lent = await pool.connect()
    if (given) {
      lent.release()
      throw new Error('rebuild given up')
    }
    client = lent
    client.on('error', onError)
    await client.query(
      `begin; ${Object.entries(SETTINGS)
        .map(([setting, value]) => `set local ${setting} = '${value}'`)
        .join('; ')}`,
    )
    await runDdl(client, schema, [ddl.create])
    // Of a table of the same transaction rows come in frozen: who reads them next need not ask whether they are committed.
    stream = client.query(copyFrom(`copy ${name} (${columns.join(', ')}) from stdin (freeze)`))
    stream.on('error', onError)
    return stream
  }

  async function flush(): Promise<void> {
    const into = await opened()
    if (fault) throw fault
    if (text.size() > 0 && !into.write(text.take())) await once(into, 'drain')
  }

  return {
    async write(rows) {
      for (const row of rows) {
        text.add(row)
        if (text.size() > CHUNK) await flush()
      }
    },
    async end() {
      await flush()
      stream?.end()
      if (stream) await finished(stream)
      if (client) {
        await runDdl(client, schema, [...ddl.indexes, `analyze ${name}`, 'commit'])
        client.off('error', onError)
        client.release()
        client = undefined
      }
    },
    // A transaction that was not committed leaves nothing behind.
    abort() {
      given = true
      client?.release(new Error('rebuild given up'))
      client = undefined
    },
  }
}
