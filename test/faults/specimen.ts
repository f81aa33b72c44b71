import pg from 'pg'
import { admit } from '../../infra/event-store/admission.ts'
import type { AppendRequest, AppendResult, EventStore } from '../../infra/event-store/port.ts'
import { openPostgresStore } from '../../infra/event-store/postgres/store.ts'
import { openPool } from '../../infra/postgres/sessions.ts'
import { freshDatabase } from '../support/database.ts'
import { followTransactionally, type Follow } from './followers.ts'

/** What a run is made against: two processes' stores on one database, a third writer in plain SQL, and the way subscribers keep their books. */
export interface Specimen {
  readonly stores: readonly [EventStore, EventStore]
  /** Appends inside a longer transaction: writes something first, waits, appends, waits, then commits or takes it all back. */
  appendSlowly(
    request: AppendRequest,
    waits: { readonly before: number; readonly after: number; readonly rollback: boolean },
  ): Promise<AppendResult | undefined>
  readonly follow: Follow
  /** Ends one session of the stores, as a broken network does. */
  breakSession(kind: 'writer' | 'reader' | 'listener'): Promise<void>
  close(): Promise<void>
}

export interface SpecimenOptions {
  /** Run on the database after the schema stands: where a bug is seeded into it. */
  readonly seed?: (client: pg.Client) => Promise<void>
  readonly wrap?: (store: EventStore, url: string) => EventStore
  readonly follow?: Follow
  /** Requests a batch. */
  readonly batch?: number
}

const SLOW_APPENDERS = 6

export async function openSpecimen({
  seed,
  wrap = (store) => store,
  follow = followTransactionally,
  batch = 256,
}: SpecimenOptions = {}): Promise<Specimen> {
  const { url, drop } = await freshDatabase()
  const open = async (migrate: boolean): Promise<EventStore> =>
    wrap(await openPostgresStore({ url, migrate, readers: 3, batch: { requests: batch }, pollMs: 20 }), url)
  const first = await open(true)
  const chaos = new pg.Client(url)
  await chaos.connect()
  await chaos.query('create table public.audit (note text); grant insert on public.audit to wufei_app')
  await seed?.(chaos)
  const stores = [first, await open(false)] as const
  const slow = openPool({ connectionString: url, max: SLOW_APPENDERS, options: '-c role=wufei_app' })

  return {
    stores,
    follow,
    async appendSlowly(request, { before, after, rollback }) {
      const client = await slow.connect()
      try {
        // The early row gives this transaction its number long before its append: what tricks those who order by it.
        await client.query('begin')
        await client.query(`insert into public.audit values ('slow')`)
        await client.query('select pg_sleep($1)', [before / 1_000])
        const result = await appendOne(client, request)
        await client.query('select pg_sleep($1)', [after / 1_000])
        await client.query(rollback ? 'rollback' : 'commit')
        return rollback ? undefined : result
      } catch (error) {
        await client.query('rollback').catch(() => undefined)
        throw error
      } finally {
        client.release()
      }
    },
    async breakSession(kind) {
      await chaos.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'wufei event store: ' || $1 limit 1`,
        [kind],
      )
    },
    async close() {
      await Promise.all(stores.map((store) => store.close()))
      await slow.end()
      await chaos.end()
      await drop()
    },
  }
}

/** es.append for one request, called as any program of the services' role could. */
async function appendOne(client: pg.ClientBase, request: AppendRequest): Promise<AppendResult> {
  const { commandId, stream, expected, digest, events } = admit(request)
  const { rows } = await client.query(
    `select outcome[1], revision[1]::int, first_position[1]::int as "firstPosition", count[1], digest[1] as "firstDigest" from es.append(
       array[$1::uuid], array[$2], array[$3::bigint], array[$4::int], array[$5::text], array_fill(1, array[$4::int]), $6::uuid[], $7::text[], $8::smallint[], $9::text[], $10::text[])`,
    [
      commandId,
      stream,
      expected === 'any' ? null : expected,
      events.length,
      digest ?? null,
      events.map(({ id }) => id),
      events.map(({ type }) => type),
      events.map(({ schemaVersion }) => schemaVersion),
      events.map(({ occurredAt }) => occurredAt),
      events.map(({ body }) => body),
    ],
  )
  const { outcome, revision, firstPosition, count, firstDigest } = rows[0] as {
    outcome: AppendResult['outcome']
    revision: number
    firstPosition: number
    count: number
    firstDigest: string | null
  }
  switch (outcome) {
    case 'appended':
    case 'replayed': {
      const first = outcome === 'appended' ? digest : (firstDigest ?? undefined)
      return { outcome, stream, revision, position: firstPosition + count - 1, firstPosition, count, digest: first }
    }
    case 'conflict':
      return { outcome, revision }
    default:
      return { outcome }
  }
}
