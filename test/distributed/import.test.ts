import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ImportJob } from '../../services/park/import/jobs.ts'
import { importFolder } from '../../services/park/import/import-folder.ts'
import { openGatewayClient, type GatewayClient } from '../../services/park/import/remote/gateway-client.ts'
import { gatewayPark } from '../../services/park/import/remote/gateway-park.ts'
import type { ImportResult } from '../../services/park/import/report.ts'
import { Books, emptyPark } from '../import/planted.ts'
import { writeBundle } from '../support/bundle/generate.ts'
import { manyProcesses, type ManyProcesses } from './many-processes.ts'

let park: ManyProcesses
let books: GatewayClient
let admin: string
let bundle: string

beforeAll(async () => {
  bundle = await mkdtemp(join(tmpdir(), 'wufei-bundle-'))
  await writeBundle(bundle, { seed: 3, units: 3, from: '2026-03-02', days: 8 })
  const spoilt = new Books(bundle)
  // A rule of the registry, a code in no list, more treated than came, and a count that nobody can make of the weighing.
  await spoilt.put('units', 2, '统一社会信用代码', (code) => `${code.slice(0, -1)}${code.endsWith('Y') ? 'X' : 'Y'}`)
  await spoilt.put('hw-generation', 3, '危险废物代码', () => '999-999-06')
  await spoilt.put('gisw-receipts', 1, '接收数量(吨)', () => '99999')
  await spoilt.put('trips', 1, '净重(kg)', () => '1')
  park = await manyProcesses()
  admin = await park.token('demo-admin')
  books = openGatewayClient({ origin: park.origin, clientId: 'demo-admin', clientSecret: 'demo' })
}, 120_000)
afterAll(async () => {
  books.close()
  await park.close()
  await rm(bundle, { recursive: true, force: true })
})

/** What does not depend on where the services are: how long it took, and events of policies, which a gateway does not tell. */
const told = ({ seconds: _, events: __, ...report }: ImportResult) => report

describe('books that are imported through a gateway', () => {
  test('are reported row by row as if the services were in the same process', { timeout: 120_000 }, async () => {
    const alone = await importFolder(bundle, { runtime: emptyPark() })
    const through = await importFolder(bundle, { park: gatewayPark(books) })
    expect(alone.refused).toBeGreaterThan(3)
    expect(told(through)).toEqual(told(alone))
    expect(through.events).toBeGreaterThan(through.accepted)
  })

  test('change nothing the second time', { timeout: 120_000 }, async () => {
    const again = await importFolder(bundle, { park: gatewayPark(books) })
    expect(again).toMatchObject({ accepted: 0, unchanged: again.rows - again.refused, events: 0 })
  })

  test('may also be uploaded, and are then sent to the services in the name of whoever uploads them', {
    timeout: 60_000,
  }, async () => {
    const units =
      '统一社会信用代码,单位名称,角色,行业代码,地址,园区内,管理类别,联系人,联系电话\n91350100M000100Y43,虚拟甲,产生单位,3973,,是,,,\n91350100M000100Y44,虚拟乙,产生单位,3973,,是,,,\n'
    for (const [dryRun, fate] of [
      [true, 'accepted'],
      [false, 'accepted'],
      [false, 'unchanged'],
    ] as const) {
      const { id } = (await (
        await park.post(admin, '/imports', { files: [{ name: 'units.csv', content: units }], dryRun })
      ).json()) as ImportJob
      const job = await finished(id)
      expect(job).toMatchObject({ state: 'done', report: { rows: 2, [fate]: 1, refused: 1 } })
    }
  })

  test('are nobody else’s business', async () => {
    const official = await park.token('demo-bureau')
    expect((await park.post(official, '/imports/recorded', { commands: [] })).status).toBe(403)
    const stranger = openGatewayClient({ origin: park.origin, clientId: 'demo-bureau', clientSecret: 'demo' })
    await expect(importFolder(bundle, { park: gatewayPark(stranger) })).rejects.toThrow('403')
    stranger.close()
    const unknown = openGatewayClient({ origin: park.origin, clientId: 'demo-admin', clientSecret: 'guessed' })
    await expect(importFolder(bundle, { park: gatewayPark(unknown) })).rejects.toThrow('gives no token')
    unknown.close()
  })
})

async function finished(id: string): Promise<ImportJob> {
  for (;;) {
    const job = (await (
      await fetch(`${park.origin}/api/v1/imports/${id}`, { headers: { authorization: `Bearer ${admin}` } })
    ).json()) as ImportJob
    if (job.state !== 'running') return job
    await pause(20)
  }
}
