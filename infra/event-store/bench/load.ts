import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { z } from 'zod'
import { accept, refusal, refuse, type Decider } from '../../../schemas/decision.ts'
import { grams } from '../../../schemas/values/mass.ts'
import { lotEvents, type LotEventOf } from '../../../schemas/lot/events.ts'
import { admit } from '../admission.ts'
import type { EventStore, NewEvent } from '../port.ts'
import { openPostgresStore } from '../postgres/store.ts'

/** A store on the database of a line, and a session beside it for the peer. */
export interface BenchStore {
  readonly store: EventStore
  readonly client: pg.Client
  close(): Promise<void>
}

export async function openBenchStore(databaseUrl: string): Promise<BenchStore> {
  const store = await openPostgresStore({ url: databaseUrl })
  const client = new pg.Client(databaseUrl)
  await client.connect()
  return {
    store,
    client,
    async close() {
      await store.close()
      await client.end()
    },
  }
}

const unit = '91320594088140947F'
/** Data of the commonest event, about 380 bytes with its metadata. */
export const STORED = {
  waste: { stream: 'hazardous', code: '900-249-08' },
  from: { at: 'generation', holder: unit, place: 'MF0001' },
  to: { at: 'collection', holder: unit, place: 'TS001' },
  grams: grams(54_000),
  whole: true,
} as const satisfies z.infer<typeof lotEvents.LotStored.schema>
export const OCCURRED_AT = '2025-12-06T08:52:00+08:00'

export const newEvent = (commandId: string): NewEvent => ({
  type: 'LotStored',
  schemaVersion: 1,
  occurredAt: OCCURRED_AT,
  data: STORED,
  metadata: { commandId, actor: { subject: 'u-1', unit, roles: ['recorder'] }, provenance: 'live' },
})

const StoreLot = z.strictObject({ occurredAt: z.iso.datetime({ offset: true }), data: lotEvents.LotStored.schema })

/** The simplest decider that still does a command's work: it parses what it was sent and guards a number. */
export const storing: Decider<{ readonly grams: number }, unknown, LotEventOf<'LotStored'>, undefined> = {
  initial: { grams: 0 },
  evolve: (state, { data }) => ({ grams: state.grams + data.grams }),
  decide(command, state) {
    const { occurredAt, data } = StoreLot.parse(command)
    if (state.grams + data.grams > 1_000_000_000_000) return refuse(refusal('rule-broken'))
    return accept([{ type: 'LotStored', occurredAt, data }])
  },
}

/**
 * The peer of P1: rows of the same shape into a table with the same indexes, 1,000 a commit, over one session; bodies and leaves are ready
 * beforehand. It checks nothing, hashes nothing and answers nobody.
 */
export async function openUnnestPeer(client: pg.Client, table: string): Promise<() => Promise<number>> {
  await client.query(`create table ${table} (like es.event including indexes)`)
  const ROWS = 1_000
  const { events } = admit({ stream: 'lot-1', expected: 0, commandId: randomUUID(), events: [newEvent(randomUUID())] })
  const body = events[0]?.body ?? ''
  let position = 0
  return async () => {
    const rows = Array.from({ length: ROWS }, () => ({
      position: ++position,
      stream: `lot-${randomUUID()}`,
      id: randomUUID(),
    }))
    await client.query({
      name: `insert into ${table}`,
      text: `insert into ${table} (position, stream, revision, id, type, schema_version, occurred_at, recorded_at, body, leaf)
        select position, stream, 1, id, 'LotStored', 1, $4, now(), body, '\\x${'ab'.repeat(32)}' from unnest($1::bigint[], $2::text[], $3::uuid[], $5::text[]) t (position, stream, id, body)`,
      values: [
        rows.map((row) => row.position),
        rows.map(({ stream }) => stream),
        rows.map(({ id }) => id),
        OCCURRED_AT,
        rows.map(() => body),
      ],
    })
    return ROWS
  }
}

/** Rows per second of the peer over some time. */
export async function peerRate(insert: () => Promise<number>, milliseconds: number): Promise<number> {
  const start = performance.now()
  let rows = 0
  while (performance.now() - start < milliseconds) rows += await insert()
  return (rows / (performance.now() - start)) * 1_000
}
