import { inspect } from 'node:util'
import { afterEach, describe, expect, test } from 'vitest'
import { freshDatabase } from '../../../test/support/database.ts'
import type { EventStore, RecordedEvent } from '../port.ts'
import type { NodeState } from '../stand-in/behaviour.ts'
import { startCluster, type Cluster } from '../stand-in/cluster.ts'
import { aRequest } from './requests.ts'
import { openEventStoreDb, type EventStoreDbOptions } from './store.ts'

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function aCluster(writeTimeoutMs = 150): Promise<Cluster> {
  const cluster = await startCluster({ behaviour: { writeTimeoutMs } })
  closers.push(() => cluster.close())
  return cluster
}
async function aStore(url: string, options: Partial<EventStoreDbOptions> = {}): Promise<EventStore> {
  const store = await openEventStoreDb({ url, patience: { callMs: 3_000, waitMs: 20 }, ...options })
  closers.push(() => store.close())
  return store
}

describe('a leader that was cut off from its cluster, while the other two have elected another one,', () => {
  test.each([
    ['knows it, and answers appends as not ready in their batch', true],
    ['does not know it yet, and gets no append to a quorum', false],
  ])('%s: 20 of 20 appends get in at the new leader', async (_, retired) => {
    const cluster = await aCluster()
    const old = cluster.leader()
    // By its own address, and by those of all three.
    const stores = await Promise.all([aStore(old.connectionString), aStore(cluster.connectionString)])
    for (const store of stores) await store.append(aRequest({ expected: 'any' }))
    await cluster.cutOff()
    if (retired) cluster.retire()

    const before = await cluster.kept.head()
    const times: number[] = []
    for (let i = 0; i < 20; i++) {
      const from = performance.now()
      const request = aRequest({ expected: i % 2 === 0 ? 0 : 'any' })
      expect(await (stores[i % 2] as EventStore).append(request)).toMatchObject({ outcome: 'appended' })
      times.push(performance.now() - from)
    }
    expect(await cluster.kept.head()).toBe(before + 20)
    // Only the first of each store goes by the node that was left; what it waits for there is that node's own time limit for writes.
    process.stdout.write(
      `appends after a partition, ${retired ? 'the old leader knows' : 'the old leader does not know'}: longest ${Math.max(...times).toFixed(0)} ms\n`,
    )
  })

  test('is left by those who only read, too, and a subscription goes on at the new leader', async () => {
    const cluster = await aCluster()
    const [reader, writer] = [
      await aStore(cluster.leader().connectionString, { watchMs: 50 }),
      await aStore(cluster.connectionString),
    ]
    const seen: RecordedEvent[] = []
    const subscription = reader.subscribe(0, async (page) => void seen.push(...page))
    await writer.append(aRequest())
    await expect.poll(() => seen.length, { timeout: 10_000 }).toBe(1)
    await cluster.cutOff()
    const { outcome } = await writer.append(aRequest())
    expect(outcome).toBe('appended')
    await expect.poll(() => seen.length, { timeout: 10_000 }).toBe(2)
    await subscription.stop()
    expect(await reader.readAll(0, 10)).toEqual(seen)
  })
})

describe('a node that does not lead and has been asked', () => {
  test.each<NodeState>(['unknown', 'discover-leader', 'pre-leader', 'resigning-leader', 'follower'])(
    'as %s, without a word of who leads, is left for the leader that gossip names',
    async (state) => {
      const cluster = await aCluster()
      const [, other] = cluster.nodes
      if (!other) throw new Error('a cluster has three nodes')
      other.behaviour.state = state
      other.behaviour.leader = undefined
      const store = await aStore(other.connectionString)
      const request = aRequest()
      expect(await store.append(request)).toMatchObject({ outcome: 'appended' })
      expect(await store.readStream(request.stream)).toHaveLength(1)
    },
  )

  test('is left for the leader also where the address of the cluster prefers followers and gives gossip no time', async () => {
    const cluster = await aCluster()
    const store = await aStore(
      `${cluster.connectionString}&node-preference=follower&gossipTimeout=0&maxDiscoverAttempts=1`,
    )
    const request = aRequest()
    expect(await store.append(request)).toMatchObject({ outcome: 'appended' })
    expect(await store.readStream(request.stream)).toHaveLength(1)
  })

  test('says where the leader is, and is left for it', async () => {
    const cluster = await aCluster()
    const follower = cluster.nodes[2]
    const store = await aStore(follower?.connectionString ?? '')
    expect(await store.append(aRequest())).toMatchObject({ outcome: 'appended' })
  })
})

test('an address of a cluster that cannot be parsed is refused at opening, by what is wrong with it and without its password', async () => {
  const url = 'esdb://admin:a-password@127.0.0.1:1,127.0.0.1:2?tls=perhaps'
  const refusal: unknown = await aStore(url).catch((error: unknown) => error)
  expect(refusal).toBeInstanceOf(TypeError)
  expect(String(refusal)).toMatch(/EVENTSTORE_URL.*"perhaps".*true or false/)
  expect(inspect(refusal)).not.toContain('a-password')
})

describe('an index that knows more than the node that answers', () => {
  test('waits for another node, and no advice is given to begin a new epoch', async () => {
    const cluster = await aCluster()
    const database = await freshDatabase()
    closers.push(() => database.drop())
    const writer = await aStore(cluster.connectionString, { databaseUrl: database.url })
    await writer.append(aRequest())
    const old = await cluster.cutOff()
    for (let i = 0; i < 5; i++) await writer.append(aRequest())
    expect((await writer.receipts([aRequest().commandId])).size).toBe(0)
    // A process that starts now and asks the node that was cut off; its watch is too slow to help.
    const late = await aStore(old.connectionString, { databaseUrl: database.url, watchMs: 60_000 })
    const known = await writer.readAll(0, 10)
    expect((await late.receipts([aRequest().commandId])).size).toBe(0)
    expect(await late.readAll(0, 10)).toEqual(known)
  })

  test('and no majority says who leads: the store is unavailable, and no new epoch is advised', async () => {
    const cluster = await aCluster()
    const database = await freshDatabase()
    closers.push(() => database.drop())
    const writer = await aStore(cluster.connectionString, { databaseUrl: database.url })
    await writer.append(aRequest())
    const old = await cluster.cutOff()
    await writer.append(aRequest())
    expect((await writer.receipts([aRequest().commandId])).size).toBe(0)
    await Promise.all(cluster.nodes.filter((node) => node !== old).map((node) => node.close()))
    const late = await aStore(old.connectionString, {
      databaseUrl: database.url,
      patience: { callMs: 300, waitMs: 5, tries: 2 },
    })
    const failure: unknown = await late.receipts([aRequest().commandId]).catch((error: unknown) => error)
    expect(failure).toMatchObject({ name: 'StoreUnavailable' })
    expect(String(failure)).not.toMatch(/new epoch/i)
  })
})
