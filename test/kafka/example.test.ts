import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openMemoryStore } from '../../infra/event-store/memory.ts'
import type { Brokers } from '../../infra/kafka/broker/brokers.ts'
import { openKafka } from '../../infra/kafka/open.ts'
import { kafkaMissing, startTestBrokers } from '../support/kafka.ts'
import { storedEvents } from '../support/stored-events.ts'
import { tellLog } from '../support/telling.ts'
import { endWithUs } from '../../infra/process/end-with-us.ts'

const EXAMPLE = fileURLToPath(new URL('../../infra/kafka/examples/follow-lots.mjs', import.meta.url))

const missing = kafkaMissing('the example of a consumer')
describe.skipIf(missing !== undefined)('the example of a program outside', () => {
  let brokers: Brokers
  beforeAll(async () => {
    brokers = await startTestBrokers()
  })
  afterAll(() => brokers.stop())

  test('is told of a lot that was stored, once, though it was told twice', async () => {
    const store = openMemoryStore()
    for (const { stream, type, schemaVersion, occurredAt, data, metadata } of storedEvents())
      await store.append({
        stream,
        expected: 'any',
        commandId: metadata.commandId,
        events: [{ type, schemaVersion, occurredAt, data, metadata }],
      })
    const prefix = randomUUID()
    const kafka = await openKafka('kafkajs', { brokers: brokers.addresses, clientId: 'example' })
    for (let times = 0; times < 2; times++) await tellLog({ kafka, store, prefix })
    await kafka.close()

    const child = spawn(process.execPath, [EXAMPLE], {
      env: {
        ...process.env,
        KAFKA_BROKERS: brokers.addresses.join(','),
        KAFKA_TOPIC_PREFIX: prefix,
        KAFKA_GROUP: prefix,
        KAFKAJS_NO_PARTITIONER_WARNING: '1',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    endWithUs(child)
    const ended = once(child, 'exit')
    const lines: string[] = []
    const told = createInterface({ input: child.stdout })
    told.on('line', (line) => lines.push(line))
    await once(told, 'line')
    child.kill('SIGTERM')
    await ended
    expect(lines).toEqual([
      expect.stringMatching(/^2025-12-03T10:00:00\+08:00 lot-\S+ 54000 g into 913205942CL12TH3BX TS001$/),
    ])
  }, 60_000)
})
