import { expect, test } from 'vitest'
import { freshDatabase } from '../../../test/support/database.ts'
import { migrate } from '../../postgres/migrate.ts'
import { inSession } from '../../postgres/sessions.ts'
import { openPostgresIndex } from '../eventstoredb/postgres-index.ts'
import { openPostgresStore } from './store.ts'

const fixture = (name: string): URL => new URL(`../../../test/fixtures/migrations/${name}/`, import.meta.url)

const ids = (n: number): string => `0000000${n}-0000-4000-8000-000000000000`
const OLD_APPEND = `select outcome from es.append(
  array['${ids(1)}', '${ids(2)}']::uuid[], array['lot-1', 'lot-2'], array[0, 0]::bigint[], array[1, 1], array['a', 'b'],
  array[1, 2], array['${ids(3)}', '${ids(4)}']::uuid[], array['t', 't'], array[1, 1]::smallint[],
  array['2026-11-24T08:00:00+08:00', '2026-11-24T08:00:00+08:00'], array['{"data":{},"metadata":{}}', '{"data":{},"metadata":{}}'])`

test.each(['log-84b7fe3', 'log-87544e4'])(
  'a log of %s is brought to today: its events stay, a closed stream stays closed, and it takes new ones',
  async (edition) => {
    const { url, drop } = await freshDatabase()
    await inSession(url, async (client) => {
      await migrate(client, { part: 'event-store', directory: fixture(edition) })
      expect((await client.query(OLD_APPEND)).rows).toEqual([{ outcome: 'appended' }, { outcome: 'appended' }])
      await client.query(`select es.close_stream('lot-2')`)
    })
    const leaves = `select position::int, stream, leaf = es.leaf(position, stream, revision, id, type, schema_version, occurred_at, body) as sound from es.event order by 1`

    const store = await openPostgresStore({ url })
    try {
      const metadata = { commandId: ids(9), actor: { subject: 'test', roles: [] }, provenance: 'live' as const }
      const event = { type: 't', schemaVersion: 1, occurredAt: '2026-11-30T08:00:00+08:00', data: {}, metadata }
      const append = (n: number, stream: string, expected: number): ReturnType<typeof store.append> =>
        store.append({ commandId: ids(n), stream, expected, events: [event] })
      expect(await append(5, 'lot-1', 1)).toMatchObject({ outcome: 'appended', revision: 2 })
      expect(await append(6, 'lot-2', 1)).toMatchObject({ outcome: 'closed' })
      await inSession(url, async (client) => {
        expect((await client.query(leaves)).rows).toEqual(
          [
            [1, 'lot-1'],
            [2, 'lot-2'],
            [3, 'lot-1'],
          ].map(([position, stream]) => ({ position, stream, sound: true })),
        )
        expect((await client.query(`select to_regclass('es.stream') as old`)).rows).toEqual([{ old: null }])
      })
    } finally {
      await store.close()
    }
    // The second start finds nothing to do.
    await (await openPostgresStore({ url })).close()
    await drop()
  },
)

test('an index of EventStoreDB without its second index of receipts gets it', async () => {
  const { url, drop } = await freshDatabase()
  await inSession(url, (client) => migrate(client, { part: 'eventstoredb-index', directory: fixture('index-11267ab') }))
  const index = await openPostgresIndex(url)
  await index.close()
  await inSession(url, async (client) => {
    const { rows } = await client.query(`select to_regclass('esdb.receipt_position') is not null as there`)
    expect(rows).toEqual([{ there: true }])
  })
  await drop()
})
