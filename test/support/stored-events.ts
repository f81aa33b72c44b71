import { readdirSync, readFileSync } from 'node:fs'
import { derivedId } from '../../infra/event-store/event-id.ts'
import type { RecordedEvent } from '../../infra/event-store/port.ts'
import type { EventType } from '../../schemas/streams.ts'
import { messages } from '../../schemas/integration/messages.ts'

const folder = new URL('../fixtures/events/', import.meta.url)
const subjects: Readonly<Record<string, string>> = {
  lots: 'lot-0198c0de-0000-7000-8000-000000000101',
  manifests: 'manifest-0198c0de-0000-7000-8000-00000000a001',
}

/** Every event of every version that was ever stored, as one log. Positions have gaps: nobody may count on there being none. */
export const storedEvents = (): readonly RecordedEvent[] =>
  readdirSync(folder)
    .map(
      (file) =>
        JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Pick<
          RecordedEvent,
          'type' | 'schemaVersion' | 'occurredAt' | 'data'
        >,
    )
    .sort((a, b) => a.occurredAt.localeCompare(b.occurredAt))
    .map((event, i) => ({
      ...event,
      position: 7 * i + 3,
      stream: /^(Treatment|Mixture)/.test(event.type)
        ? 'treatment-0198c0de-0000-7000-8000-00000000c001'
        : (subjects[messages[event.type as EventType].channel] ?? `unit-${i}`),
      revision: i + 1,
      id: derivedId('fixture', i),
      recordedAt: '2026-01-01T00:00:00.123456Z',
      metadata: {
        commandId: derivedId('command', i),
        ...(i % 2 ? { causationId: derivedId('cause', i), correlationId: derivedId('first', i), reason: '补录' } : {}),
        actor: { subject: `s${i}`, roles: ['producer'], ...(i % 3 ? { unit: '913205942CL12TH3BX' } : {}) },
        provenance: 'book' as const,
        ...(i % 4
          ? {}
          : {
              findings: [
                { rule: 'R106', severity: 'WARN' as const, pointer: '/at', facts: { days: 3, by: 'consignor' } },
              ],
            }),
      },
    }))
