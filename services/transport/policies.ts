import { execute } from '../../infra/commanding/execute.ts'
import type { Policy, Reaction } from '../../infra/commanding/policies.ts'
import { manifestIdOf, manifestSince } from '../../infra/commanding/stocks.ts'
import type { Decider } from '../../schemas/decision.ts'
import type { LotEvent } from '../../schemas/lot/events.ts'
import type { Lot } from '../../schemas/lot/state.ts'
import { grams } from '../../schemas/values/mass.ts'
import { lotStream } from '../../schemas/values/identifiers.ts'
import { lineDocument, type Place } from '../../schemas/values/place.ts'
import { handOverLot, pickUpLot, releaseReservation, unloadLot } from './decide/lots.ts'

/** A command to one lot of one line, as what follows from a manifest's event. */
const toLot = <C>(decider: Decider<Lot, C, LotEvent, undefined>, lot: string, line: number, command: C): Reaction => ({
  key: `${line}/${lot}`,
  stream: lotStream(lot),
  perform: (runtime, envelope) =>
    execute(runtime, { decider, stream: lotStream(lot), command, context: () => Promise.resolve(undefined) }, envelope),
})

const onRoad = (carrier: string, plate: string, manifest: string, line: number): Place => ({
  at: 'transport',
  holder: carrier,
  place: plate,
  document: lineDocument(manifest, line),
})

/** Mass moves in the streams of lots: what was picked up leaves its place and is on the road. */
const loadLots: Policy = {
  name: 'load-lots',
  on: ['ManifestPickedUp'],
  unordered: true,
  react({ event, stream }) {
    const manifest = manifestIdOf(stream)
    if (event.type !== 'ManifestPickedUp' || manifest === undefined) return []
    const { carrier, plate, lines } = event.data
    return lines.flatMap(({ line, lots }) =>
      lots.map((part) => {
        const to = onRoad(carrier, plate, manifest, line)
        return toLot(pickUpLot, part.lot, line, {
          manifest,
          line,
          from: part.from,
          to,
          grams: grams(part.grams),
          occurredAt: event.occurredAt,
        })
      }),
    )
  },
}

/** From the vehicle of one carrier onto that of the next. */
const handOverLots: Policy = {
  name: 'hand-over-lots',
  on: ['ManifestHandedOver'],
  unordered: true,
  async react({ event, stream, revision }, runtime) {
    const manifest = manifestIdOf(stream)
    if (event.type !== 'ManifestHandedOver' || manifest === undefined) return []
    const { from, to, leg } = event.data
    const { lines } = await manifestSince(runtime, manifest, revision)
    return lines.flatMap(({ line, lots }) =>
      lots.map(({ lot, shipped }) =>
        toLot(handOverLot, lot, line, {
          manifest,
          line,
          leg,
          grams: grams(shipped),
          occurredAt: event.occurredAt,
          from: onRoad(from.carrier, from.plate, manifest, line),
          to: onRoad(to.carrier, to.plate, manifest, line),
        }),
      ),
    )
  },
}

/** A cancelled manifest gives back what it was promised, and what was loaded already goes back to where it was staged. */
const giveBackLots: Policy = {
  name: 'give-back-lots',
  on: ['ManifestCancelled'],
  unordered: true,
  async react({ event, stream, revision }, runtime) {
    const manifest = manifestIdOf(stream)
    if (event.type !== 'ManifestCancelled' || manifest === undefined) return []
    const { occurredAt } = event
    const { lines, legs } = await manifestSince(runtime, manifest, revision)
    const [first] = legs
    return lines.flatMap(({ line, lots }) =>
      lots.map(({ lot, from: place, shipped }) =>
        shipped === 0 || !first
          ? toLot(releaseReservation, lot, line, { manifest, line, reason: 'cancelled', occurredAt })
          : toLot(unloadLot, lot, line, {
              manifest,
              line,
              from: onRoad(first.carrier, first.plate, manifest, line),
              to: place,
              grams: grams(shipped),
              occurredAt,
            }),
      ),
    )
  },
}

export const policies: readonly Policy[] = [loadLots, handOverLots, giveBackLots]
