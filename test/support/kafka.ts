import { type Brokers, type BrokersOptions, startBrokers } from '../../infra/kafka/broker/brokers.ts'
import { missingForBroker, projectLibraries } from '../../infra/kafka/broker/libraries.ts'

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

export const startTestBrokers = (options: BrokersOptions = {}): Promise<Brokers> =>
  startBrokers({ ...options, libraries })
