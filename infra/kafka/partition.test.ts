import { Partitioners } from 'kafkajs'
import { expect, test } from 'vitest'
import { murmur2, partitionOf } from './partition.ts'

test('hashes are those of the Java client', () => {
  // org.apache.kafka.common.utils.UtilsTest#testMurmur2.
  const known = {
    '21': -973932308,
    foobar: -790332482,
    'a-little-bit-long-string': -985981536,
    'a-little-bit-longer-string': -1486304829,
  }
  for (const [text, hash] of Object.entries(known)) expect(murmur2(Buffer.from(text))).toBe(hash)
})

test('a key lies where kafkajs would put it', () => {
  const choose = Partitioners.DefaultPartitioner()
  for (let i = 0; i < 2_000; i++) {
    const key = `lot-${i.toString(36).repeat(i % 7)}-批次`
    const partitionMetadata = Array.from({ length: (i % 11) + 1 }, (_, partitionId) => ({
      partitionId,
      partitionErrorCode: 0,
      leader: 1,
      replicas: [1],
      isr: [1],
    }))
    expect(partitionOf(key, partitionMetadata.length)).toBe(
      choose({ topic: 't', partitionMetadata, message: { key, value: '' } }),
    )
  }
})
