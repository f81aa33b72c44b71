import { openKafkajs } from './kafkajs/kafka.ts'
import { openPlatformatic } from './platformatic/kafka.ts'
import type { Kafka } from './port.ts'
import type { KafkaConnection } from './settings.ts'

export const kafkaClients = ['kafkajs', 'platformatic'] as const
export type KafkaClient = (typeof kafkaClients)[number]

/**
 * @throws KafkaUnavailable where no broker answers
 * @throws ConfigurationError where the client is one that is installed by hand, and is not
 */
export function openKafka(client: KafkaClient, connection: KafkaConnection): Promise<Kafka> {
  switch (client) {
    case 'kafkajs':
      return openKafkajs(connection)
    case 'platformatic':
      return openPlatformatic(connection)
  }
}
