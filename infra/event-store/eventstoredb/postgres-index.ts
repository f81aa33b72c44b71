import { migrate, type Migrations } from '../../postgres/migrate.ts'
import type { Receipt } from '../port.ts'
import { BEGINNING, type IndexStorage, type Setback } from './log-index.ts'
import { inSession, openPool } from '../../postgres/sessions.ts'

const MIGRATIONS: Migrations = {
  part: 'eventstoredb-index',
  directory: new URL('migrations/', import.meta.url),
  formerly: [
    // In use on 2026-11-25 until 14:10 UTC (commit 11267ab; edited by 3444a44).
    {
      checksums: ['2b1741f4927b6f0bd2c8acd3652ccdfa8dfaaa6554e00f6e1b37e6e3dfccb504'],
      upgrade: new URL('formerly/2026-11-25.sql', import.meta.url),
      again: [],
    },
  ],
}

// Sessions; an index asks little and one after another.
const SESSIONS = 4

const LOAD = {
  name: 'esdb.load',
  text: 'select index_position::text as position, index_latest as latest from esdb.load($1)',
}
const SETBACKS = {
  name: 'esdb.setbacks',
  text: 'select from_position, until_position, moment from esdb.setback order by from_position',
}
const ADVANCE = {
  name: 'esdb.advance',
  text: `select esdb.advance($1, $2, $3, $4,
    $5::uuid[], $6::text[], $7::bigint[], $8::bigint[], $9::bigint[], $10::int[], $11::text[], $12::text[], $13::bigint[], $14::bigint[], $15::text[]) as advanced`,
}
const RECEIPTS = {
  name: 'esdb.receipts',
  text: 'select command_id, stream, revision, first_position, position, count, digest from esdb.receipt where command_id = any($1::uuid[])',
}
const LAST_BY = {
  name: 'esdb.last_by',
  text: 'select position from esdb.receipt where recorded_at <= $1 order by recorded_at desc, position desc limit 1',
}
const LAST_AT = {
  name: 'esdb.last_at',
  text: 'select position, recorded_at from esdb.receipt where position <= $1 order by position desc limit 1',
}

interface ReceiptRow {
  readonly command_id: string
  readonly stream: string
  readonly revision: string
  readonly first_position: string
  readonly position: string
  readonly count: number
  readonly digest: string | null
}

/** The index in PostgreSQL, for all processes of a park: what one of them has read, none of the others reads again. */
export async function openPostgresIndex(url: string): Promise<IndexStorage> {
  await inSession(url, (client) => migrate(client, MIGRATIONS))
  const pool = openPool({
    connectionString: url,
    max: SESSIONS,
    application_name: 'wufei event store: index',
    options: '-c jit=off',
  })

  const ask = gathered(async (commands) => {
    const { rows } = await pool.query<ReceiptRow>({ ...RECEIPTS, values: [commands] })
    return new Map(rows.map((row) => [row.command_id, receiptOf(row)]))
  })

  return {
    async load(epoch) {
      const { rows } = await pool.query<{ position: string; latest: string }>({ ...LOAD, values: [epoch] })
      const [row] = rows
      if (!row) throw new Error('esdb.load found no index: the schema esdb is not what its migrations made')
      const setbacks = await pool.query<{ from_position: string; until_position: string | null; moment: string }>(
        SETBACKS,
      )
      return {
        position: Number(row.position),
        latest: row.latest,
        setbacks: setbacks.rows.map(
          ({ from_position: from, until_position: until, moment }): Setback => ({
            from: Number(from),
            until: until === null ? undefined : Number(until),
            moment,
          }),
        ),
      }
    },
    async advance(epoch, from, { position, latest, receipts, setbacks }) {
      const { rows } = await pool.query<{ advanced: boolean }>({
        ...ADVANCE,
        values: [
          epoch,
          from,
          position,
          latest,
          receipts.map(({ command }) => command),
          receipts.map(({ stream }) => stream),
          receipts.map(({ revision }) => revision),
          receipts.map(({ firstPosition }) => firstPosition),
          receipts.map((receipt) => receipt.position),
          receipts.map(({ count }) => count),
          receipts.map(({ digest }) => digest ?? null),
          receipts.map(({ recordedAt }) => recordedAt),
          setbacks.map((setback) => setback.from),
          setbacks.map(({ until }) => until ?? null),
          setbacks.map(({ moment }) => moment),
        ],
      })
      return rows[0]?.advanced ?? false
    },
    async receipts(commands) {
      const found = await ask(commands)
      return new Map(
        commands.flatMap((command) => {
          const receipt = found.get(command)
          return receipt ? [[command, receipt] as const] : []
        }),
      )
    },
    async lastBy(moment) {
      const { rows } = await pool.query<{ position: string }>({ ...LAST_BY, values: [moment] })
      return Number(rows[0]?.position ?? 0)
    },
    async lastAt(position) {
      const { rows } = await pool.query<{ position: string; recorded_at: string }>({ ...LAST_AT, values: [position] })
      const [last] = rows
      return last ? { position: Number(last.position), latest: last.recorded_at } : BEGINNING
    },
    close: () => pool.end(),
  }
}

/** Questions in as few queries as may be: who asks while one is under way gathers with all others for the next. */
function gathered<T>(query: (keys: readonly string[]) => Promise<T>): (keys: readonly string[]) => Promise<T> {
  let keys: string[] = []
  let underWay: Promise<unknown> = Promise.resolve()
  let next: Promise<T> | undefined
  return (asked) => {
    keys.push(...asked)
    if (next) return next
    next = underWay
      .catch(() => undefined)
      .then(() => {
        const all = keys
        keys = []
        next = undefined
        return query(all)
      })
    underWay = next
    return next
  }
}

const receiptOf = ({ stream, revision, first_position: first, position, count, digest }: ReceiptRow): Receipt => ({
  stream,
  revision: Number(revision),
  position: Number(position),
  firstPosition: Number(first),
  count,
  digest: digest ?? undefined,
})
