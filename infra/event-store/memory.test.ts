import { expect, test } from 'vitest'
import { eventStoreContract } from './contract.ts'
import { openMemoryStore } from './memory.ts'

eventStoreContract('the store in memory', async () => openMemoryStore())

test('a clock that goes back does not take the log back', async () => {
  const moments = ['2025-12-06T00:00:02Z', '2025-12-06T00:00:01Z', '2025-12-06T00:00:03Z']
  const store = openMemoryStore({ now: () => moments.shift() ?? '' })
  for (const commandId of [
    '0198c0de-0000-7000-8000-000000000001',
    '0198c0de-0000-7000-8000-000000000002',
    '0198c0de-0000-7000-8000-000000000003',
  ]) {
    await store.append({
      stream: 'lot-1',
      expected: 'any',
      commandId,
      events: [
        {
          type: 'LotStored',
          schemaVersion: 1,
          occurredAt: '2025-12-06T08:00:00+08:00',
          data: {},
          metadata: { commandId, actor: { subject: 'u', roles: [] }, provenance: 'live' },
        },
      ],
    })
  }
  expect((await store.readStream('lot-1')).map(({ recordedAt }) => recordedAt)).toEqual([
    '2025-12-06T00:00:02.000000Z',
    '2025-12-06T00:00:02.000000Z',
    '2025-12-06T00:00:03.000000Z',
  ])
})
