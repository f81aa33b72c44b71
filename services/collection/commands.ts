import { because, contextOf, sealed, unitOn } from '../../infra/commanding/context.ts'
import type { SealedRecordTrip, TripContext } from '../../schemas/rules/questions.ts'
import { bookName } from '../../infra/event-store/event-id.ts'
import { execute, type Envelope, type Outcome, type Runtime } from '../../infra/commanding/execute.ts'
import { lotsOf } from '../../infra/commanding/stocks.ts'
import { upcast } from '../../infra/event-store/upcast.ts'
import { actsFor } from '../../schemas/actor.ts'
import type {
  RecordTrip,
  SortLot,
  SplitLot,
  StoreLot,
  TakeOutLot,
  TakeStock,
} from '../../schemas/commands/collection.ts'
import type { LotEvent } from '../../schemas/lot/events.ts'
import type { Lot } from '../../schemas/lot/state.ts'
import { lotStream } from '../../schemas/values/identifiers.ts'
import { businessDay } from '../../schemas/values/time.ts'
import { sort } from './decide/sort.ts'
import { split, type OpenChild, openChild } from './decide/split.ts'
import { store } from './decide/store.ts'
import { takeOut } from './decide/take-out.ts'
import { takeStock as countedStock } from './decide/take-stock.ts'
import { recordTrip as wholeTrip } from './decide/trip.ts'
import { earlierLoads } from './same-load.ts'

const plainContext = (runtime: Runtime, envelope: Envelope) => () => Promise.resolve(contextOf(runtime, envelope))

export async function storeLot(runtime: Runtime, command: StoreLot, envelope: Envelope): Promise<Outcome<Lot>> {
  const context = plainContext(runtime, envelope)
  return execute(
    runtime,
    { decider: store, stream: lotStream(command.lot), command: await sealed(runtime, command, 'handler'), context },
    because(envelope, command),
  )
}

export async function takeOutLot(runtime: Runtime, command: TakeOutLot, envelope: Envelope): Promise<Outcome<Lot>> {
  const context = plainContext(runtime, envelope)
  return execute(
    runtime,
    { decider: takeOut, stream: lotStream(command.lot), command: await sealed(runtime, command, 'handler'), context },
    because(envelope, command),
  )
}

export function takeStock(runtime: Runtime, command: TakeStock, envelope: Envelope): Promise<Outcome<Lot>> {
  const context = async () => ({ ...contextOf(runtime, envelope), actMass: runtime.bounds.actMass })
  return execute(
    runtime,
    { decider: countedStock, stream: lotStream(command.lot), command, context },
    because(envelope, command),
  )
}

export function splitLot(runtime: Runtime, command: SplitLot, envelope: Envelope): Promise<Outcome<Lot>> {
  const child = command.child ?? runtime.ids.derive('split', envelope.commandId)
  const context = async () => {
    const { state } = await runtime.states.load(openChild, lotStream(child), runtime.contextMaxAge)
    return { ...contextOf(runtime, envelope), childExists: state.exists }
  }
  return execute(
    runtime,
    { decider: split, stream: lotStream(command.lot), command: { ...command, child }, context },
    because(envelope, command),
  )
}

/** Fractions without a lot of their own get one, made of the command, so that a repeat means the same lots. */
export function sortLot(runtime: Runtime, command: SortLot, envelope: Envelope): Promise<Outcome<Lot>> {
  const fractions = command.fractions.map((fraction, i) => ({
    ...fraction,
    child: fraction.child ?? runtime.ids.derive('fraction', envelope.commandId, i),
  }))
  const context = async () => {
    const lots = await lotsOf(
      runtime,
      fractions.map(({ child }) => child),
    )
    const existing = new Set([...lots].flatMap(([id, lot]) => (lot.exists ? [id] : [])))
    return { ...contextOf(runtime, envelope), existing }
  }
  return execute(
    runtime,
    { decider: sort, stream: lotStream(command.lot), command: { ...command, fractions }, context },
    because(envelope, command),
  )
}

/** The reaction to a split: the stream of the lot that was split off. */
export function openChildLot(runtime: Runtime, command: OpenChild, envelope: Envelope): Promise<Outcome<Lot>> {
  return execute(
    runtime,
    { decider: openChild, stream: lotStream(command.split.data.child), command, context: () => Promise.resolve({}) },
    envelope,
  )
}

/**
 * Slips are numbered by the receiver's weighbridge, so lot and document are made from both. A slip that the carrier hands in lives under the
 * carrier: it cannot take a number that the receiver has yet to give. Where the other party has recorded the very same slip, that one is
 * answered and nothing is added.
 */
export async function recordTrip(runtime: Runtime, command: RecordTrip, envelope: Envelope): Promise<Outcome<Lot>> {
  const { trip, carrier, receiver } = command
  const ofReceiver: Slip = {
    stream: lotStream(runtime.ids.ofBookName(bookName('trip', receiver, trip))),
    manifest: runtime.ids.derive('trip-manifest', receiver, trip),
  }
  const ofCarrier: Slip = {
    stream: lotStream(runtime.ids.derive('trip-of-carrier', carrier, receiver, trip)),
    manifest: runtime.ids.derive('trip-manifest-of-carrier', carrier, receiver, trip),
  }
  const byReceiver = actsFor(envelope.actor, receiver, 'receiver')
  const [own, other] = byReceiver ? [ofReceiver, ofCarrier] : [ofCarrier, ofReceiver]
  const sealedCommand = await sealed(runtime, command, 'driver')
  const outcome = await recordSlip(runtime, sealedCommand, own, other, envelope)
  return outcome.status === 'done' && !outcome.state.exists
    ? recordSlip(runtime, sealedCommand, other, own, envelope)
    : outcome
}

interface Slip {
  readonly stream: string
  /** The id of the trip's own document. */
  readonly manifest: string
}

/**
 * The load is claimed before the trip is recorded, and only when nothing else is against the slip. What died in between leaves a claim by this
 * very slip, which the next try finds and uses.
 */
function recordSlip(
  runtime: Runtime,
  command: SealedRecordTrip,
  { stream, manifest }: Slip,
  other: Slip,
  envelope: Envelope,
): Promise<Outcome<Lot>> {
  const { trip, source, carrier, receiver, departedAt, arrivedAt } = command
  const recordedIn = async (slip: string) =>
    (await runtime.store.readStream(slip)).map((event) => upcast(event) as LotEvent)
  const context = async (lot: Lot): Promise<TripContext> => {
    const [from, by, to, recorded] = await Promise.all([
      unitOn(runtime, source, businessDay(departedAt)),
      unitOn(runtime, carrier, businessDay(departedAt)),
      unitOn(runtime, receiver, businessDay(arrivedAt)),
      lot.exists ? recordedIn(stream) : [],
    ])
    const known = { ...contextOf(runtime, envelope), source: from, carrier: by, receiver: to, manifest, recorded }
    const decision = wholeTrip.decide(command, lot, known)
    if (!decision.accepted || decision.events.length === 0) return known
    const earlier = await earlierLoads(runtime, command, stream, envelope)
    return earlier.some((load) => load.by === other.stream && load.trip === trip)
      ? { ...known, earlier, other: { manifest: other.manifest, recorded: await recordedIn(other.stream) } }
      : { ...known, earlier }
  }
  return execute(runtime, { decider: wholeTrip, stream, command, context }, because(envelope, command))
}
