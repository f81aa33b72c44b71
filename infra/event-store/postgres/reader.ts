import type pg from 'pg'
import { askedIds } from '../admission.ts'
import { utcMicros } from '../moment.ts'
import type { EventStore } from '../port.ts'
import { type Patience, withPatience } from './connection.ts'
import { EVENT_COLUMNS, eventOf, RECEIPT_COLUMNS, receiptOf, TYPES, type EventRow, type ReceiptRow } from './rows.ts'

// Positions have no holes here, so a page is a range of the primary key: the plan is the same on the first page and on the last.
const ALL = {
  name: 'es.all',
  text: `select ${EVENT_COLUMNS} from es.event e where e.position > $1 and e.position <= $1 + $2::bigint order by e.position`,
}
const STREAM = {
  name: 'es.stream',
  text: `select ${EVENT_COLUMNS} from es.event e where e.stream = $1 and e.revision >= $2 and e.revision < $2 + $3::bigint order by e.revision`,
}
const RECEIPTS = {
  name: 'es.receipts',
  text: `select ${RECEIPT_COLUMNS} from es.receipt where command_id = any($1::uuid[])`,
}
const HEAD = { name: 'es.head', text: 'select head from es.log' }
const EPOCH = { name: 'es.epoch', text: 'select epoch from es.log' }
const POSITION_AT = { name: 'es.position_at', text: 'select es.position_at($1::timestamptz)' }

// More events than any stream will ever hold, and far below 2^53.
const WHOLE_STREAM = 2 ** 40

/** Every reading here goes by a key. A plan that was made while the tables were small must not go on to scan them when they have grown. */
export const READER_SETTINGS = { enable_seqscan: 'off', enable_bitmapscan: 'off' }

type Reading = Pick<EventStore, 'readStream' | 'readAll' | 'receipts' | 'head' | 'positionAt' | 'epoch'>

export function openReader(pool: pg.Pool, patience: Patience): Reading {
  const rows = <R>(query: { name: string; text: string }, values: unknown[]): Promise<readonly R[]> =>
    withPatience(
      patience,
      async () => (await pool.query({ ...query, values, rowMode: 'array', types: TYPES })).rows as unknown as R[],
    )
  const single = async <T>(query: { name: string; text: string }, ...values: unknown[]): Promise<T> => {
    const [row] = await rows<readonly [T]>(query, values)
    if (!row) throw new Error(`${query.name} found no log: the schema es is not what its migrations made`)
    return row[0]
  }

  return {
    readStream: async (stream, { from = 1, limit = WHOLE_STREAM } = {}) =>
      (await rows<EventRow>(STREAM, [stream, from, limit])).map(eventOf),
    readAll: async (after, limit) => (await rows<EventRow>(ALL, [after, limit])).map(eventOf),
    async receipts(commandIds) {
      const asked = askedIds(commandIds)
      const found = asked.size === 0 ? [] : await rows<ReceiptRow>(RECEIPTS, [[...asked.keys()]])
      return new Map(found.map((row) => [asked.get(row[0]) ?? row[0], receiptOf(row)]))
    },
    head: () => single<number>(HEAD),
    epoch: () => single<string>(EPOCH),
    positionAt: async (moment) => single<number>(POSITION_AT, utcMicros(moment)),
  }
}
