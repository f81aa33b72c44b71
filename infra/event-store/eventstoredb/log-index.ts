import type { AllStreamResolvedEvent } from './client.ts'
import { LRUCache } from 'lru-cache'
import { StoreRefused, StoreUnavailable } from '../faults.ts'
import type { Position, Receipt, RecordedEvent } from '../port.ts'
import { decode, placeOf, type Entry } from './envelope.ts'
import { IndexAhead } from './faults.ts'
import { looks, pause } from './looks.ts'

/** A stretch of the log in which the server's clock stood behind a moment that it had told before; `until` is open while it still does. */
export interface Setback {
  readonly from: Position
  readonly until: Position | undefined
  readonly moment: string
}

export interface IndexedReceipt extends Receipt {
  readonly command: string
  /** Of its last event. */
  readonly recordedAt: string
}

/** How far an index goes, and what moments need to be right. */
export interface IndexState {
  readonly position: Position
  /** The highest moment up to there, '' for none. */
  readonly latest: string
  readonly setbacks: readonly Setback[]
}

/** The end of a command in the log, or its beginning, and the highest moment up to there. */
export interface Anchor {
  readonly position: Position
  readonly latest: string
}
export const BEGINNING: Anchor = { position: 0, latest: '' }

export interface IndexPage extends IndexState {
  readonly receipts: readonly IndexedReceipt[]
}

/** Where an index is kept. Several processes may share one. */
export interface IndexStorage {
  /** What is kept for this epoch; whatever was kept for another one is dropped. */
  load(epoch: string): Promise<IndexState>
  /** Adds a page that begins where the index ends; false where it does not end there any more. The first receipt of a command stays. */
  advance(epoch: string, from: Position, page: IndexPage): Promise<boolean>
  receipts(commands: readonly string[]): Promise<ReadonlyMap<string, Receipt>>
  /** Position of the last receipt recorded at or before a moment, 0 for none. */
  lastBy(moment: string): Promise<Position>
  /** The last receipt that ends at or before a position. */
  lastAt(position: Position): Promise<Anchor>
  close(): Promise<void>
}

/**
 * What EventStoreDB does not know and the port promises, all of it a pure function of the log: which command lies where, and a moment of
 * recording that never goes back. It is read from `$all` as far as it is asked for.
 */
export interface LogIndex {
  /** Receipts of these commands (lower case). Complete for everything that was acknowledged before the call. */
  receipts(commands: readonly string[]): Promise<ReadonlyMap<string, Receipt>>
  /** The receipt of a command as far as the index goes. */
  lookUp(command: string): Promise<Receipt | undefined>
  /** Reads on until the index goes at least so far. */
  cover(position: Position): Promise<void>
  lastBy(moment: string): Promise<Position>
  /** Events from anywhere, with the moments that the port promises. */
  stamp(events: readonly RecordedEvent[]): Promise<readonly RecordedEvent[]>
  /**
   * Where to begin in order to read what lies behind any position, be it one of an event or not: the server takes none but those of events.
   * Events up to the position that was asked for may come first.
   */
  anchor(position: Position): Promise<Anchor>
  close(): Promise<void>
}

// More than a command may append, so that a full page always holds a whole command.
const PAGE = 2_000
const KNOWN = 50_000
// How often another process may be quicker to write a page of the index.
const LOSSES = 100
export interface IndexSource {
  readAll(from: Position, count: number): Promise<readonly AllStreamResolvedEvent[]>
  epoch(): Promise<string>
  /** Whether the node that is asked leads, by the word of most of its cluster; see nodes.ts. */
  confirmLeader(): Promise<boolean>
  /** How long to look for what is about to come; milliseconds. */
  readonly lookMs: number
}

