import { expect, test } from 'vitest'
import { openMemoryStore } from '../../../infra/event-store/memory.ts'
import type { AppendRequest } from '../../../infra/event-store/port.ts'
import { derivedId } from '../../../infra/event-store/event-id.ts'
import { overlay } from './overlay-store.ts'

const request = (name: string, expected: number): AppendRequest => {
  const commandId = derivedId(name)
  return {
    stream: 'claim-record-a',
    expected,
    commandId,
    events: [
      {
        type: 'NameClaimed',
        schemaVersion: 1,
        occurredAt: '2026-03-02T08:00:00+08:00',
        data: { kind: 'record', name, by: 'x' },
        metadata: { commandId, actor: { subject: 'import', roles: ['admin'] }, provenance: 'book' },
      },
    ],
  }
}

test('what is appended on top is read after what lies below, and below nothing changes', async () => {
  const below = openMemoryStore()
  await below.append(request('one', 0))
  const above = overlay(below)
  expect(await above.append(request('two', 1))).toMatchObject({ outcome: 'appended', revision: 2, position: 2 })
  expect(
    (await above.readStream('claim-record-a')).map(({ revision, position, data }) => [
      revision,
      position,
      (data as { name: string }).name,
    ]),
  ).toEqual([
    [1, 1, 'one'],
    [2, 2, 'two'],
  ])
  expect(await above.readStream('claim-record-a', { from: 2, limit: 1 })).toMatchObject([
    { revision: 2, data: { name: 'two' } },
  ])
  expect(await above.head()).toBe(2)
  expect(await below.head()).toBe(1)
  expect(await below.readStream('claim-record-a')).toHaveLength(1)
})

test('expected revisions and command ids mean what they mean below', async () => {
  const below = openMemoryStore()
  await below.append(request('one', 0))
  const above = overlay(below)
  expect(await above.append(request('two', 0))).toEqual({ outcome: 'conflict', revision: 1 })
  expect(await above.append(request('one', 0))).toMatchObject({ outcome: 'replayed', revision: 1 })
  await above.append(request('two', 1))
  expect(await above.append(request('two', 1))).toMatchObject({ outcome: 'replayed', revision: 2 })
  expect(await above.append(request('three', 1))).toEqual({ outcome: 'conflict', revision: 2 })
  expect(
    [...(await above.receipts([derivedId('one'), derivedId('two'), derivedId('x')])).values()].map(
      ({ revision }) => revision,
    ),
  ).toEqual([1, 2])
})
