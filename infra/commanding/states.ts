import { LRUCache } from 'lru-cache'
import { correctedHistory, isCorrection } from '../../schemas/correction/changes.ts'
import type { EventStore, RecordedEvent } from '../event-store/port.ts'
import { upcast } from '../event-store/upcast.ts'

/** A fold of one kind of stream. `E` is the union of its events. */
export interface Fold<S, E> {
  readonly initial: S
  evolve(state: S, event: E): S
}

export interface Loaded<S> {
  readonly state: S
  readonly revision: number
  /** Position of the newest event in it, 0 for none. */
  readonly position: number
  /** When it was last known to be the newest, milliseconds. */
  readonly readAt: number
}

/**
 * States of streams, kept as far as they were read. A cached state is never trusted for writing: the append's expected revision
 * is what guards that. For reading in a decision's context, `maxAge` says how old the knowledge of other streams may be.
 */
export interface States {
  /**
   * The state as kept here, or read. `maxAge` in milliseconds: 0 reads what was appended since, Infinity takes what is kept, and where nothing
   * is kept of a stream that is `presumedNew`, takes it for empty.
   */
  load<S, E>(fold: Fold<S, E>, stream: string, maxAge: number, presumedNew?: boolean): Promise<Loaded<S>>
  /** Takes in what was just appended, if it follows what is kept. */
  advance<S, E>(fold: Fold<S, E>, stream: string, events: readonly E[], revision: number, position: number): void
  /** Takes over what somebody else made of a stream, unless something newer is kept. */
  adopt(stream: string, loaded: Loaded<unknown>): void
  forget(stream: string): void
}

const PAGE = 1_000

export interface StatesOptions {
  readonly max?: number
  readonly now?: () => number
  /**
   * Streams that are most likely new, such as those of an import: where nothing is kept of one, `maxAge` Infinity takes it for empty
   * instead of reading it. Safe, because the append's expected revision finds out, and a refusal is decided once more on what was read.
   */
  readonly presumedNew?: (stream: string) => boolean
}

/** Reads of one stream: the one under way, and the one that begins when it is over. */
interface Reads {
  readonly current: Promise<Loaded<unknown>>
  next?: Promise<Loaded<unknown>>
}

export function openStates(store: EventStore, options: StatesOptions = {}): States {
  const kept = new LRUCache<string, Loaded<unknown>>({ max: options.max ?? 50_000 })
  const now = options.now ?? Date.now
  const reading = new Map<string, Reads>()

  /** The state that the stream's history leads to as its corrections leave it: nothing that was folded before helps. */
  async function readCorrected<S, E>(fold: Fold<S, E>, stream: string): Promise<Omit<Loaded<S>, 'readAt'>> {
    const events = await store.readStream(stream)
    const history = events.map((event) => ({ revision: event.revision, event: upcast(event) }))
    const state = correctedHistory(history).reduce((before, { event }) => fold.evolve(before, event as E), fold.initial)
    const last = events.at(-1)
    return { state, revision: last?.revision ?? 0, position: last?.position ?? 0 }
  }

  async function read<S, E>(fold: Fold<S, E>, stream: string): Promise<Loaded<S>> {
    let { state, revision, position } = (kept.get(stream) as Loaded<S> | undefined) ?? {
      state: fold.initial,
      revision: 0,
      position: 0,
    }
    const readAt = now()
    for (;;) {
      const page: readonly RecordedEvent[] = await store.readStream(stream, { from: revision + 1, limit: PAGE })
      if (page.some(isCorrection)) {
        ;({ state, revision, position } = await readCorrected(fold, stream))
        break
      }
      for (const event of page) {
        state = fold.evolve(state, upcast(event) as E)
        revision = event.revision
        position = event.position
      }
      if (page.length < PAGE) break
    }
    const newest: Loaded<S> = { state, revision, position, readAt }
    const meanwhile = kept.get(stream) as Loaded<S> | undefined
    if (meanwhile && meanwhile.revision > revision) return meanwhile
    kept.set(stream, newest)
    return newest
  }

  function begin<S, E>(fold: Fold<S, E>, stream: string): Promise<Loaded<S>> {
    const current = read(fold, stream)
    const reads: Reads = { current }
    reading.set(stream, reads)
    const over = (): void => {
      if (reading.get(stream) === reads && reads.next === undefined) reading.delete(stream)
    }
    current.then(over, over)
    return current
  }

  return {
    async load<S, E>(fold: Fold<S, E>, stream: string, maxAge: number, presumedNew = false) {
      const known = kept.get(stream) as Loaded<S> | undefined
      if (known && now() - known.readAt <= maxAge) return known
      if (!known && maxAge === Number.POSITIVE_INFINITY && (presumedNew || options.presumedNew?.(stream)))
        return { state: fold.initial, revision: 0, position: 0, readAt: 0 }
      const reads = reading.get(stream)
      if (!reads) return begin(fold, stream)
      if (maxAge > 0) return reads.current as Promise<Loaded<S>>
      // The read under way may have begun before the caller's knowledge did. All who come meanwhile share the one that begins after it.
      reads.next ??= reads.current.then(
        () => begin(fold, stream),
        () => begin(fold, stream),
      )
      return reads.next as Promise<Loaded<S>>
    },
    advance(fold, stream, events, revision, position) {
      if (events.some((event) => isCorrection(event as { readonly type: string }))) {
        kept.delete(stream)
        return
      }
      const known = kept.get(stream)
      const before = revision - events.length
      if (known ? known.revision !== before : before !== 0) return
      const start = (known?.state ?? fold.initial) as typeof fold.initial
      kept.set(stream, { state: events.reduce(fold.evolve, start), revision, position, readAt: now() })
    },
    adopt(stream, loaded) {
      const known = kept.get(stream)
      if (known === undefined || known.revision < loaded.revision) kept.set(stream, loaded)
    },
    forget: (stream) => void kept.delete(stream),
  }
}
