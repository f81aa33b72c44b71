import { parseArgs } from 'node:util'
import { ConfigurationError, readConfiguration } from '../../configuration/configuration.ts'
import { runCommand, WrongUse } from '../../process/command.ts'
import { reasonOf } from '../../process/reason.ts'
import { openEventStoreDb } from './store.ts'

/** To be run once after the server that EVENTSTORE_URL names was restored from a backup, while no process of the park runs. */
await runCommand(async ({ answer }) => {
  checkArguments()
  const { EVENTSTORE_URL } = readConfiguration()
  if (EVENTSTORE_URL === undefined) throw new ConfigurationError(['EVENTSTORE_URL: names no server'])
  const store = await openEventStoreDb({ url: EVENTSTORE_URL })
  const epoch = await store.beginEpoch()
  await store.close()
  answer({ epoch }, `${epoch}\n`)
  return 0
})

function checkArguments(): void {
  try {
    parseArgs({ options: { json: { type: 'boolean', default: false } } })
  } catch (error) {
    throw new WrongUse(
      `${reasonOf(error)}\nusage: node --import tsx infra/event-store/eventstoredb/begin-epoch.ts [--json]`,
    )
  }
}
