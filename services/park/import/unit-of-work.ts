import { setTimeout as delay } from 'node:timers/promises'
import type { Runtime } from '../../../infra/commanding/execute.ts'
import type { reactor } from '../../../infra/commanding/policies.ts'
import type { Fold, Loaded, States } from '../../../infra/commanding/states.ts'
import { StoreBusy } from '../../../infra/event-store/faults.ts'
import { eventId } from '../../../infra/event-store/event-id.ts'
import type { AppendRequest, AppendResult, EventStore, Receipt } from '../../../infra/event-store/port.ts'

/**
 * What one plan does, held back until all of it is decided: its commands are decided one upon the other in memory, with all that
 * follows from them, and then appended together, or not at all. So a row that is refused half way leaves nothing behind, and no
 * step waits for the one before it to be on disk but for its cause (`wavesOf`).
 */
export interface UnitOfWork {
  /** The park as this plan sees it, with what it has done so far. */
  readonly runtime: Runtime
  /** Appends what was done; `took` as of `Attempting.commit`. */
  commit(took: Set<string>): Promise<boolean>
}

export interface WorkOptions {
  /** As of `AttemptOptions`. */
  readonly fresh: boolean
}

interface Presuming {
  /** Streams of which nothing is read before it is found that somebody wrote to them: the append finds out. */
  readonly presumedNew: (stream: string) => boolean
}

interface Seen extends Loaded<unknown> {
  readonly own: boolean
}

const BUSY_MS = 20
const CLAIM = /^claim-/

export function beginWork(
  park: Runtime,
  reactions: ReturnType<typeof reactor>,
  { fresh, presumedNew }: WorkOptions & Presuming,
): UnitOfWork {
  const seen = new Map<string, Seen>()
  const held: AppendRequest[] = []
  // Commands that were done before, found in fresh work: their first answers.
  const receipts = new Map<string, Receipt>()

  const states: States = {
    async load<S, E>(fold: Fold<S, E>, stream: string, maxAge: number) {
      const known = seen.get(stream)
      if (known && (known.own || maxAge > 0)) return known as Loaded<S>
      const age = maxAge > 0 && presumedNew(stream) ? Number.POSITIVE_INFINITY : maxAge
      const loaded = await park.states.load(fold, stream, fresh && known === undefined ? 0 : age)
      // What this work has appended meanwhile is newer than any answer of the store.
      const meanwhile = seen.get(stream)
      if (meanwhile?.own) return meanwhile as Loaded<S>
      seen.set(stream, { ...loaded, own: false })
      return loaded
    },
    advance<S, E>(fold: Fold<S, E>, stream: string, events: readonly E[], revision: number, position: number) {
      const known = seen.get(stream)
      const state = events.reduce(fold.evolve, (known?.state ?? fold.initial) as S)
      seen.set(stream, { state, revision, position, readAt: known?.readAt ?? 0, own: true })
    },
    adopt(stream, loaded) {
      seen.set(stream, { ...loaded, own: false })
    },
    forget(stream) {
      seen.delete(stream)
    },
  }

  const store: EventStore = {
    ...park.store,
    async append(request) {
      if (fresh) {
        const receipt = (await park.store.receipts([request.commandId])).get(request.commandId)
        if (receipt)
          return receipt.stream === request.stream ? { outcome: 'replayed', ...receipt } : { outcome: 'reused' }
      }
      const { stream, expected, commandId, digest, events } = request
      const revision = seen.get(stream)?.revision ?? 0
      if (expected !== revision) return { outcome: 'conflict', revision }
      held.push(request)
      const count = events.length
      const receipt = { stream, revision: revision + count, position: 0, firstPosition: 0, count, digest }
      receipts.set(commandId, receipt)
      return { outcome: 'appended', ...receipt }
    },
    async receipts(ids) {
      const below = await park.store.receipts(ids)
      return new Map([
        ...below,
        ...ids.flatMap((id) => (receipts.has(id) ? [[id, receipts.get(id) as Receipt] as const] : [])),
      ])
    },
  }

  const runtime: Runtime = {
    ...park,
    store,
    states,
    react(events, envelope) {
      return reactions.run(runtime, events, envelope)
    },
  }

  return {
    runtime,
    async commit(took) {
      let whole = true
      for (const wave of wavesOf(held)) whole &&= await appendAll(park.store, wave, took)
      for (const [stream, { own, ...loaded }] of seen) {
        if (own && whole) park.states.adopt(stream, loaded)
        else if (own) park.states.forget(stream)
      }
      return whole
    },
  }
}

