import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import type { AppendRequest, EventStore } from '../../infra/event-store/port.ts'
import { eventOf, EVENT_COLUMNS, TYPES, type EventRow } from '../../infra/event-store/postgres/rows.ts'
import { EVENT_STORE_MIGRATIONS } from '../../infra/event-store/postgres/store.ts'
import { openSignal } from '../../infra/event-store/signal.ts'
import { subscribeByReading } from '../../infra/event-store/subscription.ts'
import { openPool } from '../../infra/postgres/sessions.ts'
import { followWith } from './followers.ts'
import type { SpecimenOptions } from './specimen.ts'

/** A mistake that event stores out there really made, and the check that must find it. */
export interface Bug {
  readonly name: string
  /** Where it was seen. */
  readonly seenIn: string
  /** The check that names it; others may find it too. */
  readonly caughtBy: string
  readonly specimen: SpecimenOptions
  /** Most events of one command, where the bug only makes sense with single ones. */
  readonly events?: number
}

const APPEND_SQL = readFileSync(new URL('0002-append.sql', EVENT_STORE_MIGRATIONS.directory), 'utf8')

/** Puts another es.append in place of ours: its own text with pieces exchanged. A piece that is no longer there fails the test. */
const exchanging =
  (...pieces: readonly (readonly [from: string, to: string])[]) =>
  async (client: pg.Client): Promise<void> => {
    const start = APPEND_SQL.indexOf('create function es.append(')
    let sql = APPEND_SQL.slice(start, APPEND_SQL.indexOf('end $$;', start) + 'end $$;'.length).replace(
      'create function',
      'create or replace function',
    )
    for (const [from, to] of pieces) {
      if (!sql.includes(from)) throw new Error(`es.append no longer holds: ${from}`)
      sql = sql.replaceAll(from, to)
    }
    await client.query(`create sequence es.sequence; ${sql}`)
  }

const LOCK = 'perform pg_advisory_xact_lock(77, 1);'
const HEAD = 'select l.head, greatest(l.recorded_at, clock_timestamp()) into base, moment from es.log l;'
const PAUSE = 'perform pg_sleep(random() * 0.004);'
const BY_SEQUENCE = `select nextval('es.sequence') - 1, clock_timestamp() into base, moment;`
const HEAD_FOLLOWS: readonly [string, string] = [
  'set head = base + appended.n',
  'set head = greatest(head, base + appended.n)',
]
/** Of one stream only one append at a time, as the stores below do it, so that positions are all that is wrong. */
const STREAM_LOCK =
  'perform pg_advisory_xact_lock(78, hashtext(s)) from (select distinct unnest(r_stream) as s order by 1) one;'

/** Reads the log in another order or from another cursor than ours. */
const readingBy =
  (where: string, order: string) =>
  (store: EventStore, url: string): EventStore => {
    const pool = openPool({ connectionString: url, max: 2, options: '-c timezone=UTC' })
    pool.on('error', () => undefined)
    const readAll: EventStore['readAll'] = async (after, limit) => {
      const { rows } = await pool.query({
        text: `select ${EVENT_COLUMNS} from es.event e where ${where} order by ${order} limit $2`,
        values: [after, limit],
        rowMode: 'array',
        types: TYPES,
      })
      return (rows as unknown as EventRow[]).map(eventOf)
    }
    return {
      ...store,
      readAll: store.readAll,
      subscribe: (after, onPage, options) => subscribeByReading({ readAll }, openSignal(), 5, after, onPage, options),
      async close() {
        await store.close()
        await pool.end()
      },
    }
  }

/** Looks at the revision first and then appends without any expectation. */
const checkThenWrite = (store: EventStore): EventStore => ({
  ...store,
  async append(request: AppendRequest) {
    const revision = (await store.readStream(request.stream)).length
    if (request.expected !== 'any' && request.expected !== revision) return { outcome: 'conflict', revision }
    return store.append({ ...request, expected: 'any' })
  },
})

/** Waits for notifications and for nothing else; a session that ended stays so. */
const onlyNotified = (store: EventStore, url: string): EventStore => {
  const changes = openSignal()
  const client = new pg.Client({ connectionString: url, application_name: 'wufei event store: listener' })
  client.on('error', () => undefined)
  client.on('notification', () => changes.raise())
  const listening = client.connect().then(() => client.query('listen es_appended'))
  return {
    ...store,
    subscribe: (after, onPage, options) =>
      subscribeByReading(store, changes, Number.POSITIVE_INFINITY, after, onPage, options),
    async close() {
      await listening
      await store.close()
      await client.end().catch(() => undefined)
    },
  }
}

