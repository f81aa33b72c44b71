import type { EventStore } from '../../infra/event-store/port.ts'
import { openPostgresStore, type PostgresStoreOptions } from '../../infra/event-store/postgres/store.ts'
import { freshDatabase } from './database.ts'

export interface TestStore {
  readonly store: EventStore
  readonly url: string
  /** Closes the store and drops its database. */
  drop(): Promise<void>
}

/** The real store on a database of its own. */
export async function freshStore(options: Omit<PostgresStoreOptions, 'url'> = {}): Promise<TestStore> {
  const database = await freshDatabase()
  const store = await openPostgresStore({ ...options, url: database.url })
  return {
    store,
    url: database.url,
    async drop() {
      await store.close()
      await database.drop()
    },
  }
}
