import { randomUUID } from 'node:crypto'
import type { EventStore, Position } from '../../infra/event-store/port.ts'

/** Appends claims of names, each in a stream of its own: the smallest events that every part of the system knows. Answers the head of the log. */
export async function appendClaims(store: EventStore, count: number): Promise<Position> {
  for (let i = 0; i < count; i++) {
    const commandId = randomUUID()
    const metadata = { commandId, actor: { subject: 's', roles: [] }, provenance: 'live' as const }
    const data = { kind: 'record', name: `n${i}`, by: 'lot-1' }
    const event = { type: 'NameClaimed', occurredAt: '2025-12-01T08:00:00+08:00', data, schemaVersion: 1, metadata }
    await store.append({ stream: `claim-${commandId}`, expected: 0, commandId, events: [event] })
  }
  return store.head()
}
