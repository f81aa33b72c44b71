import { Wait, type StartedTestContainer } from 'testcontainers'
import { afterAll, beforeAll, describe } from 'vitest'
import { eventStoreContract } from '../event-store/contract.ts'
import { openEventStoreDb } from '../event-store/eventstoredb/store.ts'
import { containerOf, engineMissing } from './engine.ts'

const missing = await engineMissing('EventStoreDB')

describe.skipIf(missing !== undefined)('the image of EventStoreDB, one node without TLS', () => {
  let container: StartedTestContainer
  beforeAll(async () => {
    container = await containerOf('eventstore-1')
      .withEnvironment({
        EVENTSTORE_INSECURE: 'true',
        EVENTSTORE_MEM_DB: 'true',
        EVENTSTORE_NODE_IP: '0.0.0.0',
        EVENTSTORE_TELEMETRY_OPTOUT: 'true',
      })
      .withExposedPorts(2_113)
      .withWaitStrategy(Wait.forHttp('/health/live', 2_113).forStatusCode(204))
      .start()
  }, 300_000)
  afterAll(async () => {
    await container.stop()
  })

  eventStoreContract('EventStoreDB', async () =>
    openEventStoreDb({ url: `esdb://${container.getHost()}:${container.getMappedPort(2_113)}?tls=false` }),
  )
})
