import { SpanKind, type Attributes } from '@opentelemetry/api'
import type { Actor } from '../../schemas/actor.ts'
import { correctedHistory } from '../../schemas/correction/changes.ts'
import type { Decider, Finding, Refusal } from '../../schemas/decision.ts'
import { businessDay } from '../../schemas/values/time.ts'
import { type Provenance } from '../../schemas/event.ts'
import type { Catalogues } from '../../schemas/catalogues/catalogue.ts'
import type { Bounds } from '../../schemas/commands/bounds.ts'
import type { WasteStream } from '../../schemas/values/waste.ts'
import type { Person, SealedPerson } from '../../schemas/values/person.ts'
import { eventId } from '../event-store/event-id.ts'
import type { AppendRequest, EventStore, Receipt } from '../event-store/port.ts'
import { upcast } from '../event-store/upcast.ts'
import type { Ids } from '../ids/ids.ts'
import { spanned } from '../telemetry/spans.ts'
import type { Clock } from './clock.ts'
import { eventMetadata } from './event-metadata.ts'
import { answerOfHold, holdCommand, isHeldCommand, type Asked, type HeldOutcome, type Released } from './holding.ts'
import type { States } from './states.ts'
import { type DomainEvent, versionOf } from '../../schemas/streams.ts'

/** What every command carries beside its own content. */
export interface Envelope {
  /** UUID, made of the sender's `Idempotency-Key`: a repeat gets the first answer. */
  readonly commandId: string
  readonly actor: Actor
  readonly provenance: Provenance
  /** `If-Match`: the revision that the sender knows; another one is a race. */
  readonly ifMatch?: number
  /** SHA-256 of what was asked, hex, to tell a repeat from a reused id. */
  readonly digest?: string
  readonly causationId?: string
  readonly correlationId?: string
  readonly reason?: string
  /** W3C trace context of whoever sent it; the events keep it, or that of our own span within it. */
  readonly traceparent?: string
  /** Streams of waste of the sender's office, of officials only; no event keeps them. */
  readonly competence?: readonly WasteStream[]
  /**
   * The command as its sender sent it. A finding of severity HOLD stores it until an official has decided; without this, as in what follows from
   * events, such a finding refuses.
   */
  readonly asked?: Asked
  /** Of a held command that is decided again: what an official has released. */
  readonly released?: Released
}

/** An event as it was just appended, with the id and place that the store gave it. */
export interface Appended<E extends DomainEvent = DomainEvent> {
  readonly id: string
  readonly stream: string
  readonly revision: number
  /** Of the last event of its request, where the events were just appended: all of them can be seen from there. */
  readonly position: number
  readonly event: E
}

export interface Done<S> {
  readonly status: 'done'
  readonly stream: string
  readonly revision: number
  readonly position: number
  readonly findings: readonly Finding[]
  /** Events that stand under the command's id, those of its reactions not counted; 0 where there was nothing to change. */
  readonly events: number
  readonly replayed: boolean
  readonly state: S
}

export type Outcome<S> =
  | Done<S>
  | HeldOutcome
  | { readonly status: 'refused'; readonly refusals: readonly Refusal[] }
  /** Someone else was faster: the state as it is now. */
  | { readonly status: 'conflict'; readonly revision: number; readonly state: S }
  | { readonly status: 'reused' }

/** Seals persons before anything about them is decided or stored; see infra/personal-data. */
export interface People {
  seal(person: Person): Promise<SealedPerson>
  /**
   * Whether two sealed persons are one: `same` where name and number are, `alike` where the names are and one of them gives no number. One
   * that was erased is only the same as its own id.
   */
  compare(a: SealedPerson, b: SealedPerson): Promise<'same' | 'alike' | 'other'>
  /**
   * The persons behind sealed texts, in their order, for an actor of whom the caller has made sure that they may know; undefined for one that
   * was erased. Each look is recorded before it is answered.
   */
  reveal(sealed: readonly SealedPerson[], look: Look): Promise<readonly (Person | undefined)[]>
}

/** Who looks at a person, in the stream of which thing, and why. */
export interface Look {
  readonly actor: Actor
  readonly about: string
  readonly reason: string
}

/** Carries out commands of one kind: what a route calls. */
export type UseCase = (runtime: Runtime, command: never, envelope: Envelope) => Promise<Outcome<unknown>>

export interface UseCases {
  /** The use case behind a route, by its path. */
  of(path: string): UseCase | undefined
  pathOf(useCase: UseCase): string | undefined
}

