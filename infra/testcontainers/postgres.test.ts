import { Wait, type StartedTestContainer } from 'testcontainers'
import { afterAll, beforeAll, describe } from 'vitest'
import { eventStoreContract } from '../event-store/contract.ts'
import { openPostgresStore } from '../event-store/postgres/store.ts'
import { containerOf, engineMissing } from './engine.ts'

const missing = await engineMissing('the event store on PostgreSQL')

describe.skipIf(missing !== undefined)('the image of PostgreSQL', () => {
  let container: StartedTestContainer
  beforeAll(async () => {
    container = await containerOf('postgres')
      .withEnvironment({ POSTGRES_USER: 'wufei', POSTGRES_PASSWORD: 'test' })
      .withExposedPorts(5_432)
      // Once for the server that makes the data folder, once for the one that stays.
      .withWaitStrategy(Wait.forLogMessage(/ready to accept connections/, 2))
      .start()
  }, 300_000)
  afterAll(async () => {
    await container.stop()
  })

  eventStoreContract('PostgreSQL', async () =>
    openPostgresStore({ url: `postgres://wufei:test@${container.getHost()}:${container.getMappedPort(5_432)}/wufei` }),
  )
})
