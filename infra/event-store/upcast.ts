import { type DomainEvent, streams } from '../../schemas/streams.ts'
import type { RecordedEvent } from './port.ts'

/**
 * A recorded event as today's code knows it, its data in the newest schema.
 * @throws where it was written by a later version of this system: its meaning is not to be guessed at.
 */
export function upcast({
  type,
  schemaVersion,
  occurredAt,
  data,
}: Pick<RecordedEvent, 'type' | 'schemaVersion' | 'occurredAt' | 'data'>): DomainEvent {
  return { type, occurredAt, data: streams.newestData({ type, schemaVersion, data }) } as DomainEvent
}
