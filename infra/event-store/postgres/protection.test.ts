import { createHash, randomUUID } from 'node:crypto'
import canonicalize from 'canonicalize'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freshStore, type TestStore } from '../../../test/support/store.ts'
import type { NewEvent } from '../port.ts'

const serialize = canonicalize as unknown as (value: unknown) => string
const event: NewEvent = {
  type: 'LotStored',
  schemaVersion: 2,
  occurredAt: '2025-12-06T08:52:00.5+08:00',
  data: { z: 1, a: '入库 "1"\n', list: [1e21, -0] },
  metadata: { commandId: randomUUID(), actor: { subject: 'u', roles: [] }, provenance: 'live' },
}
const commandId = randomUUID()
let fresh: TestStore
let client: pg.Client

beforeAll(async () => {
  fresh = await freshStore()
  await fresh.store.append({ stream: 'lot-一 "1"', expected: 0, commandId, events: [event, event] })
  client = new pg.Client(fresh.url)
  await client.connect()
})
afterAll(async () => {
  await client.end()
  await fresh.drop()
})

const writes = ['es.event', 'es.receipt', 'es.closed_stream', 'es.log'].flatMap((table) => [
  `insert into ${table} select * from ${table}`,
  `update ${table} set ${table === 'es.log' ? 'head = 0' : `stream = 'x'`}`,
  `delete from ${table}`,
  `truncate ${table}`,
])

describe('the role of the services', () => {
  beforeAll(() => client.query('set role wufei_app').then(() => undefined))
  afterAll(() => client.query('reset role').then(() => undefined))

  test.each(writes)('may not: %s', async (statement) => {
    await expect(client.query(statement)).rejects.toThrow(/permission denied/)
  })
  test.each([
    `select es.close_stream('x')`,
    'select es.begin_epoch()',
    'alter table es.event disable trigger all',
    'drop table es.event',
    'create table es.other ()',
  ])('may not: %s', async (statement) => {
    await expect(client.query(statement)).rejects.toThrow(/permission denied|must be owner/)
  })
  test('reads the log', async () => {
    expect((await client.query('select count(*)::int as n from es.event')).rows).toEqual([{ n: 2 }])
  })
})

describe('the owner of the log', () => {
  const refused = writes.filter((statement) =>
    /event|receipt|closed/.test(statement) ? !statement.startsWith('insert') : /delete|truncate/.test(statement),
  )
  test.each(refused)('is refused too: %s', async (statement) => {
    await expect(client.query(statement)).rejects.toThrow(/append-only/)
  })
  test('closes a stream, and nothing more gets in', async () => {
    await fresh.store.append({ stream: 'lot-closed', expected: 0, commandId: randomUUID(), events: [event] })
    await client.query(`select es.close_stream('lot-closed')`)
    expect(
      await fresh.store.append({ stream: 'lot-closed', expected: 1, commandId: randomUUID(), events: [event] }),
    ).toEqual({ outcome: 'closed' })
    expect(await fresh.store.readStream('lot-closed')).toHaveLength(1)
  })
  test('begins a new epoch after a restore', async () => {
    const before = await fresh.store.epoch()
    await client.query('select es.begin_epoch()')
    expect(await fresh.store.epoch()).not.toBe(before)
  })
})

describe('what is kept', () => {
  test('the body is the canonical JSON of data and metadata, and the leaf the hash of the canonical envelope', async () => {
    const { rows } = await client.query<{ body: string; leaf: Buffer }>(
      `select body, leaf from es.event where stream = 'lot-一 "1"' order by revision`,
    )
    const read = await fresh.store.readStream('lot-一 "1"')
    for (const [index, { data, metadata, recordedAt, ...envelope }] of read.entries()) {
      const body = serialize({ data: event.data, metadata })
      expect(rows[index]?.body).toBe(body)
      expect(data).toEqual(JSON.parse(serialize(event.data)))
      const leaf = createHash('sha256')
        .update('\u0000')
        .update(serialize({ ...envelope, digest: 'sha256', body: { data, metadata } }))
        .digest()
      expect(rows[index]?.leaf.equals(leaf)).toBe(true)
      expect(recordedAt).toMatch(/Z$/)
    }
    expect(read).toHaveLength(2)
  })

  test('a clock that was set back does not take the log back', async () => {
    await client.query(`update es.log set recorded_at = '2999-01-01T00:00:00.25Z'`)
    await fresh.store.append({ stream: 'lot-late', expected: 0, commandId: randomUUID(), events: [event] })
    expect((await fresh.store.readStream('lot-late'))[0]?.recordedAt).toBe('2999-01-01T00:00:00.250000Z')
    expect(await fresh.store.positionAt('2998-12-31T23:59:59Z')).toBe((await fresh.store.head()) - 1)
  })

  test('positions have no hole', async () => {
    const { rows } = await client.query(
      'select count(*)::int as n, max(position)::int as last, (select head::int from es.log) as head from es.event',
    )
    expect(rows).toEqual([{ n: rows[0]?.last, last: rows[0]?.head, head: rows[0]?.head }])
  })
})
