import { type Channel, CHANNELS } from '../../schemas/stream/message.ts'
import type { TopicSpecification } from '../kafka/port.ts'

export const DEFAULT_TOPIC_PREFIX = 'wufei'
export const DEFAULT_PARTITIONS = 6

/** Bytes of the largest batch: an event holds 1 MiB at most (`event-store/admission.ts`), and its envelope comes on top. */
const MAX_BATCH_BYTES = 4 * 1_024 * 1_024

/**
 * What must hold of a topic however the brokers are set: acknowledged is on two of them at least (on one where there is one copy only), and a copy that
 * lacks acknowledged records never leads.
 */
const SETTINGS = {
  'max.message.bytes': String(MAX_BATCH_BYTES),
  'min.insync.replicas': '2',
  'unclean.leader.election.enable': 'false',
}

export const topicOf = (channel: Channel, prefix: string = DEFAULT_TOPIC_PREFIX): string => `${prefix}.${channel}`

/** Names of all topics that together hold the log. */
export const topicsOf = (prefix: string = DEFAULT_TOPIC_PREFIX): readonly string[] =>
  CHANNELS.map((channel) => topicOf(channel, prefix))

/** The topics as they must be made. Their partitions are for ever: with another number keys would move, and with them the order of their events. */
export const topicSpecifications = (
  prefix: string = DEFAULT_TOPIC_PREFIX,
  partitions: number = DEFAULT_PARTITIONS,
): readonly TopicSpecification[] => topicsOf(prefix).map((topic) => ({ topic, partitions, settings: SETTINGS }))
