import { expect, test } from 'vitest'
import { sharedDatabase } from '../../test/support/database.ts'
import { openMemoryStore } from '../event-store/memory.ts'
import type { Kafka } from '../kafka/port.ts'
import { openRelay } from './relay.ts'

const database = sharedDatabase()

test('a relay whose brokers are away does not wait for them when it is stopped', { timeout: 5_000 }, async () => {
  let asked = (): void => undefined
  const waiting = new Promise<void>((resolve) => (asked = resolve))
  const away = {
    watermarks() {
      asked()
      return new Promise(() => undefined)
    },
  } as unknown as Kafka
  const relay = await openRelay({ store: openMemoryStore(), kafka: away, databaseUrl: database.url, stopMs: 100 })
  await waiting
  await relay.stop()
  expect(relay.leads()).toBe(false)
})
