import { afterAll, beforeAll, expect, test } from 'vitest'
import { importFolder } from '../../services/park/import/import-folder.ts'
import { openGatewayClient, type GatewayClient } from '../../services/park/import/remote/gateway-client.ts'
import { gatewayPark } from '../../services/park/import/remote/gateway-park.ts'
import { composedPark, type TestPark } from '../support/composed-park.ts'
import { freePort } from '../../infra/postgres/cluster.ts'

const BUNDLE = new URL('../../services/park/demo-bundle/', import.meta.url).pathname

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

test('books that were imported in the park itself change nothing when they come by its gateway, and the other way round', async () => {
  const here = await importFolder(BUNDLE, { runtime: park.park.runtime })
  expect([here.refused, here.accepted]).toEqual([0, here.rows])
  await park.runner.waitFor(await park.park.store.head(), 60_000)
  const head = await park.park.store.head()
  const through = await importFolder(BUNDLE, { park: gatewayPark(gateway) })
  expect(through).toMatchObject({ accepted: 0, refused: 0, unchanged: here.rows, events: 0 })
  const again = await importFolder(BUNDLE, { runtime: park.park.runtime })
  expect(again).toMatchObject({ accepted: 0, refused: 0, unchanged: here.rows, events: 0 })
  expect(await park.park.store.head()).toBe(head)
}, 240_000)
