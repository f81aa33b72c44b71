import type { DomainEvent } from '../../schemas/event.ts'
import { versionOf } from '../../schemas/event.ts'
import { upcasters } from '../../schemas/upcasters.ts'
import type { RecordedEvent } from './port.ts'

/** A recorded event as today's code knows it: its data led up, version by version, to the newest schema. */
export function upcast({ type, schemaVersion, occurredAt, data }: Pick<RecordedEvent, 'type' | 'schemaVersion' | 'occurredAt' | 'data'>): DomainEvent {
  let current: unknown = data
  for (let version = schemaVersion; version < versionOf(type as DomainEvent['type']); version++) {
    const step = upcasters[`${type}@${version}`]
    if (!step) throw new Error(`no upcaster leads from ${type} version ${version} on`)
    current = step(current)
  }
  return { type, occurredAt, data: current } as DomainEvent
}
