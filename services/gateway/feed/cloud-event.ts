import type { RecordedEvent } from '../../../infra/event-store/port.ts'
import type { Visibility } from '../../../infra/identity/visibility.ts'
import { toIntegration, asSeenByOthers, type SeenEvent } from '../../../schemas/integration/cloud-event.ts'

/**
 * An event of the REST feed: the one that Kafka has, from the same mapping (`schemas/integration`). Who acted, with which findings and why
 * so late is shown to the unit that it was for, to officials and to the book-keeper only.
 */
export function cloudEvent(recorded: RecordedEvent, sight: Visibility): SeenEvent {
  const event = toIntegration(recorded)
  return mayKnowInside(sight, event.data.actor.unit) ? event : asSeenByOthers(event)
}

function mayKnowInside({ all, units = [], streams = [] }: Visibility, unit: string | undefined): boolean {
  return all || (unit !== undefined && (streams.length > 0 || units.includes(unit)))
}
