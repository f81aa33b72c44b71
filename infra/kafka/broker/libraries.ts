import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { javaMissing } from '../../process/java.ts'

/** Folder of the project with the jars of the broker, as `fetch.sh` fills it. */
export const projectLibraries = fileURLToPath(new URL('../../../.cache/kafka', import.meta.url))

/** Why no broker can be started on this machine and what helps; undefined where one can. */
export function missingForBroker(libraries: string = projectLibraries): string | undefined {
  const jars = existsSync(libraries) ? readdirSync(libraries) : []
  if (!jars.some((name) => name.startsWith('kafka_2.13-')))
    return `no Kafka jars in ${libraries}: run infra/kafka/broker/fetch.sh (Java 17 and Maven)`
  return javaMissing()
}
