/** The brokers did not answer as they should, for longer than it is tried again. What was sent is in doubt. */
export class KafkaUnavailable extends Error {
  override readonly name = 'KafkaUnavailable'
}

/** A topic has another number of partitions than it should. */
export class TopicMismatch extends Error {
  override readonly name = 'TopicMismatch'
}

/** A handler held its partition for too long. */
export class BatchTimeout extends Error {
  override readonly name = 'BatchTimeout'
}