/** What a command runs with; one of them for a process. */
export interface Runtime {
  readonly store: EventStore
  readonly states: States
  readonly clock: Clock
  readonly ids: Ids
  readonly people: People
  readonly catalogues: Catalogues
  /** What the park takes at all: doors ask before they call a use case (`outOfBounds`). */
  readonly bounds: Bounds
  /** How old the knowledge of other streams may be in a decision, milliseconds; 0 where other processes write too. */
  readonly contextMaxAge: number
  /** Province and city of the park, four digits of GB/T 2260; 3205 without it. */
  readonly city?: string | undefined
  /** Streams of events of which something may be corrected, by the events' ids (in lower case); others are left out. */
  streamsOf(eventIds: readonly string[]): Promise<ReadonlyMap<string, string>>
  /** Runs what follows from these events; answers the last position reached. Set by whoever composes the services. */
  react(events: readonly Appended[], envelope: Envelope): Promise<number>
  /** Of every service: held commands find theirs again. Set where the services are composed. */
  readonly useCases?: UseCases
  /** Hears of every refusal that a sender is answered with: for the metrics. */
  refused?(refusals: readonly Refusal[]): void
}

export interface Execution<S, C, E extends DomainEvent, X> {
  readonly decider: Decider<S, C, E, X>
  readonly stream: string
  /**
   * The stream was named for this command and is empty, unless this is a repeat: it is not read first. Safe, because the append finds out by its
   * expected revision and receipt, and a refusal is decided once more on what was read.
   */
  readonly presumedNew?: boolean | undefined
  readonly command: C
  /** What the decision needs to know beside the state; loaded anew for every try. */
  context(state: S): Promise<X>
}

// A race without If-Match is decided anew; after so many lost races the stream is too hot and the sender should wait.
const TRIES = 12

/** Load, decide, append, react: the one way by which a command becomes events. One command appends to one stream. */
export const execute = <S, C, E extends DomainEvent, X>(
  runtime: Runtime,
  execution: Execution<S, C, E, X>,
  envelope: Envelope,
): Promise<Outcome<S>> =>
  spanned(
    'command',
    { from: envelope.traceparent, attributes: () => ({ 'wufei.stream.kind': kindOf(execution.stream) }) },
    async (span) => {
      const outcome = await attempt(runtime, execution, envelope)
      span?.setAttributes(attributesOf(outcome))
      return outcome
    },
  )

async function attempt<S, C, E extends DomainEvent, X>(
  runtime: Runtime,
  execution: Execution<S, C, E, X>,
  envelope: Envelope,
): Promise<Outcome<S>> {
  const { store, states } = runtime
  const { decider, stream, presumedNew, command } = execution
  let maxAge = Number.POSITIVE_INFINITY
  for (let tries = 0; tries < TRIES; tries++) {
    const { state, revision, position } = await states.load(decider, stream, maxAge, presumedNew)
    const stale = maxAge > 0
    if (envelope.ifMatch !== undefined && envelope.ifMatch !== revision) {
      if (stale) {
        maxAge = 0
        continue
      }
      return (await replayOf(runtime, execution, envelope)) ?? { status: 'conflict', revision, state }
    }
    const context = await execution.context(state)
    const decision = spanned('decide', {}, () => decider.decide(command, state, context))
    if (!decision.accepted) {
      // A refusal is only as good as the state it was made on, and a repeat of an earlier command is no refusal at all.
      if (stale) {
        maxAge = 0
        continue
      }
      const first = await replayOf(runtime, execution, envelope)
      if (first) return first
      const { refusals, held } = decision
      return held ? holdCommand(runtime, { ...held, refusals, stream }, envelope) : { status: 'refused', refusals }
    }
    if (decision.events.length === 0 && stale) {
      // That there is nothing to do is only as good as the state, too: no append will find out that another process has changed it.
      maxAge = 0
      continue
    }
    if (decision.events.length === 0) {
      // What changes nothing now may be a repeat of the command that changed it: that one gets its first answer.
      const { findings } = decision
      return (
        (await replayOf(runtime, execution, envelope)) ?? {
          status: 'done',
          stream,
          revision,
          position,
          findings,
          events: 0,
          replayed: false,
          state,
        }
      )
    }

    const request: AppendRequest = {
      stream,
      expected: revision,
      commandId: envelope.commandId,
      ...(envelope.digest ? { digest: envelope.digest } : {}),
      events: decision.events.map(({ type, occurredAt, data }, i) => ({
        type,
        occurredAt,
        data,
        schemaVersion: versionOf(type),
        metadata: eventMetadata(envelope, i === 0 ? decision.findings : [], occurredAt),
      })),
    }
    const result = await spanned('append', { kind: SpanKind.CLIENT }, () => store.append(request))
    switch (result.outcome) {
      case 'appended': {
        states.advance(decider, stream, decision.events, result.revision, result.position)
        const appended = decision.events.map((event, i) => ({
          // Asked for by what reacts to the event only, and most events have nothing that does.
          get id() {
            return eventId(envelope.commandId, i)
          },
          stream,
          revision: revision + 1 + i,
          position: result.position,
          event,
        }))
        const reached = await runtime.react(appended, envelope)
        const now = await states.load(decider, stream, Number.POSITIVE_INFINITY)
        return {
          status: 'done',
          stream,
          revision: result.revision,
          position: Math.max(result.position, reached),
          findings: decision.findings,
          events: result.count,
          replayed: false,
          state: now.state,
        }
      }
      case 'replayed':
        return replayed(runtime, execution, envelope, result)
      case 'reused':
        // The command may have been held meanwhile.
        return (await replayOf(runtime, execution, envelope)) ?? { status: 'reused' }
      case 'closed':
        return { status: 'refused', refusals: [{ code: 'stream-closed', pointer: '', facts: {} }] }
      case 'conflict':
        maxAge = 0
        if (envelope.ifMatch !== undefined) {
          const current = await states.load(decider, stream, 0)
          return { status: 'conflict', revision: current.revision, state: current.state }
        }
    }
  }
  const { state, revision } = await states.load(decider, stream, 0)
  return { status: 'conflict', revision, state }
}

