import { eventSchemas, type EventType } from '../event.ts'
import { lawMessages } from './law.ts'
import { lotMessages } from './lots.ts'
import { manifestMessages } from './manifests.ts'
import type { Channel, Message } from './message.ts'
import { registryMessages } from './registry.ts'

/** Every event as it is told outside; the compiler holds that none is missing. */
export const messages: Readonly<Record<EventType, Message>> = {
  ...lotMessages,
  ...manifestMessages,
  ...registryMessages,
  ...lawMessages,
}

const types = Object.keys(eventSchemas) as readonly EventType[]
const byName: ReadonlyMap<string, EventType> = new Map(types.map((type) => [messages[type].name, type]))

export const eventTypeOf = (name: string): EventType | undefined => byName.get(name)
export const isEventType = (type: string): type is EventType => Object.hasOwn(messages, type)

/** What the topic is about that an event of this type goes to. */
export const channelOf = (type: EventType): Channel => messages[type].channel
