import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePort } from '../../infra/postgres/cluster.ts'
import type { HoldEventOf } from '../../schemas/hold/events.ts'
import { upcast } from '../../infra/event-store/upcast.ts'
import { importFiles } from '../../services/park/import/import-folder.ts'
import { openGatewayClient, type GatewayClient } from '../../services/park/import/remote/gateway-client.ts'
import { gatewayPark } from '../../services/park/import/remote/gateway-park.ts'
import { composedPark, type TestPark } from '../support/composed-park.ts'
import { filesOf, readTables, type Tables } from './tables.ts'

const BUNDLE = new URL('../../services/park/demo-bundle/', import.meta.url).pathname
const LATER = /^(hw-(?!generation)|gisw|trips|opening-stock)/

let park: TestPark
let gateway: GatewayClient
beforeAll(async () => {
  const port = await freePort()
  park = await composedPark({ origin: `http://127.0.0.1:${port}` })
  await park.app.listen({ host: '127.0.0.1', port })
  gateway = openGatewayClient({ origin: `http://127.0.0.1:${port}`, clientId: 'demo-admin', clientSecret: 'demo' })
}, 60_000)
afterAll(async () => {
  gateway.close()
  await park.close()
})

/** The first rows of the book of generation; of those at `held` the code asks for a report that no column has (R04). */
async function booksWith(rows: number, held: readonly number[]): Promise<Tables> {
  const tables = await readTables(BUNDLE)
  const books = Object.fromEntries(Object.entries(tables).filter(([name]) => !LATER.test(name)))
  const generation = books['hw-generation']
  if (!generation) throw new Error('the demo has no book of generation')
  generation.rows.splice(rows)
  for (const row of held) {
    const label = generation.cell(row, '容器/包装编码')
    const code = generation.cell(row, '危险废物代码').replaceAll('-', '')
    generation.put(row, '危险废物类别', 'HW06')
    generation.put(row, '危险废物代码', '900-000-06')
    generation.put(row, '容器/包装编码', label.replace(code, '90000006'))
  }
  return books
}

async function heldLately(): Promise<{ readonly hold: string; readonly lot: string }> {
  const events = await park.park.store.readAll(0, 10_000)
  const last = events.findLast(({ type }) => type === 'CommandHeld')
  if (!last) throw new Error('nothing was held')
  const { data } = upcast(last) as HoldEventOf<'CommandHeld'>
  return { hold: last.stream.slice('hold-'.length), lot: data.subject }
}
const typesIn = async (stream: string) => (await park.park.store.readStream(stream)).map(({ type }) => type)

test.each([
  ['here', () => ({ runtime: park.park.runtime }), [1]],
  ['by the gateway', () => ({ park: gatewayPark(gateway) }), [1, 3]],
] as const)(
  'a row whose command is held counts as held, comes back to the same hold, and goes on once it is released: %s',
  async (_, where, at) => {
    const bring = async () => importFiles(filesOf(await booksWith(at.length * 2, at)), where())
    const first = await bring()
    expect(first).toMatchObject({ held: 1, refused: 0 })
    expect(first.problems.filter(({ severity }) => severity === 'HOLD')).toMatchObject([
      { file: 'hw-generation.csv', code: 'rule-held', rule: 'R04' },
    ])
    const { hold, lot } = await heldLately()
    // What comes before the command that waits is recorded, and what rests on it is not.
    expect(await typesIn(lot)).toEqual(['LotGenerated'])
    const head = await park.park.store.head()
    const second = await bring()
    expect(second).toMatchObject({ held: 1, accepted: 0, refused: 0, events: 0 })
    expect([await heldLately(), await park.park.store.head()]).toEqual([{ hold, lot }, head])

    const released = await park.app.inject({
      method: 'POST',
      url: `/api/v1/holds/${hold}/release`,
      headers: {
        authorization: `Bearer ${await park.token('demo-bureau')}`,
        'content-type': 'application/json',
        'idempotency-key': randomUUID(),
      },
      payload: JSON.stringify({ reason: '报告已核对' }),
    })
    expect(released.statusCode, released.body).toBe(200)
    const third = await bring()
    expect(third).toMatchObject({ held: 0, accepted: 1, refused: 0 })
    expect(await typesIn(lot)).toEqual(['LotGenerated', 'LotClassified', 'LotLabelled'])
    const [, classified] = await park.park.store.readStream(lot)
    expect(classified?.metadata).toMatchObject({ provenance: 'book', findings: [{ rule: 'R04', severity: 'HOLD' }] })
    expect(await bring()).toMatchObject({ held: 0, accepted: 0, refused: 0, events: 0, unchanged: third.rows })
  },
  240_000,
)
