import type pg from 'pg'
import { askedIds } from '../admission.ts'
import { gatherCalls, type GatherLimits } from '../gather.ts'
import { utcMicros } from '../moment.ts'
import type { EventStore, Receipt, RecordedEvent } from '../port.ts'
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
/** Several streams in one statement; each is read by its own index range, in the order in which they were asked for. */
const STREAMS = {
  name: 'es.streams',
  text: `select asked.n, ${EVENT_COLUMNS}
    from unnest($1::text[], $2::bigint[], $3::bigint[]) with ordinality as asked (stream, first, count, n),
      lateral (select * from es.event where stream = asked.stream and revision >= asked.first and revision < asked.first + asked.count
        order by revision) e
    order by asked.n, e.revision`,
}
const RECEIPTS = {
  name: 'es.receipts',
  text: `select ${RECEIPT_COLUMNS} from es.receipt where command_id = any($1::uuid[])`,
}
const HEAD = { name: 'es.head', text: 'select head from es.log' }
const EPOCH = { name: 'es.epoch', text: 'select epoch from es.log' }
const POSITION_AT = { name: 'es.position_at', text: 'select es.position_at($1::timestamptz)' }

/** A part of a stream, as one of several that are read together. */
interface Asked {
  readonly stream: string
  readonly from: number
  readonly limit: number
}
type StreamsRow = readonly [number, ...EventRow]

// While two groups of calls are under way the next one gathers: 64 open commands are then a few statements a turn instead of 64 each.
const GATHER: GatherLimits = { calls: 256, underWay: 2 }
/** A longer part of a stream is read by itself: others would wait for its rows. */
const SHORT = 1_000

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

  const readOne = async ({ stream, from, limit }: Asked): Promise<readonly RecordedEvent[]> =>
    (await rows<EventRow>(STREAM, [stream, from, limit])).map(eventOf)

  const readShort = gatherCalls<Asked, readonly RecordedEvent[]>(async (asked) => {
    const [only] = asked
    if (only && asked.length === 1) return [await readOne(only)]
    const read: RecordedEvent[][] = asked.map(() => [])
    const values = [asked.map(({ stream }) => stream), asked.map(({ from }) => from), asked.map(({ limit }) => limit)]
    for (const [n, ...row] of await rows<StreamsRow>(STREAMS, values)) read[n - 1]?.push(eventOf(row))
    return read
  }, GATHER)

  const readReceipts = gatherCalls<readonly string[], ReadonlyMap<string, Receipt>>(async (asked) => {
    const found = await rows<ReceiptRow>(RECEIPTS, [[...new Set(asked.flat())]])
    const receipts = new Map(found.map((row) => [row[0], receiptOf(row)]))
    return asked.map(() => receipts)
  }, GATHER)

  return {
    readStream: (stream, { from = 1, limit = WHOLE_STREAM } = {}) =>
      (limit <= SHORT ? readShort : readOne)({ stream, from, limit }),
    readAll: async (after, limit) => (await rows<EventRow>(ALL, [after, limit])).map(eventOf),
    async receipts(commandIds) {
      const asked = askedIds(commandIds)
      const found = asked.size === 0 ? new Map<string, Receipt>() : await readReceipts([...asked.keys()])
      return new Map(
        [...asked].flatMap(([id, written]) => {
          const receipt = found.get(id)
          return receipt ? [[written, receipt] as const] : []
        }),
      )
    },
    head: () => single<number>(HEAD),
    epoch: () => single<string>(EPOCH),
    positionAt: async (moment) => single<number>(POSITION_AT, utcMicros(moment)),
  }
}
