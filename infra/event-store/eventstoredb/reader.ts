import { LRUCache } from 'lru-cache'
import { askedIds } from '../admission.ts'
import { utcMicros } from '../moment.ts'
import type { EventStore, Position, Receipt, RecordedEvent } from '../port.ts'
import type { Connection } from './connection.ts'
import { decode, placeOf } from './envelope.ts'
import { currentEpoch } from './epoch.ts'
import { patiently, type Patience } from './faults.ts'
import { inOrder, type Anchor, type LogIndex } from './log-index.ts'
import type { OwnAppends } from './own-appends.ts'

type Reading = Pick<EventStore, 'readStream' | 'readAll' | 'receipts' | 'head' | 'positionAt' | 'epoch'>

// Far more than a stream or a page will ever hold, and within what the server takes for a count.
const ALL = 2 ** 31 - 1
const FORWARD = 64
const STEP = 1_000
// Ends of pages that someone is likely to read on from.
const ENDS = 256

export function openReader(connection: Connection, index: LogIndex, own: OwnAppends, patience: Patience): Reading {
  const latestAtEnd = new LRUCache<Position, string>({ max: ENDS })

  /** Reads on from an anchor until the page is full, or the log ends. */
  async function nextOf(after: Position, limit: number, anchor: Anchor): Promise<readonly RecordedEvent[]> {
    // One more, because the server begins with the event that lies at a position.
    let count = Math.min(limit + 1, ALL)
    let { position: from, latest } = anchor
    let last: Position = anchor.position
    const found: RecordedEvent[] = []
    for (;;) {
      const read = await patiently(patience, () => connection.readAll(from, count))
      const fresh = read.flatMap((raw) => {
        const event = decode(raw)?.event
        return event && event.position > last ? event : []
      })
      const page = inOrder(fresh, latest)
      for (const event of page.events) if (event.position > after) found.push(event)
      const end = read.at(-1)
      if (!end || found.length >= limit || read.length < count)
        return found.length > limit ? found.slice(0, limit) : found
      // A stretch of others' events is crossed in longer and longer steps.
      if (fresh.length === 0) count = Math.max(count, Math.min(count * 4, STEP))
      from = placeOf(end)
      last = fresh.at(-1)?.position ?? last
      latest = page.latest
    }
  }

  async function readAll(after: Position, limit: number): Promise<readonly RecordedEvent[]> {
    const latest = latestAtEnd.get(after)
    const anchor =
      latest === undefined ? await patiently(patience, () => index.anchor(after)) : { position: after, latest }
    const events = await nextOf(after, limit, anchor)
    const end = events.at(-1)
    if (end) latestAtEnd.set(end.position, end.recordedAt)
    return events
  }

  async function head(): Promise<Position> {
    for (let count = 1; ; count = Math.min(count * 32, ALL)) {
      const read = await patiently(patience, () => connection.readAll('end', count))
      for (const event of read) {
        const found = decode(event)
        if (found) return found.event.position
      }
      if (read.length < count) return 0
    }
  }

  return {
    async readStream(stream, { from = 1, limit = ALL } = {}) {
      const read = await patiently(patience, () => connection.readStream(stream, from - 1, Math.min(limit, ALL)))
      const events = read.flatMap((event) => decode(event)?.event ?? [])
      const last = events.at(-1)
      if (last) own.read(stream, last.revision, last.position)
      return patiently(patience, () => index.stamp(events))
    },
    readAll,
    head,
    async receipts(commandIds) {
      const asked = askedIds(commandIds)
      const found =
        asked.size === 0
          ? new Map<string, Receipt>()
          : await patiently(patience, () => index.receipts([...asked.keys()]))
      return new Map([...found].map(([id, receipt]) => [asked.get(id) ?? id, receipt]))
    },
    async positionAt(moment) {
      const until = utcMicros(moment)
      // The index knows the last event of each command; those before it in the next command may belong here too.
      let position = await patiently(patience, () => index.lastBy(until))
      for (;;) {
        const page = await readAll(position, FORWARD)
        const known = page.filter(({ recordedAt }) => recordedAt <= until)
        position = known.at(-1)?.position ?? position
        if (known.length < FORWARD) return position
      }
    },
    epoch: () => patiently(patience, () => currentEpoch(connection, patience.callMs)),
  }
}
