import type { z } from 'zod'
import { refusal, type Finding, type Refusal } from '../../schemas/decision.ts'
import type { HoldEvent, KeptFinding } from '../../schemas/hold/events.ts'
import { holdFold, noHold, type Hold, type HeldCommand } from '../../schemas/hold/state.ts'
import { type Concern, NO_CONCERN } from '../../schemas/stream/registry.ts'
import { type DomainEvent, streams } from '../../schemas/streams.ts'
import { holdStream } from '../../schemas/values/identifiers.ts'
import { WASTE_STREAMS } from '../../schemas/values/waste.ts'
import type { EventStore, Receipt } from '../event-store/port.ts'
import { upcast } from '../event-store/upcast.ts'
import { sealPersons } from '../personal-data/seal-persons.ts'
import { because } from './context.ts'
import { eventMetadata } from './event-metadata.ts'
import type { Envelope, Outcome, Runtime } from './execute.ts'

/** A command as its sender sent it. */
export interface Asked {
  /** Path of its route: where its use case is found again (`Runtime.useCases`). */
  readonly route: string
  readonly schema: z.core.$ZodType
  /** Ids in it are those of the park. */
  readonly command: object
}

/** What an official has released of a held command. */
export interface Released {
  readonly hold: string
  readonly findings: readonly Finding[]
  /** When the command was held: whether it was sent in time is judged by that. */
  readonly heldAt: string
  /** The event by which it was released. */
  readonly event?: string
}

/** The command waits for an official. */
export interface HeldOutcome {
  readonly status: 'held'
  /** Id of the hold; stream `hold-<id>`. */
  readonly hold: string
  readonly findings: readonly Finding[]
  readonly revision: number
  readonly position: number
  readonly replayed: boolean
  readonly state: Hold
}

/** The findings against a command, and what it would append. */
export interface HeldDecision {
  readonly stream: string
  readonly events: readonly DomainEvent[]
  readonly findings: readonly Finding[]
  /** The same as refusals, for commands that cannot be held. */
  readonly refusals: readonly Refusal[]
}

const HOLD = holdStream('')
export const holdIdOf = (stream: string): string => stream.slice(HOLD.length)

/** Whether a receipt is that of a command that was held: the first event of a hold. What is decided about a hold comes after it. */
export const isHeldCommand = ({ stream, revision, count }: Receipt): boolean =>
  stream.startsWith(HOLD) && revision === count

/** The id under which a held command is carried out: one for all releases, so that it is done once. */
export const heldCommandId = ({ ids }: Pick<Runtime, 'ids'>, hold: string): string => ids.derive('held-command', hold)

/** Whether the act of a hold is in the log. */
export const isCarriedOut = async (runtime: Pick<Runtime, 'ids' | 'store'>, hold: string): Promise<boolean> =>
  (await runtime.store.receipts([heldCommandId(runtime, hold)])).size > 0

/**
 * Those of these commands whose acts stand in the log, with the streams that they were appended to: the same as their receipts, but for commands
 * that were held, which count once they were released and done.
 */
export async function recordedActs(
  runtime: Pick<Runtime, 'ids' | 'store'>,
  commandIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const receipts = await runtime.store.receipts(commandIds)
  const acts = new Map<string, string>()
  const held = new Map<string, string>()
  for (const [id, receipt] of receipts)
    if (isHeldCommand(receipt)) held.set(heldCommandId(runtime, holdIdOf(receipt.stream)), id)
    else acts.set(id, receipt.stream)
  if (held.size > 0)
    for (const [id, { stream }] of await runtime.store.receipts([...held.keys()])) acts.set(held.get(id) ?? id, stream)
  return acts
}

/**
 * Stores a command that waits for an official, under the command's own id: the sender's key answers the hold from now on, and the act itself
 * once that is done. Nothing is reserved for what waits.
 */
