import { afterAll, describe } from 'vitest'
import { freshDatabase } from '../../../test/support/database.ts'
import { eventStoreContract } from '../contract.ts'
import { openEventStoreDb } from './store.ts'

// Any server, whatever its log holds already: EVENTSTORE_URL=esdb://… npm run vitest -- infra/event-store/eventstoredb/given-server.test.ts
const url = process.env['EVENTSTORE_URL']
if (!url)
  process.stdout.write(
    'skipped: no EventStoreDB is named by EVENTSTORE_URL; the contract runs against the stand-in alone\n',
  )

describe.skipIf(!url)('the server that EVENTSTORE_URL names', () => {
  const databases: { drop(): Promise<void> }[] = []
  afterAll(async () => {
    for (const { drop } of databases) await drop()
  })

  eventStoreContract('EventStoreDB', async () => {
    const database = await freshDatabase()
    databases.push(database)
    return openEventStoreDb({ url: url ?? '', databaseUrl: database.url })
  })
})
