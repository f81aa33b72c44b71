import { LRUCache } from 'lru-cache'
import type { Position, Receipt } from '../port.ts'

/** What this process knows of a stream's end. */
export interface Tip {
  /** Number of events. */
  readonly revision: number
  /** Where the last of them lies. */
  readonly position: Position
  /** Up to here, events of others may be among them; behind it all are of appends that are remembered here. */
  readonly foreignUpTo: Position
}

/** The last appends of this process, by their commands, and the streams whose ends they are. */
export interface OwnAppends {
  receipt(command: string): Receipt | undefined
  remember(command: string, receipt: Receipt): void
  /** The end of a stream if it has this many events and everything that `Tip` says of it is remembered still. */
  tipAt(stream: string, revision: number): Tip | undefined
  /** A stream's end as it was read. */
  read(stream: string, revision: number, position: Position): void
}

const REMEMBERED = 50_000
const STREAMS = 50_000

export function openOwnAppends(): OwnAppends {
  const receipts = new Map<string, Receipt>()
  let count = 0
  const tips = new LRUCache<string, Tip & { readonly since: number }>({ max: STREAMS })

  return {
    receipt: (command) => receipts.get(command),
    remember(command, receipt) {
      receipts.set(command, receipt)
      count++
      if (receipts.size > REMEMBERED) {
        const [oldest] = receipts.keys()
        if (oldest !== undefined) receipts.delete(oldest)
      }
      const { stream, revision, position, count: events } = receipt
      const before = tips.get(stream)
      if (revision === events) tips.set(stream, { revision, position, foreignUpTo: 0, since: count })
      else if (before?.revision === revision - events)
        tips.set(stream, { revision, position, foreignUpTo: before.foreignUpTo, since: before.since })
      else if (!before || before.revision < revision) tips.delete(stream)
    },
    tipAt(stream, revision) {
      const tip = tips.get(stream)
      if (tip?.revision !== revision) return undefined
      return count - tip.since < REMEMBERED ? tip : { ...tip, foreignUpTo: tip.position }
    },
    read(stream, revision, position) {
      const before = tips.get(stream)
      if (!before || before.revision < revision)
        tips.set(stream, { revision, position, foreignUpTo: position, since: count })
    },
  }
}
