import { expect, test, vi } from 'vitest'
import { appendClaims } from '../../test/support/claims.ts'
import { aMember, batchOf, incoming, publishedOf, registry } from '../../test/support/group-member.ts'
import { openMemoryStore } from '../event-store/memory.ts'
import type { EventStore } from '../event-store/port.ts'
import type { IncomingRecord, Offset, OutgoingRecord } from '../kafka/port.ts'
import type { Claim } from './partitioned.ts'

/** More than a page of the store and more than one of the feed, so that a member can die between two of either. */
const EVENTS = 1_300

/** What the broker has of the partition. */
interface Topic {
  readonly records: readonly IncomingRecord[]
  readonly low: Offset
  readonly high: Offset
  /** What it had was deleted after the member had begun to read. */
  readonly cutOff?: boolean
}
const whole = (records: readonly OutgoingRecord[]): Topic => ({
  records: incoming(records),
  low: 0,
  high: records.length,
})
const positionOf = ({ headers }: OutgoingRecord): number => Number(headers.position)

/** Every way in which a partition may not say what the log says, at its end, where no later record shows it. */
const topics: readonly (readonly [string, (published: readonly OutgoingRecord[]) => Topic])[] = [
  ['everything', (all) => whole(all)],
  ['a hole before the last record', (all) => whole(all.filter((_, i) => i < 20 || i === EVENTS - 1))],
  ['holes longer than a page', (all) => whole(all.filter((one) => [2, 650, EVENTS].includes(positionOf(one))))],
  ['a last record that is spoilt', (all) => whole(all.map((one, i) => (i < EVENTS - 1 ? one : spoilt(one))))],
  ['a hole, then a spoilt record', (all) => whole([...all.slice(0, 9), ...all.slice(-1).map(spoilt)])],
  ['last records without a place', (all) => whole(all.map((one, i) => (i < EVENTS - 700 ? one : withoutPlace(one))))],
  ['records of another log', (all) => whole(all.map((one, i) => (i < 10 ? one : ofAnotherLog(one))))],
  ['nothing any more', () => ({ records: [], low: EVENTS, high: EVENTS })],
  ['nothing, because it was made anew', () => ({ records: [], low: 0, high: 0 })],
  ['its last records', (all) => ({ records: incoming(all.slice(-2), EVENTS - 2), low: EVENTS - 2, high: EVENTS })],
  ['nothing, deleted while it was read', () => ({ records: [], low: EVENTS, high: EVENTS, cutOff: true })],
]
const spoilt = (one: OutgoingRecord): OutgoingRecord => ({ ...one, value: 'spoilt' })
const withoutPlace = (one: OutgoingRecord): OutgoingRecord => ({ ...one, headers: {} })
const ofAnotherLog = (one: OutgoingRecord): OutgoingRecord => ({ ...one, headers: { ...one.headers, epoch: 'other' } })

test.each(topics)(
  'who follows a member that died after any page misses nothing: the topic has %s',
  async (_, topicOf) => {
    const store = openMemoryStore()
    await appendClaims(store, EVENTS)
    const topic = topicOf(await publishedOf(store))
    for (const begun of [false, true])
      for (let died = true, pages = 1; died; pages++) {
        const rows = openRows(begun)
        died = await live(store, topic, rows, pages)
        await live(store, topic, rows, Number.POSITIVE_INFINITY)
        expect(rows.positions, `died after ${pages} pages`).toEqual(Array.from({ length: EVENTS }, (__, i) => i + 1))
      }
  },
)

/** Rows of one partition with their checkpoint and offset, as a database keeps them. */
interface Rows {
  after: number
  next: Offset | undefined
  readonly positions: number[]
}
const openRows = (begun: boolean): Rows =>
  begun ? { after: 1, next: 1, positions: [1] } : { after: 0, next: undefined, positions: [] }

/** One member from its assignment until it has written so many pages, or all of the log. Answers whether it died before. */
async function live(store: EventStore, topic: Topic, rows: Rows, pages: number): Promise<boolean> {
  let left = pages
  const claim: Claim = {
    ...registry,
    after: rows.after,
    next: rows.next,
    give({ events, offsets, upTo = 0 }) {
      if (left === 0) return Promise.resolve()
      rows.positions.push(...events.map(({ position }) => position))
      rows.after = upTo
      rows.next = offsets.at(-1)?.next ?? rows.next
      if (--left === 0) group.revoked?.([registry])
      return Promise.resolve()
    },
  }
  const { broker, group, subscription } = await aMember(store, {
    published: EVENTS,
    claim: () => Promise.resolve([claim]),
  })
  Object.assign(broker, { low: topic.cutOff ? 0 : topic.low, high: topic.high })
  const [start] = await group.assigned([registry])
  Object.assign(broker, { low: topic.low })
  if (Number(start?.offset) < topic.low) group.outOfRange({ ...registry, ...broker, wanted: Number(start?.offset) })
  const fetched = topic.records.filter(({ offset }) => offset >= Number(start?.offset))
  if (fetched.length > 0) await group.onBatch(batchOf(fetched, () => left > 0))
  await vi.waitUntil(() => left === 0 || rows.after === EVENTS, { interval: 1 })
  await subscription.stop()
  return rows.after < EVENTS
}
