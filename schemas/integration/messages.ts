import type { Channel, Message } from '../stream/message.ts'
import { streams, type EventType } from '../streams.ts'

/** Every event as it is published. */
export const messages = Object.fromEntries(
  [...streams.definitions].map(([type, { message }]) => [type, message]),
) as Readonly<Record<EventType, Message>>

const byName: ReadonlyMap<string, EventType> = new Map(
  (Object.entries(messages) as [EventType, Message][]).map(([type, { name }]) => [name, type]),
)

export const eventTypeOf = (name: string): EventType | undefined => byName.get(name)
export const isEventType = (type: string): type is EventType => streams.definitions.has(type)

/** What the topic is about that an event of this type goes to. */
export const channelOf = (type: EventType): Channel => messages[type].channel