/**
 * The requests of a plan in the order in which their causes allow them to be appended, those of one wave side by side: names are claimed
 * first, because they may turn out to be taken; then what a command needs beforehand (reservations), then its own events, then what follows
 * from them. A wave is sent when the one before is in the log. So whatever ends an import, and whoever else writes meanwhile, nothing stands
 * in the log without its cause, and what is missing behind a cause the caretaker makes up for, as it does for any command.
 */
export function wavesOf(requests: readonly AppendRequest[]): readonly (readonly AppendRequest[])[] {
  const waves: AppendRequest[][] = []
  const ofStream = new Map<string, number>()
  const ofEvent = new Map<string, number>()
  const caused = requests.some((request) => causeOf(request) !== undefined)
  // Of a command that others prepare, the last wave of those.
  const prepared = new Map<string, number>()
  // Of what follows from one event, the last wave so far.
  const following = new Map<string, number>()
  let lastRoot: { readonly stream: string; readonly wave: number } | undefined
  for (const request of requests) {
    const { stream, commandId, events } = request
    const { causationId, correlationId } = events[0]?.metadata ?? {}
    const cause = causationId === undefined ? undefined : ofEvent.get(causationId)
    const root = causationId === undefined && correlationId === undefined
    const wave = Math.max(
      CLAIM.test(stream) ? 0 : 1,
      ofStream.get(stream) ?? 0,
      cause === undefined ? 0 : cause + 1,
      // What a reaction opens is made of what its siblings gave: a residue of lots that were treated.
      causationId !== undefined && request.expected === 0 ? (following.get(causationId) ?? -1) + 1 : 0,
      root ? (prepared.get(commandId) ?? 0) + 1 : 0,
      root && lastRoot ? lastRoot.wave + (lastRoot.stream === stream ? 0 : 1) : 0,
    )
    ;(waves[wave] ??= []).push(request)
    ofStream.set(stream, wave)
    if (causationId !== undefined) following.set(causationId, Math.max(following.get(causationId) ?? 0, wave))
    // Most plans have nothing that follows, and then nobody asks for the ids.
    if (caused) for (const index of events.keys()) ofEvent.set(eventId(commandId, index), wave)
    if (causationId === undefined && correlationId !== undefined)
      prepared.set(correlationId, Math.max(prepared.get(correlationId) ?? 0, wave))
    if (root) lastRoot = { stream, wave }
  }
  return waves.filter((wave) => wave !== undefined)
}

const causeOf = ({ events: [first] }: AppendRequest): string | undefined => first?.metadata.causationId

/** Appends requests side by side, those of one stream in their order; whether all of them went in. A queue that is full is asked again a little later. */
async function appendAll(store: EventStore, requests: readonly AppendRequest[], took: Set<string>): Promise<boolean> {
  let left = requests
  for (;;) {
    const results = await Promise.all(left.map((request) => appendUnlessBusy(store, request)))
    for (const [at, result] of results.entries()) {
      const request = left[at] as AppendRequest
      if (result?.outcome === 'appended') took.add(request.events[0]?.metadata.correlationId ?? request.commandId)
    }
    // Behind a request that was put off, those of its stream conflict; they are sent again with it.
    if (!results.includes(undefined))
      return results.every((result) => result?.outcome === 'appended' || result?.outcome === 'replayed')
    left = left.filter((_, at) => results[at]?.outcome !== 'appended' && results[at]?.outcome !== 'replayed')
    await delay(BUSY_MS)
  }
}

async function appendUnlessBusy(store: EventStore, request: AppendRequest): Promise<AppendResult | undefined> {
  try {
    return await store.append(request)
  } catch (error) {
    if (error instanceof StoreBusy) return undefined
    throw error
  }
}
