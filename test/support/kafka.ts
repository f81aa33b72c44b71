import { type Brokers, type BrokersOptions, startBrokers } from '../../infra/kafka/broker/brokers.ts'
import { missingForBroker, projectLibraries } from '../../infra/kafka/broker/libraries.ts'
import type { KafkaClient } from '../../infra/kafka/open.ts'
import { findPlatformatic, INSTALL } from '../../infra/kafka/platformatic/library.ts'

/** Jars of the broker: the project's own, or those of `KAFKA_LIBS`, so that several checkouts can share them. */
const libraries = process.env['KAFKA_LIBS'] ?? projectLibraries

/** Timeout of a hook that starts a broker, with much else under way on the machine. */
export const BROKER_START_MS = 200_000

/** Why there is no broker for tests; asked once, and said once by each file that needs one. */
export function kafkaMissing(what: string): string | undefined {
  const missing = missingForBroker(libraries)
  if (missing !== undefined) process.stdout.write(`skipped: ${what} needs a real broker; ${missing}\n`)
  return missing
}

/** Why a client cannot be tested: one of them is installed by hand. Said once by each file that needs it. */
export function clientMissing(client: KafkaClient, what: string): string | undefined {
  if (client === 'kafkajs' || findPlatformatic() !== undefined) return undefined
  const missing = `@platformatic/kafka is not installed; run: ${INSTALL}`
  process.stdout.write(`skipped: ${what} on ${client}: ${missing}\n`)
  return missing
}

export const startTestBrokers = (options: BrokersOptions = {}): Promise<Brokers> =>
  startBrokers({ ...options, libraries })
