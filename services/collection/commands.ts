import { because, contextOf, sealed, unitOn } from '../../infra/commanding/context.ts'
import { bookName } from '../../infra/event-store/event-id.ts'
import { execute, type Envelope, type Outcome, type Runtime } from '../../infra/commanding/execute.ts'
import { upcast } from '../../infra/event-store/upcast.ts'
import type { RecordTrip, SplitLot, StoreLot, TakeOutLot, TakeStock } from '../../schemas/commands/collection.ts'
import type { LotEvent } from '../../schemas/lot/events.ts'
import type { Lot } from '../../schemas/lot/state.ts'
import { lotStream } from '../../schemas/values/identifiers.ts'
import { businessDay } from '../../schemas/values/time.ts'
import { split, type OpenChild, openChild } from './decide/split.ts'
import { store } from './decide/store.ts'
import { takeOut } from './decide/take-out.ts'
import { takeStock as countedStock } from './decide/take-stock.ts'
import { recordTrip as wholeTrip, type TripContext } from './decide/trip.ts'
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

/** The reaction to a split: the stream of the lot that was split off. */
export function openChildLot(runtime: Runtime, command: OpenChild, envelope: Envelope): Promise<Outcome<Lot>> {
  return execute(
    runtime,
    { decider: openChild, stream: lotStream(command.split.data.child), command, context: () => Promise.resolve({}) },
    envelope,
  )
}

/**
 * Slips are numbered by the receiver's weighbridge, so lot and document are made from both. The load is claimed before the trip is recorded, and
 * only when nothing stands against the slip. What died in between leaves a claim by this very slip, which the next try finds and uses.
 */
export async function recordTrip(runtime: Runtime, command: RecordTrip, envelope: Envelope): Promise<Outcome<Lot>> {
  const { trip, source, carrier, receiver, departedAt, arrivedAt } = command
  const stream = lotStream(runtime.ids.ofBookName(bookName('trip', receiver, trip)))
  const sealedCommand = await sealed(runtime, command, 'driver')
  const context = async (lot: Lot): Promise<TripContext> => {
    const [from, by, to, recorded] = await Promise.all([
      unitOn(runtime, source, businessDay(departedAt)),
      unitOn(runtime, carrier, businessDay(departedAt)),
      unitOn(runtime, receiver, businessDay(arrivedAt)),
      lot.exists ? runtime.store.readStream(stream) : [],
    ])
    const known = {
      ...contextOf(runtime, envelope),
      source: from,
      carrier: by,
      receiver: to,
      manifest: runtime.ids.derive('trip-manifest', receiver, trip),
      recorded: recorded.map((event) => upcast(event) as LotEvent),
    }
    const decision = wholeTrip.decide(sealedCommand, lot, known)
    return decision.accepted && decision.events.length > 0
      ? { ...known, earlier: await earlierLoads(runtime, command, stream, envelope) }
      : known
  }
  return execute(runtime, { decider: wholeTrip, stream, command: sealedCommand, context }, because(envelope, command))
}