/** `lot` of `lot-…`: which thing it is stays out of traces, for ids of units and of their pools say whose it is. */
const kindOf = (stream: string): string => stream.slice(0, Math.max(0, stream.indexOf('-')))

function attributesOf(outcome: Outcome<unknown>): Attributes {
  switch (outcome.status) {
    case 'done':
      return { 'wufei.outcome': outcome.replayed ? 'replayed' : 'done', 'wufei.position': outcome.position }
    case 'refused':
      return { 'wufei.outcome': 'refused', 'wufei.refusals': outcome.refusals.map(({ code, rule }) => rule ?? code) }
    default:
      return { 'wufei.outcome': outcome.status }
  }
}

async function replayOf<S, C, E extends DomainEvent, X>(
  runtime: Runtime,
  execution: Execution<S, C, E, X>,
  envelope: Envelope,
): Promise<Outcome<S> | undefined> {
  const receipt = (await runtime.store.receipts([envelope.commandId])).get(envelope.commandId)
  if (!receipt) return undefined
  const held = isHeldCommand(receipt)
  if (receipt.stream !== execution.stream && !held) return { status: 'reused' }
  if (envelope.digest !== undefined && receipt.digest !== undefined && envelope.digest !== receipt.digest)
    return { status: 'reused' }
  // A reaction is never held, so an id of a reaction that names a hold was used for something else.
  if (held && receipt.stream !== execution.stream)
    return envelope.asked ? answerOfHold(runtime, receipt.stream, envelope) : { status: 'reused' }
  return replayed(runtime, execution, envelope, receipt)
}

/** The first answer again: the state as it was after those events, their findings, and whatever reaction a crash may have left out. */
async function replayed<S, C, E extends DomainEvent, X>(
  runtime: Runtime,
  { decider, stream }: Execution<S, C, E, X>,
  envelope: Envelope,
  receipt: Receipt,
): Promise<Outcome<S>> {
  const history = await runtime.store.readStream(stream, { limit: receipt.revision })
  const placed = history.map((event) => ({ revision: event.revision, event: upcast(event) }))
  const state = correctedHistory(placed).reduce(
    (folded, { event }) => decider.evolve(folded, event as E),
    decider.initial,
  )
  const own = history.slice(receipt.revision - receipt.count)
  // What follows from an event was done only if what was appended names that event as its cause.
  if (envelope.causationId !== undefined && own[0]?.metadata.causationId !== envelope.causationId)
    return { status: 'reused' }
  const findings = own.flatMap(({ occurredAt, metadata: { findings: warned = [] } }) =>
    (warned as readonly Finding[]).map((finding) => ({ day: businessDay(occurredAt), ...finding })),
  )
  const reached = await runtime.react(
    own.map((event) => ({
      id: event.id,
      stream,
      revision: event.revision,
      position: event.position,
      event: upcast(event),
    })),
    envelope,
  )
  const { revision, count: events } = receipt
  return {
    status: 'done',
    stream,
    revision,
    position: Math.max(receipt.position, reached),
    findings,
    events,
    replayed: true,
    state,
  }
}
