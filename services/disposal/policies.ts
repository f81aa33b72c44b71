import { unitOn } from '../../infra/commanding/context.ts'
import { execute } from '../../infra/commanding/execute.ts'
import type { Policy, Reaction } from '../../infra/commanding/policies.ts'
import { manifestIdOf, manifestSince } from '../../infra/commanding/stocks.ts'
import type { Catalogues } from '../../schemas/catalogues/catalogue.ts'
import { categoryOf } from '../../schemas/catalogues/hazardous-waste.ts'
import type { Decider } from '../../schemas/decision.ts'
import type { LotEvent } from '../../schemas/lot/events.ts'
import type { Lot } from '../../schemas/lot/state.ts'
import type { ManifestEventOf } from '../../schemas/manifest/events.ts'
import { placesOnLine } from '../../schemas/manifest/state.ts'
import { lotStream } from '../../schemas/values/identifiers.ts'
import { grams } from '../../schemas/values/mass.ts'
import type { Place } from '../../schemas/values/place.ts'
import { businessDay } from '../../schemas/values/time.ts'
import { Hazard, type Waste } from '../../schemas/values/waste.ts'
import { acceptLot, openResidue, returnLot, treatLot } from './decide/lots.ts'
import type { Origin } from '../../schemas/values/origin.ts'

/** A command to one lot, as what follows from a manifest's event. */
const toLot = <C>(key: string, decider: Decider<Lot, C, LotEvent, undefined>, lot: string, command: C): Reaction => ({
  key,
  stream: lotStream(lot),
  perform: (runtime, envelope) =>
    execute(runtime, { decider, stream: lotStream(lot), command, context: () => Promise.resolve(undefined) }, envelope),
})

/** Accepted mass moves to the receiver, refused mass is kept apart on the vehicle; a lot of which nothing arrived is told so too. */
const acceptLots: Policy = {
  name: 'accept-lots',
  on: ['LineDecided'],
  unordered: true,
  async react({ event, stream, revision }, runtime) {
    const manifest = manifestIdOf(stream)
    if (event.type !== 'LineDecided' || manifest === undefined) return []
    const { line, lots } = event.data
    const { road, refused, received } = placesOnLine(await manifestSince(runtime, manifest, revision), manifest, line)
    return lots.map((share) =>
      toLot(`${line}/${share.lot}`, acceptLot, share.lot, {
        manifest,
        line,
        share,
        from: road,
        to: received,
        refusedTo: refused,
        occurredAt: event.occurredAt,
      }),
    )
  },
}

const returnLots: Policy = {
  name: 'return-lots',
  on: ['LineReturned'],
  unordered: true,
  async react({ event, stream, revision }, runtime) {
    const manifest = manifestIdOf(stream)
    if (event.type !== 'LineReturned' || manifest === undefined) return []
    const { line, lots, to: store } = event.data
    const state = await manifestSince(runtime, manifest, revision)
    const { refused } = placesOnLine(state, manifest, line)
    const to: Place = { at: 'collection', holder: state.consignor, place: store }
    return lots.map((part) =>
      toLot(`${line}/${part.lot}`, returnLot, part.lot, {
        manifest,
        line,
        from: refused,
        to,
        grams: grams(part.grams),
        occurredAt: event.occurredAt,
      }),
    )
  },
}

/** First the treated lots give up their mass, oldest first, then the residues come to be of it: a residue is never older than its sources. */
const treatLots: Policy = {
  name: 'treat-lots',
  on: ['LineTreated'],
  async react({ event, stream, revision }, runtime) {
    const manifest = manifestIdOf(stream)
    if (event.type !== 'LineTreated' || manifest === undefined) return []
    const { line, lots, method, treatment, facility, residues } = event.data
    const { occurredAt } = event
    const state = await manifestSince(runtime, manifest, revision)
    const { received } = placesOnLine(state, manifest, line)
    const { inside } = await unitOn(runtime, state.receiver, businessDay(occurredAt))
    const origin: Origin = { unit: state.receiver, inside }
    const at: Place = { at: 'generation', holder: state.receiver, place: facility ?? received.place }
    const comingToBe = { origin, to: at, wastes: new Map(residues.map(({ lot, waste }) => [lot, waste])) }
    return [
      ...lots.map((share) =>
        toLot(`treat/${share.lot}`, treatLot, share.lot, {
          manifest,
          line,
          share,
          from: received,
          method,
          treatment,
          residues: comingToBe,
          occurredAt,
        }),
      ),
      ...residues.map(({ lot, waste, grams: mass }) =>
        toLot(`residue/${lot}`, openResidue, lot, {
          waste,
          origin,
          at,
          treatment,
          occurredAt,
          grams: grams(mass),
          sources: sourcesOf(lot, event.data),
          ...natureOf(waste, businessDay(occurredAt), runtime.catalogues),
        }),
      ),
    ]
  },
}

const sourcesOf = (residue: string, { lots }: ManifestEventOf<'LineTreated'>['data']) =>
  lots.flatMap((share) =>
    share.residues.filter(({ lot }) => lot === residue).map((part) => ({ lot: share.lot, grams: grams(part.grams) })),
  )

/** A residue is classified by the list: its category, and the hazards that the list names. */
function natureOf({ stream, code }: Waste, day: string, catalogues: Catalogues) {
  if (stream !== 'hazardous') return { category: undefined, hazards: undefined }
  const listed = catalogues.hazardous(code, day)
  return { category: categoryOf(code), hazards: listed && Hazard.array().parse(listed.hazardSet) }
}

export const policies: readonly Policy[] = [acceptLots, returnLots, treatLots]
