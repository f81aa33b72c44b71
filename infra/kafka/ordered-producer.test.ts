import { expect, test } from 'vitest'
import { KafkaUnavailable } from './faults.ts'
import { type AddressedRecord, openOrderedProducer } from './ordered-producer.ts'
import { partitionOf } from './partition.ts'
import type { OutgoingRecord } from './port.ts'

const record = (key: string, value: string, topic = 't'): OutgoingRecord => ({ topic, key, value, headers: {} })

/** Sends that end when and how the test says. */
function scripted() {
  const under: { readonly records: readonly AddressedRecord[]; end(fault?: Error): void }[] = []
  const producer = openOrderedProducer({
    partitionsOf: () => Promise.resolve(4),
    transmit: (records) =>
      new Promise<void>((done, failed) => {
        under.push({ records, end: (fault) => (fault ? failed(fault) : done()) })
      }),
    close: () => Promise.resolve(),
  })
  const settle = () => new Promise((done) => setImmediate(done))
  return { producer, under, settle }
}

const [a, b] = ['lot-1', 'lot-3']

test('of one partition one send is under way at a time; others do not wait for it', async () => {
  expect(partitionOf(a, 4)).not.toBe(partitionOf(b, 4))
  const { producer, under, settle } = scripted()
  const sends = [
    producer.send([record(a, '1')]),
    producer.send([record(a, '2')]),
    producer.send([record(b, '3')]),
    producer.send([record(a, '4'), record(b, '5')]),
  ]
  await settle()
  expect(under.map(({ records }) => records[0]?.value)).toEqual(['1', '3'])
  under[0]?.end()
  await settle()
  expect(under.map(({ records }) => records[0]?.value)).toEqual(['1', '3', '2'])
  under[1]?.end()
  await settle()
  expect(under).toHaveLength(3)
  under[2]?.end()
  await settle()
  expect(under[3]?.records.map(({ value }) => value)).toEqual(['4', '5'])
  under[3]?.end()
  await Promise.all(sends)
})

test('nothing follows a batch whose fate is not known, not even on another partition', async () => {
  const { producer, under, settle } = scripted()
  const sends = [producer.send([record(a, '1')]), producer.send([record(a, '2')])]
  const outcomes = Promise.allSettled(sends)
  await settle()
  under[0]?.end(new Error('connection closed'))
  expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  await expect(producer.send([record(b, '3')])).rejects.toThrow(KafkaUnavailable)
  expect(under).toHaveLength(1)
})
