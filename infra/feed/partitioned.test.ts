import { describe, expect, test, vi } from 'vitest'
import { appendClaims } from '../../test/support/claims.ts'
import { aMember, batchOf, incoming, PREFIX, publishedOf, registry } from '../../test/support/group-member.ts'
import { openMemoryStore } from '../event-store/memory.ts'
import type { Kafka, Offset, OutgoingRecord, TopicPartition } from '../kafka/port.ts'
import { topicSpecifications } from '../relay/topics.ts'
import type { Page } from './feed.ts'
import { followPartitions, type Claim, type Share } from './partitioned.ts'

const lots: TopicPartition = { topic: `${PREFIX}.lots`, partition: 0 }

/** What is given of a partition. */
function aClaim(
  partition: TopicPartition,
  { after = 0, next }: { readonly after?: number; readonly next?: Offset } = {},
) {
  const pages: Page[] = []
  const claim: Claim = { ...partition, after, next, give: async (page) => void pages.push(page) }
  return {
    claim,
    positions: () => pages.flatMap(({ events }) => events.map(({ position }) => position)),
    upTo: () => pages.at(-1)?.upTo ?? 0,
  }
}

describe('a member of a group', () => {
  test('that no broker has answered yet does not wait for one when it is stopped', { timeout: 2_000 }, async () => {
    const connect = vi.fn(() => new Promise<Kafka>(() => undefined))
    const share: Share = {
      claim: () => Promise.resolve([]),
      release: () => undefined,
      onUnreadable: () => Promise.resolve(),
    }
    const options = {
      connect,
      store: openMemoryStore(),
      topics: topicSpecifications(PREFIX, 1),
      group: 'g',
      published: () => Promise.resolve(0),
    }
    const subscription = followPartitions(options, share)
    await vi.waitUntil(() => connect.mock.calls.length > 0)
    await subscription.stop()
    await subscription.done
  })

  test('goes by the newest assignment, however long an older one took to be claimed', async () => {
    const store = openMemoryStore()
    await appendClaims(store, 3)
    const [early, late] = [aClaim(lots), aClaim(registry)]
    let letGo = (): void => undefined
    const slow = new Promise<void>((resolve) => (letGo = resolve))
    const { group } = await aMember(store, {
      claim: ([partition]) =>
        partition?.topic === lots.topic ? slow.then(() => [early.claim]) : Promise.resolve([late.claim]),
    })
    const older = group.assigned([lots])
    const newer = group.assigned([registry])
    letGo()
    await Promise.all([older, newer])
    await group.onBatch(batchOf(incoming(await publishedOf(store))))
    expect(late.positions()).toEqual([1, 2, 3])
  })

  test('whose topic was made anew does not take its old place for the end of it', async () => {
    const store = openMemoryStore()
    await appendClaims(store, 8)
    const { claim, upTo } = aClaim(registry, { after: 3, next: 10 })
    const { broker, group } = await aMember(store, { published: 8, claim: () => Promise.resolve([claim]) })
    broker.high = 10
    await group.assigned([registry])
    broker.high = 5
    await new Promise((done) => setTimeout(done, 50))
    expect(upTo()).toBeLessThanOrEqual(3)
    broker.high = 10
    await vi.waitFor(() => expect(upTo()).toBe(8))
  })

  test('believes no record that says it lies where the log has not come yet', async () => {
    const store = openMemoryStore()
    await appendClaims(store, 2)
    const { claim, positions, upTo } = aClaim(registry)
    const { group } = await aMember(store, { claim: () => Promise.resolve([claim]) })
    await group.assigned([registry])
    const [first, second] = await publishedOf(store)
    const strange = {
      ...(second as OutgoingRecord),
      value: 'spoilt',
      headers: { ...second?.headers, position: '999999999999' },
    }
    await group.onBatch(batchOf(incoming([first as OutgoingRecord, strange])))
    expect(upTo()).toBe(2)
    await appendClaims(store, 1)
    await group.onBatch(batchOf(incoming((await publishedOf(store)).slice(1), 2)))
    expect(positions()).toEqual([1, 2, 3])
  })
})