export function openLogIndex(source: IndexSource, storage: IndexStorage): LogIndex {
  const known = new LRUCache<string, Receipt>({ max: KNOWN })
  let epoch: string | undefined
  let state: IndexState = { position: 0, latest: '', setbacks: [] }
  // Reading goes on behind what was seen, also where that was the server's own and is not worth keeping.
  let seen: Position = 0

  async function load(): Promise<void> {
    const current = await source.epoch()
    const kept = await storage.load(current)
    if (kept.position > 0 && !(await holds(kept.position))) await lookAgain(kept.position)
    epoch = current
    state = kept
    seen = kept.position
  }

  async function holds(position: Position): Promise<boolean> {
    try {
      const [event] = await source.readAll(position, 1)
      return event !== undefined && placeOf(event) === position
    } catch (error) {
      // Another log has no record that begins there.
      if (error instanceof StoreRefused && error.reason === 'invalid-position') return false
      throw error
    }
  }

  /**
   * A node that does not lead may know less than the index, and answers all the same. So the log is called another one only where the node that says so
   * is the leader by the word of most of its cluster, or has none, and still says so after the time that a call may take.
   * @throws IndexAhead then; StoreUnavailable where it cannot be told
   */
  async function lookAgain(position: Position): Promise<void> {
    let sure = false
    for await (const _ of looks(source.lookMs)) {
      sure = await source.confirmLeader()
      if (await holds(position)) return
    }
    if (sure)
      throw new IndexAhead(
        `the log holds no event at ${position}, where its index ends, and its leader was asked for ${source.lookMs} ms: ` +
          'was it restored from a backup? If it was, stop all processes of the park and begin a new epoch (README)',
      )
    throw new StoreUnavailable(
      `the node that answers holds no event at ${position}, where the index of the log ends, and most of its cluster does not name it as the leader`,
    )
  }

  /** Reads to the end of the log as it is now. Every acknowledged append lies before it, because the leader is asked. */
  async function readOn(): Promise<void> {
    if (epoch === undefined) await load()
    let losses = 0
    for (;;) {
      const read = await source.readAll(seen, PAGE + 1)
      const fresh = read.filter((event) => placeOf(event) > seen)
      const page = indexPage(state, fresh)
      // Another process was faster, but perhaps with less than was read here: it is read again from where that ends.
      if (page && !(await keep(page))) {
        if (++losses > LOSSES) throw new StoreUnavailable(`others wrote the index ${LOSSES} times before this could`)
        await pause(losses)
        continue
      }
      // What is not ours is left behind. The beginning of a command at the end is read again: it is not acknowledged yet.
      if (!page) skipForeign(fresh)
      if (read.length <= PAGE) return
    }
  }

  function skipForeign(events: readonly AllStreamResolvedEvent[]): void {
    for (const event of events) {
      if (decode(event)) return
      seen = placeOf(event)
    }
  }

  /** False where another process was faster, or found a new epoch: what it kept is as good as ours, and is where we go on from. */
  async function keep(page: IndexPage): Promise<boolean> {
    if (epoch === undefined || !(await storage.advance(epoch, state.position, page))) {
      await load()
      return false
    }
    state = {
      ...page,
      setbacks: [
        ...state.setbacks.filter(({ from }) => !page.setbacks.some((changed) => changed.from === from)),
        ...page.setbacks,
      ],
    }
    seen = Math.max(seen, page.position)
    for (const { command, recordedAt: _, ...receipt } of page.receipts) learn(command, receipt)
    return true
  }

  let running: Promise<void> | undefined
  let next: Promise<void> | undefined
  /** One reading at a time; who asks while it runs gets one that begins after their asking. */
  function catchUp(): Promise<void> {
    if (!running) return (running = readOn().finally(() => (running = undefined)))
    return (next ??= running
      .catch(() => undefined)
      .then(() => {
        next = undefined
        return catchUp()
      }))
  }

  async function cover(position: Position): Promise<void> {
    if (state.position >= position) return
    for await (const _ of looks(source.lookMs)) {
      await catchUp()
      if (state.position >= position) return
    }
    throw new StoreUnavailable(`the log does not show what lies at ${position} in it`)
  }

  function learn(command: string, receipt: Receipt): void {
    if (!known.has(command)) known.set(command, receipt)
  }

  function momentOf({ position, recordedAt }: RecordedEvent): string {
    const setback = state.setbacks.findLast(({ from }) => from <= position)
    return setback && (setback.until === undefined || position < setback.until) ? setback.moment : recordedAt
  }

  return {
    async receipts(commands) {
      const found = new Map<string, Receipt>()
      for (const command of commands) {
        const receipt = known.get(command)
        if (receipt) found.set(command, receipt)
      }
      if (found.size === commands.length) return found
      await catchUp()
      for (const [command, receipt] of await storage.receipts(commands.filter((command) => !found.has(command)))) {
        found.set(command, receipt)
        learn(command, receipt)
      }
      return found
    },
    lookUp: async (command) => known.get(command) ?? (await storage.receipts([command])).get(command),
    cover,
    async lastBy(moment) {
      await catchUp()
      return storage.lastBy(moment)
    },
    async stamp(events) {
      const last = events.at(-1)
      if (!last) return events
      await cover(last.position)
      if (state.setbacks.length === 0) return events
      return events.map((event) => {
        const recordedAt = momentOf(event)
        return recordedAt === event.recordedAt ? event : { ...event, recordedAt }
      })
    },
    async anchor(position) {
      if (position === 0) return BEGINNING
      if (position > state.position) await catchUp()
      return position >= state.position ? { position: state.position, latest: state.latest } : storage.lastAt(position)
    },
    close: () => storage.close(),
  }
}

/** What a stretch of the log adds to an index; undefined where it holds no whole command of ours. */
function indexPage(state: IndexState, read: readonly AllStreamResolvedEvent[]): IndexPage | undefined {
  const entries = whole(read.flatMap((event) => decode(event) ?? []))
  const end = entries.at(-1)
  if (!end) return undefined
  const open = state.setbacks.findLast(({ until }) => until === undefined)
  const setbacks: Setback[] = []
  let [latest, behind] = [state.latest, open]
  const receipts: IndexedReceipt[] = []
  let first: Position = 0
  for (const { event, command, index, count, digest } of entries) {
    const { position, stream, revision } = event
    if (event.recordedAt < latest) {
      behind ??= { from: position, until: undefined, moment: latest }
    } else {
      latest = event.recordedAt
      if (behind) setbacks.push({ ...behind, until: position })
      behind = undefined
    }
    if (index === 0) first = position
    if (index === count - 1)
      receipts.push({ command, stream, revision, position, firstPosition: first, count, digest, recordedAt: latest })
  }
  if (behind && behind !== open) setbacks.push(behind)
  return { position: end.event.position, latest, setbacks, receipts }
}

/** Without the beginning of a command whose end lies on the next page. */
function whole(entries: readonly Entry[]): readonly Entry[] {
  const last = entries.at(-1)
  return last && last.index < last.count - 1 ? entries.slice(0, -(last.index + 1)) : entries
}

/** Moments of events that follow one another without a hole: none before the one before it. Answers the highest as well. */
export function inOrder(
  events: readonly RecordedEvent[],
  before: string,
): { readonly events: readonly RecordedEvent[]; readonly latest: string } {
  let latest = before
  const stamped = events.map((event) => {
    if (event.recordedAt >= latest) {
      latest = event.recordedAt
      return event
    }
    return { ...event, recordedAt: latest }
  })
  return { events: stamped, latest }
}
