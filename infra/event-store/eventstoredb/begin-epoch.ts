import { ConfigurationError, readConfiguration } from '../../configuration/configuration.ts'
import { endPlainly } from '../../process/start.ts'
import { openEventStoreDb } from './store.ts'

// To be run once after the server that EVENTSTORE_URL names was restored from a backup, while no process of the park runs.
endPlainly()
const { EVENTSTORE_URL } = readConfiguration()
if (EVENTSTORE_URL === undefined) throw new ConfigurationError(['EVENTSTORE_URL: names no server'])
const store = await openEventStoreDb({ url: EVENTSTORE_URL })
process.stdout.write(`${await store.beginEpoch()}\n`)
await store.close()
