import { afterAll } from 'vitest'
import { freshDatabase } from '../../../test/support/database.ts'
import { eventStoreContract } from '../contract.ts'
import { openPostgresStore } from './store.ts'

const database = freshDatabase()
afterAll(async () => (await database).drop())

eventStoreContract('the store on PostgreSQL', async () => openPostgresStore({ url: (await database).url }))
