import { afterAll, beforeAll, expect, test } from 'vitest'
import { derivedId } from '../../infra/event-store/event-id.ts'
import type { UnitEvent } from '../../schemas/unit/events.ts'
import { admin, openDoor, producer, type Door } from './door.ts'
import { C, F, LONELY, NUMBER, P, T, tellPark } from './park.ts'

/** Master data that changed after the transfers of December 2025: what documents of then show, and where the changes are seen. */

const since = (unit: string, type: UnitEvent['type'], data: object, i: number) => ({ unit, type, data, i })
const changes = [
  since(P, 'UnitChanged', { name: '甲新材料', address: '新路1号', effectiveFrom: '2026-02-01' }, 1),
  // Recorded later, and earlier by its day.
  since(P, 'UnitChanged', { name: '甲化工', effectiveFrom: '2026-01-10' }, 2),
  since(P, 'FacilityClosed', { facility: 'TS001', effectiveFrom: '2026-03-01', reason: '拆除' }, 3),
  since(C, 'UnitChanged', { name: '丙物流', effectiveFrom: '2025-12-06' }, 4),
  since(LONELY, 'UnitClosed', { effectiveFrom: '2026-05-01', reason: '注销' }, 5),
  // A day that is yet to come.
  since(T, 'UnitChanged', { name: '丁环保', effectiveFrom: '2099-01-01' }, 6),
]

let door: Door
beforeAll(async () => {
  door = await openDoor(async (store) => {
    let position = await tellPark(store)
    for (const { unit, type, data, i } of changes) {
      const commandId = derivedId('change', i)
      const metadata = { commandId, actor: { subject: 'clerk', roles: ['admin'] }, provenance: 'live' as const }
      const events = [{ type, schemaVersion: 1, occurredAt: '2026-05-01T09:00:00+08:00', data, metadata }]
      const result = await store.append({ stream: `unit-${unit}`, expected: 'any', commandId, events })
      if (result.outcome !== 'appended') throw new Error(result.outcome)
      position = result.position
    }
    return position
  })
})
afterAll(async () => {
  expect(door.faults).toEqual([])
  await door.close()
})

test('a manifest shows the names that its parties had on the day of its filing, and what they are called now', async () => {
  const { data, errors } = await door.ask(
    admin,
    `{ manifest(number: "${NUMBER}") { consignorName receiverName consignor { name } legs { carrierName carrier { name } } } }`,
  )
  expect(errors).toEqual([])
  expect(data?.['manifest']).toEqual({
    consignorName: '甲厂',
    receiverName: '丁处置',
    consignor: { name: '甲新材料' },
    legs: [{ carrierName: '丙物流', carrier: { name: '丙物流' } }],
  })
})

test('the history of a unit says from when until when it was called what, and which event says so', async () => {
  const { data } = await door.ask(
    admin,
    `{ unit(code: "${P}") { name address closedFrom history { from to name address position } } }`,
  )
  expect(data?.['unit']).toMatchObject({
    name: '甲新材料',
    address: '新路1号',
    closedFrom: null,
    history: [
      { from: null, to: '2026-01-09', name: '甲厂', address: '甲厂 1号' },
      { from: '2026-01-10', to: '2026-01-31', name: '甲化工', address: '甲厂 1号' },
      { from: '2026-02-01', to: null, name: '甲新材料', address: '新路1号' },
    ],
  })
  const unit = data?.['unit'] as { history: readonly { position: string }[] } | undefined
  const position = unit?.history[1]?.position ?? ''
  const event = await door.ask(admin, `{ event(position: "${position}") { type actor { subject } data } }`)
  expect(event.data?.['event']).toMatchObject({
    type: 'cn.wufei.unit.changed.v1',
    actor: { subject: 'clerk' },
    data: { name: '甲化工', effectiveFrom: '2026-01-10' },
  })
})

test('a unit is found by every name that it ever had; a name of a day to come is not its name yet', async () => {
  const found = async (search: string) => {
    const { data } = await door.ask(
      admin,
      `{ units(filter: { search: "${search}" }) { totalCount nodes { code name } } }`,
    )
    return data?.['units']
  }
  for (const name of ['甲厂', '甲化工', '甲新材料'])
    expect(await found(name)).toEqual({ totalCount: 1, nodes: [{ code: P, name: '甲新材料' }] })
  expect(await found('丁环保')).toEqual({ totalCount: 1, nodes: [{ code: T, name: '丁处置' }] })
})

test('what is closed stays in sight with its day and its cause', async () => {
  const { data } = await door.ask(
    admin,
    `{ unit(code: "${P}") { facilities { code closedFrom history { from to endedBecause } } } gone: unit(code: "${LONELY}") { name closedFrom } }`,
  )
  expect(data).toEqual({
    unit: {
      facilities: [
        {
          code: 'TS001',
          closedFrom: '2026-03-01',
          history: [
            { from: null, to: '2026-02-28', endedBecause: null },
            { from: '2026-03-01', to: null, endedBecause: '拆除' },
          ],
        },
      ],
    },
    gone: { name: '戊厂', closedFrom: '2026-05-01' },
  })
})

test('another unit sees the former names of its partners, not their addresses, and nothing of units that it does not know', async () => {
  const { data } = await door.ask(
    producer(P),
    `{ carrier: unit(code: "${C}") { history { name address } } other: unit(code: "${F}") { history { name } } }`,
  )
  expect(data).toEqual({
    carrier: {
      history: [
        { name: '丙运输', address: null },
        { name: '丙物流', address: null },
      ],
    },
    other: null,
  })
})
