import { afterAll } from 'vitest'
import { freshDatabase } from '../../../test/support/database.ts'
import { eventStoreContract } from '../contract.ts'
import { openPostgresStore } from '../postgres/store.ts'
import { startStandIn } from '../stand-in/server.ts'
import { openEventStoreDb } from './store.ts'

const inMemory = startStandIn()
afterAll(async () => (await inMemory).close())

eventStoreContract('EventStoreDB, its index in memory,', async () =>
  openEventStoreDb({ url: (await inMemory).connectionString }),
)

const onPostgres = (async () => {
  const database = await freshDatabase()
  const store = await openPostgresStore({ url: database.url })
  const standIn = await startStandIn({ store })
  return {
    database,
    standIn,
    async close() {
      await standIn.close()
      await store.close()
      await database.drop()
    },
  }
})()
afterAll(async () => (await onPostgres).close())

eventStoreContract('EventStoreDB, its index in PostgreSQL,', async () => {
  const { standIn, database } = await onPostgres
  return openEventStoreDb({ url: standIn.connectionString, databaseUrl: database.url })
})
