import type { RecordedEvent } from '../../../infra/event-store/port.ts'
import { attributesOf, SOURCE, type Attributes } from '../../../schemas/integration/attributes.ts'

/** An event of the REST feed: the stored one, as CloudEvents 1.0. `position` is the `after` of the next question. */
export interface CloudEvent extends Attributes {
  /** `wufei.<event>.v<schema version>` */
  readonly type: string
  readonly data: object
}

/** Persons stay sealed in `data`, as they are in the log. */
export function cloudEvent(recorded: RecordedEvent): CloudEvent {
  const { type, schemaVersion, data } = recorded
  return { ...attributesOf(recorded, SOURCE), type: `wufei.${type}.v${schemaVersion}`, data }
}
