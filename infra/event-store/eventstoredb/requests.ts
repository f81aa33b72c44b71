import { randomUUID } from 'node:crypto'
import type { AppendRequest, NewEvent } from '../port.ts'

/** Requests for tests and benchmarks of the adapter. */
export const anEvent = (note: number | string = 0): NewEvent => ({
  type: 'LotStored',
  schemaVersion: 1,
  occurredAt: '2025-12-06T08:52:00+08:00',
  data: { note },
  metadata: {
    commandId: '0198c0de-0000-7000-8000-000000000001',
    actor: { subject: 'u-1', roles: ['recorder'] },
    provenance: 'live',
  },
})

export const aRequest = (more: Partial<AppendRequest> = {}): AppendRequest => ({
  stream: `lot-${randomUUID()}`,
  expected: 0,
  commandId: randomUUID(),
  events: [anEvent()],
  ...more,
})