export async function holdCommand(
  runtime: Runtime,
  decision: HeldDecision,
  envelope: Envelope,
): Promise<Outcome<never>> {
  const { asked, released, commandId, actor, provenance, digest } = envelope
  // Findings that a release did not cover: what released it adds them to what the command waits for.
  if (released) {
    const findings = decision.findings.filter((one) => one.severity === 'HOLD' && one.released !== true)
    return { ...UNKNOWN_PLACE, status: 'held', hold: released.hold, findings }
  }
  if (!asked || provenance === 'policy') return { status: 'refused', refusals: decision.refusals }
  const stream = holdStream(runtime.ids.derive('hold', commandId))
  const concern = await concernOf(runtime, decision)
  const units = [...(actor.unit === undefined ? [] : [actor.unit]), ...concern.units]
  const event: HoldEvent = {
    type: 'CommandHeld',
    occurredAt: runtime.clock.now(),
    data: {
      route: asked.route,
      command: (await sealPersons(runtime.people, asked.schema, asked.command)) as Record<string, unknown>,
      sender: { ...actor, roles: [...actor.roles] },
      provenance,
      findings: decision.findings.map(kept),
      subject: decision.stream,
      units: [...new Set(units)],
      streams: [...(concern.streams.length > 0 ? concern.streams : WASTE_STREAMS)],
    },
  }
  const result = await runtime.store.append({
    stream,
    expected: 0,
    commandId,
    ...(digest ? { digest } : {}),
    events: [{ ...event, schemaVersion: 1, metadata: eventMetadata(envelope, [], event.occurredAt) }],
  })
  if (result.outcome === 'reused') return { status: 'reused' }
  if (result.outcome !== 'appended') return answerOfHold(runtime, stream, envelope)
  runtime.states.advance(holdFold, stream, [event], result.revision, result.position)
  return { ...(await waiting(runtime, stream)), replayed: false }
}

const UNKNOWN_PLACE = { revision: 0, position: 0, replayed: false, state: noHold } as const

export const kept = ({ rule, severity, pointer, facts, day }: Finding): KeptFinding => ({
  rule,
  severity: severity === 'HOLD' ? 'HOLD' : 'WARN',
  pointer,
  facts: { ...facts },
  ...(day === undefined ? {} : { day }),
})

/** Whom an act concerns, from what it would append and from what its stream holds. */
async function concernOf({ store }: Pick<Runtime, 'store'>, { stream, events }: HeldDecision): Promise<Concern> {
  const fold = streams.concernFoldOf(stream)
  if (fold)
    return [...(await historyOf(store, stream)), ...events].reduce<Concern>(
      (known, event) => fold.evolve(known, event),
      fold.initial,
    )
  const each = events.map((event) => streams.concernOfEvent({ ...event, stream }, NO_CONCERN))
  return { units: each.flatMap(({ units }) => units), streams: [...new Set(each.flatMap((one) => one.streams))] }
}

const historyOf = async (store: Pick<EventStore, 'readStream'>, stream: string): Promise<readonly DomainEvent[]> =>
  (await store.readStream(stream)).map(upcast)

/** What the key of a held command answers: the hold while it waits, the act once it is done, or why it is not done. */
export async function answerOfHold(runtime: Runtime, stream: string, envelope: Envelope): Promise<Outcome<never>> {
  const { state } = await runtime.states.load(holdFold, stream, 0)
  switch (state.status) {
    case 'none':
      throw new Error(`${stream} holds no command`)
    case 'waiting':
    case 'released':
      return waiting(runtime, stream)
    case 'done':
      return carryOutHeld(runtime, stream, state, envelope) as Promise<Outcome<never>>
    case 'rejected':
      return { status: 'refused', refusals: [refusal('hold-rejected', '', { cause: state.reason ?? '' })] }
    case 'withdrawn':
    case 'expired':
      return { status: 'refused', refusals: [refusal(`hold-${state.status}`)] }
  }
}

async function waiting({ states }: Runtime, stream: string): Promise<HeldOutcome> {
  const { state, revision, position } = await states.load(holdFold, stream, Number.POSITIVE_INFINITY)
  const findings = state.status === 'none' ? [] : (state.findings as readonly Finding[])
  return { status: 'held', hold: holdIdOf(stream), findings, revision, position, replayed: true, state }
}

/**
 * Carries out a held command, or answers again what came of it: under one id, in its sender's name, by the law of the day of the act and the facts
 * of the present, with what was released waived.
 */
export function carryOutHeld(
  runtime: Runtime,
  stream: string,
  { held, heldAt, released }: HeldCommand,
  { digest, traceparent, correlationId, commandId }: Pick<Envelope, 'commandId'> & Partial<Envelope>,
  event?: string,
): Promise<Outcome<unknown>> {
  const hold = holdIdOf(stream)
  const useCase = runtime.useCases?.of(held.route)
  if (!useCase)
    return Promise.resolve({ status: 'refused', refusals: [refusal('hold-obsolete', '', { path: held.route })] })
  const envelope: Envelope = {
    commandId: heldCommandId(runtime, hold),
    actor: held.sender,
    provenance: held.provenance,
    correlationId: correlationId ?? commandId,
    released: { hold, findings: released as readonly Finding[], heldAt, ...(event === undefined ? {} : { event }) },
    ...(digest === undefined ? {} : { digest }),
    ...(traceparent === undefined ? {} : { traceparent }),
  }
  return useCase(runtime, held.command as never, because(envelope, held.command))
}