export const bugs: readonly Bug[] = [
  {
    name: 'positions come from a sequence, readers poll what is greater',
    seenIn: 'bigserial logs; event-sourcing.md 0.2',
    caughtBy: 'no subscriber skips',
    events: 1,
    specimen: {
      batch: 1,
      seed: exchanging([LOCK, STREAM_LOCK], [HEAD, `${BY_SEQUENCE} ${PAUSE}`], HEAD_FOLLOWS),
      wrap: readingBy('e.position > $1', 'e.position'),
    },
  },
  {
    name: 'readers filter by position but order by transaction',
    seenIn: 'emmett-postgresql 0.42',
    caughtBy: 'no subscriber skips',
    events: 1,
    specimen: {
      batch: 1,
      seed: exchanging([LOCK, STREAM_LOCK], [HEAD, `${BY_SEQUENCE} ${PAUSE}`], HEAD_FOLLOWS),
      wrap: readingBy(
        'e.position > $1 and e.xmin::text::bigint < pg_snapshot_xmin(pg_current_snapshot())::text::bigint',
        'e.xmin::text::bigint, e.position',
      ),
    },
  },
  {
    name: 'the order of transactions is taken for the order of events',
    seenIn: 'xid logs; event-sourcing.md 1.2',
    caughtBy: 'a stream is in order for every subscriber',
    specimen: { wrap: readingBy('e.position > $1', 'e.xmin::text::bigint, e.position') },
  },
  {
    name: 'the position is read before the lock is taken',
    seenIn: 'locks added later',
    caughtBy: 'no call fails',
    specimen: { seed: exchanging([LOCK, ''], [HEAD, `${HEAD} ${PAUSE} ${LOCK}`]) },
  },
  {
    name: 'a rollback leaves a hole',
    seenIn: 'sequences under a lock',
    caughtBy: 'positions have no hole',
    events: 1,
    specimen: { batch: 1, seed: exchanging([HEAD, BY_SEQUENCE]), wrap: readingBy('e.position > $1', 'e.position') },
  },
  {
    name: 'no receipt is looked at',
    seenIn: 'at-least-once senders without an idempotency key',
    caughtBy: 'a command has one effect',
    specimen: {
      seed: exchanging(
        ['r.command_id is not null as seen', 'false as seen'],
        ["where verdict = 'appended'\n  ), moved", "where verdict = 'appended' on conflict do nothing\n  ), moved"],
      ),
    },
  },
  {
    name: 'a receipt answers for any stream',
    seenIn: 'idempotency keys without the request behind them',
    caughtBy: 'a reused command id is told',
    specimen: {
      seed: exchanging(['r.stream = asked.stream and coalesce(r.digest = asked.digest, true) as same', 'true as same']),
    },
  },
  {
    name: 'the revision is read, compared and then written without a lock',
    seenIn: 'event-sourcing.md 8.3',
    caughtBy: 'an expected revision is what it met',
    specimen: { wrap: checkThenWrite },
  },
  {
    name: 'a batch is judged against what stood before it, not against itself',
    seenIn: 'our own first draft',
    caughtBy: 'no call fails',
    specimen: {
      seed: exchanging([
        `coalesce(es.run(start, expected, n, seen or closed)
      over (partition by stream order by i rows between unbounded preceding and 1 preceding), start)`,
        'start',
      ]),
    },
  },
  {
    name: 'the checkpoint is kept before the effect',
    seenIn: 'auto-commit consumers',
    caughtBy: 'no subscriber skips',
    specimen: {
      follow: followWith(async (page, books, crashPoint) => {
        books.checkpoint = page.at(-1)?.position ?? books.checkpoint
        await crashPoint()
        books.effects.push(...page)
      }),
    },
  },
  {
    name: 'the checkpoint is kept apart from the effect',
    seenIn: 'event-sourcing.md 8.6',
    caughtBy: 'no subscriber acts twice',
    specimen: {
      follow: followWith(async (page, books, crashPoint) => {
        books.effects.push(...page)
        await crashPoint()
        books.checkpoint = page.at(-1)?.position ?? books.checkpoint
      }),
    },
  },
  {
    name: 'a subscriber trusts notifications alone',
    seenIn: 'Marten #4961',
    caughtBy: 'every subscriber comes to the end',
    specimen: { wrap: onlyNotified },
  },
  {
    name: 'a fault in a page is logged and the page is left behind',
    seenIn: 'swallowed subscription errors; event-sourcing.md 8.14',
    caughtBy: 'no subscriber skips',
    specimen: {
      follow: followWith(async (page, books, crashPoint) => {
        try {
          await crashPoint()
          books.effects.push(...page)
        } catch {
          // "Logged", as so many do.
        }
        books.checkpoint = page.at(-1)?.position ?? books.checkpoint
      }),
    },
  },
  {
    name: 'the events of a page are handled all at once',
    seenIn: 'Promise.all(events.map(publish)); event-sourcing.md 8.13',
    caughtBy: 'a stream is in order for every subscriber',
    specimen: {
      follow: followWith(async (page, books) => {
        await Promise.all(
          page.map(async (event) => {
            await delay((event.position * 7) % 5)
            books.effects.push(event)
          }),
        )
        books.checkpoint = page.at(-1)?.position ?? books.checkpoint
      }),
    },
  },
]
