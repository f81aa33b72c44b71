import { describe, expect, test } from 'vitest'
import type { Runtime } from '../../infra/commanding/execute.ts'
import {
  closeUnit,
  deregisterVehicle,
  grantLicence,
  registerUnit,
  renewLicence,
} from '../../services/registry/commands.ts'
import { fileManifest } from '../../services/transport/commands.ts'
import { policies as transport } from '../../services/transport/policies.ts'
import { ADMIN, BUREAU, envelope, testRuntime } from '../support/runtime.ts'
import {
  at,
  CARRIER,
  CONSIGNOR,
  consignorActor,
  filing,
  furnish,
  LICENCE,
  licence,
  PLATE,
  RECEIVER,
} from '../support/transfers.ts'

/** Acts are judged by the master data of their own day, however late they are recorded and whatever changed since. */

// Half a year after the transfer of the sixth of December 2025.
const LATER = '2026-06-01T00:00:00.000Z'
const occurredAt = '2026-05-31T09:00:00+08:00'

async function park(): Promise<Runtime> {
  const runtime = testRuntime({ policies: transport, now: LATER })
  await furnish(runtime.store)
  return runtime
}
const file = (runtime: Runtime) => fileManifest(runtime, filing(), envelope({ actor: consignorActor }))
const { from: _from, to: _to, ...held } = licence().data

describe('a transfer of last December that is filed in June', () => {
  test('R09: is judged by what the licence covered then, though it was renewed under its number with other covers', async () => {
    const runtime = await park()
    const renewal = {
      unit: RECEIVER,
      number: LICENCE,
      from: '2026-01-01',
      to: '2030-12-31',
      covers: ['HW08'],
      occurredAt,
    }
    expect(await renewLicence(runtime, renewal, envelope({ actor: BUREAU }))).toMatchObject({
      status: 'done',
      events: 1,
    })
    expect(await file(runtime)).toMatchObject({ status: 'done' })
  })
  test('R09: is refused where the covers had changed by that day, and the same act a day before is not', async () => {
    const change = (effectiveFrom: string) => ({
      ...held,
      unit: RECEIVER,
      from: '2024-01-01',
      to: '2028-12-31',
      covers: ['HW08'],
      effectiveFrom,
      occurredAt,
    })
    for (const [day, status] of [
      ['2025-12-06', 'refused'],
      ['2025-12-07', 'done'],
    ] as const) {
      const runtime = await park()
      await grantLicence(runtime, change(day), envelope({ actor: BUREAU }))
      const outcome = await file(runtime)
      expect(outcome).toMatchObject({ status })
      if (outcome.status === 'refused') expect(outcome.refusals).toMatchObject([{ rule: 'R09' }])
    }
  })
  test('R17: goes with a vehicle that has left the carrier since, not with one that had left before', async () => {
    const leave = (effectiveFrom: string) => ({ unit: CARRIER, plate: PLATE, cause: '转让', effectiveFrom, occurredAt })
    const before = await park()
    await deregisterVehicle(before, leave('2025-12-01'), envelope({ actor: ADMIN }))
    expect(await file(before)).toMatchObject({ status: 'refused', refusals: [{ rule: 'R17' }] })
    const since = await park()
    await deregisterVehicle(since, leave('2026-01-01'), envelope({ actor: ADMIN }))
    expect(await file(since)).toMatchObject({ status: 'done' })
  })
  test('names a carrier that was closed since, not one that was closed by then', async () => {
    const close = (effectiveFrom: string) => ({ unit: CARRIER, cause: '注销', effectiveFrom, occurredAt })
    const before = await park()
    await closeUnit(before, close('2025-12-06'), envelope({ actor: ADMIN }))
    expect(await file(before)).toMatchObject({
      refusals: [{ code: 'party-unknown', facts: { unit: CARRIER, closedFrom: '2025-12-06' } }],
    })
    const since = await park()
    await closeUnit(since, close('2025-12-07'), envelope({ actor: ADMIN }))
    expect(await file(since)).toMatchObject({ status: 'done' })
  })
  test('has the address that its consignor had on that day', async () => {
    const runtime = await park()
    const moved = {
      unit: CONSIGNOR,
      name: `例${CONSIGNOR}`,
      roles: ['producer' as const],
      inside: true,
      address: '新路9号',
      effectiveFrom: '2026-03-01',
      occurredAt,
    }
    await registerUnit(runtime, moved, envelope({ actor: ADMIN }))
    await file(runtime)
    const log = await runtime.store.readAll(0, 1_000)
    const filed = log.find(({ type }) => type === 'ManifestFiled')
    expect(filed?.occurredAt).toBe(at(8))
    expect(filed?.data).toMatchObject({ consignor: { address: '示例路1号' } })
  })
})
