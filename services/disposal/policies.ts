import { unitOn } from '../../infra/commanding/context.ts'
import { execute, type Appended, type Runtime } from '../../infra/commanding/execute.ts'
import type { Policy, Reaction } from '../../infra/commanding/policies.ts'
import { manifestIdOf, manifestSince } from '../../infra/commanding/stocks.ts'
import type { Catalogues } from '../../schemas/catalogues/catalogue.ts'
import { categoryOf } from '../../schemas/catalogues/hazardous-waste.ts'
import type { Decider } from '../../schemas/decision.ts'
import type { LotEvent } from '../../schemas/lot/events.ts'
import type { Lot } from '../../schemas/lot/state.ts'
import type { ManifestEvent } from '../../schemas/manifest/events.ts'
import type { PassedOn } from '../../schemas/manifest/shapes.ts'
import { placesOnLine, type Manifest } from '../../schemas/manifest/state.ts'
import type { DomainEvent } from '../../schemas/streams.ts'
import type { TreatmentEventOf } from '../../schemas/treatment/events.ts'
import { lotStream, manifestStream, treatmentOf } from '../../schemas/values/identifiers.ts'
import { grouped } from '../../schemas/values/grouped.ts'
import { grams, type Grams } from '../../schemas/values/mass.ts'
import { lineOf, type Place } from '../../schemas/values/place.ts'
import { businessDay } from '../../schemas/values/time.ts'
import { Hazard, type Waste } from '../../schemas/values/waste.ts'
import type { Origin } from '../../schemas/values/origin.ts'
import { notePassedOn, noteTreatment } from './decide/line-treated.ts'
import { acceptLot, mixLot, openMixture, openResidue, returnLot, treatLot, type OpenResidue } from './decide/lots.ts'
import { linesTreated } from './lines-treated.ts'

/** A command to one lot, as what follows from a manifest's event. */
const toLot = <C>(key: string, decider: Decider<Lot, C, LotEvent, undefined>, lot: string, command: C): Reaction => ({
  key,
  stream: lotStream(lot),
  perform: (runtime, envelope) =>
    execute(runtime, { decider, stream: lotStream(lot), command, context: () => Promise.resolve(undefined) }, envelope),
})

/** A command to a manifest, as what follows for it from an event of something else. */
const toManifest = <C>(
  key: string,
  decider: Decider<Manifest, C, ManifestEvent, never>,
  manifest: string,
  command: C,
): Reaction => {
  const stream = manifestStream(manifest)
  const context = () => Promise.resolve(undefined as never)
  return {
    key,
    stream,
    perform: (runtime, envelope) => execute(runtime, { decider, stream, command, context }, envelope),
  }
}

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
    const filed = state.lines.find((one) => one.line === line)?.lots ?? []
    const back: Place = { at: 'collection', holder: state.consignor, place: store }
    // What its consignor had received itself lies under that line again.
    const backTo = (lot: string): Place => {
      const from = filed.find((one) => one.lot === lot)?.from
      return from?.at === 'disposal' ? { ...from, place: store } : back
    }
    return lots.map((part) =>
      toLot(`${line}/${part.lot}`, returnLot, part.lot, {
        manifest,
        line,
        from: refused,
        to: backTo(part.lot),
        grams: grams(part.grams),
        occurredAt: event.occurredAt,
      }),
    )
  },
}

/** The lots that were treated give up their mass, and the manifests under which it lay say so. */
const treatLots: Policy = {
  name: 'treat-lots',
  on: ['TreatmentRecorded', 'LineTreated'],
  unordered: true,
  async react(appended, runtime) {
    const recorded = await recordedBy(appended, runtime)
    if (!recorded) return []
    const { run, data } = recorded
    const { occurredAt } = appended.event
    const { origin, to } = await residuesOf(data, occurredAt, runtime)
    const { treatment, method, inputs, residues } = data
    const wastes = new Map(residues.map(({ lot, waste }) => [lot, waste]))
    const lots = grouped(inputs, ({ lot }) => lot)
    return [
      ...[...lots].map(([lot, shares]) =>
        toLot(`treat/${lot}`, treatLot, lot, {
          run,
          treatment,
          method,
          shares,
          origin,
          to,
          wastes,
          occurredAt,
        }),
      ),
      ...[...(run === undefined ? [] : linesTreated(run, data))].map(([manifest, lines]) =>
        toManifest(`line/${manifest}`, noteTreatment, manifest, { occurredAt, lines }),
      ),
    ]
  },
}

/** Residues come to be of what the treated lots gave up: none is older than its sources. */
const openResidues: Policy = {
  name: 'open-residues',
  on: ['TreatmentRecorded', 'LineTreated'],
  unordered: true,
  async react(appended, runtime) {
    const recorded = await recordedBy(appended, runtime)
    if (!recorded || recorded.data.residues.length === 0) return []
    const { data } = recorded
    const { occurredAt } = appended.event
    const { origin, to: at } = await residuesOf(data, occurredAt, runtime)
    return data.residues.map(({ lot, waste, grams: mass }) =>
      toLot(`residue/${lot}`, openResidue, lot, {
        waste,
        origin,
        at,
        treatment: data.treatment,
        occurredAt,
        grams: mass,
        sources: sourcesOf(lot, data),
        ...natureOf(waste, businessDay(occurredAt), runtime.catalogues),
      }),
    )
  },
}

/** Every lot of a mixture gives what went into it. */
const mixLots: Policy = {
  name: 'mix-lots',
  on: ['MixtureRecorded'],
  unordered: true,
  react({ event, stream }) {
    if (event.type !== 'MixtureRecorded') return []
    const { occurredAt } = event
    const { lot: into, to, inputs } = event.data
    return [...grouped(inputs, ({ lot }) => lot)].map(([lot, shares]) =>
      toLot(`mix/${lot}`, mixLot, lot, { run: treatmentOf(stream), into, to, shares, occurredAt }),
    )
  },
}

/** The mixture comes to be of what its lots gave. */
const openMixtures: Policy = {
  name: 'open-mixtures',
  on: ['MixtureRecorded'],
  react({ event }) {
    return event.type === 'MixtureRecorded' ? [toLot('mixture', openMixture, event.data.lot, event)] : []
  },
}

/** The manifest under which mass was received says that it went on. */
const passOn: Policy = {
  name: 'pass-on',
  on: ['LotPickedUp', 'LotReturned', 'LotMixedInto'],
  react({ event, stream }) {
    const passed = passedOn(event)
    const under = passed && lineOf(passed.place)
    if (!under || passed.place.at !== 'disposal') return []
    const { grams: mass, way } = passed
    const data = { line: under.line, lot: stream.slice(lotStream('').length), grams: mass, way }
    return [
      toManifest('passed-on', notePassedOn, under.manifest, {
        type: 'LinePassedOn',
        occurredAt: event.occurredAt,
        data,
      }),
    ]
  },
}

function passedOn(
  event: DomainEvent,
): { readonly place: Place; readonly grams: Grams; readonly way: PassedOn } | undefined {
  switch (event.type) {
    case 'LotPickedUp':
      return { place: event.data.from, grams: event.data.grams, way: 'shipped' }
    case 'LotReturned':
      return { place: event.data.to, grams: event.data.grams, way: 'taken-back' }
    case 'LotMixedInto':
      return { place: event.data.at, grams: event.data.grams, way: 'mixed' }
    default:
      return undefined
  }
}

type Recorded = TreatmentEventOf<'TreatmentRecorded'>['data']

/**
 * What a treatment is recorded as by this event. A line only says what its treatment did to it, but for one that was recorded on its manifest
 * alone, before treatments had streams of their own.
 */
async function recordedBy(
  { event, stream, revision }: Appended,
  runtime: Runtime,
): Promise<{ readonly run: string | undefined; readonly data: Recorded } | undefined> {
  if (event.type === 'TreatmentRecorded') return { run: treatmentOf(stream), data: event.data }
  const id = manifestIdOf(stream)
  if (event.type !== 'LineTreated' || event.data.run !== undefined || id === undefined) return undefined
  const { line: no, lots, ...said } = event.data
  const manifest = await manifestSince(runtime, id, revision)
  const line = manifest.lines.find((one) => one.line === no)
  if (!line) return undefined
  const { received } = placesOnLine(manifest, id, no)
  const inputs = lots.map((share) => ({ ...share, waste: line.waste, from: received }))
  return { run: undefined, data: { ...said, unit: manifest.receiver, inputs } }
}

/** Whose waste the residues are, and where they come to be. */
async function residuesOf(
  { unit, facility, inputs }: Recorded,
  occurredAt: string,
  runtime: Runtime,
): Promise<{ readonly origin: Origin; readonly to: Place }> {
  const { inside } = await unitOn(runtime, unit, businessDay(occurredAt))
  const place = facility ?? inputs[0]?.from.place ?? ''
  return { origin: { unit, inside }, to: { at: 'generation', holder: unit, place } }
}

function sourcesOf(residue: string, { inputs }: Recorded): OpenResidue['sources'] {
  const sources = new Map<string, number>()
  for (const { lot, residues } of inputs)
    for (const part of residues) if (part.lot === residue) sources.set(lot, (sources.get(lot) ?? 0) + part.grams)
  return [...sources].map(([lot, mass]) => ({ lot, grams: grams(mass) }))
}

/** A residue is classified by the list: its category, and the hazards that the list names. */
function natureOf({ stream, code }: Waste, day: string, catalogues: Catalogues) {
  if (stream !== 'hazardous') return { category: undefined, hazards: undefined }
  const listed = catalogues.hazardous(code, day)
  return { category: categoryOf(code), hazards: listed && Hazard.array().parse(listed.hazardSet) }
}

export const policies: readonly Policy[] = [
  acceptLots,
  returnLots,
  treatLots,
  openResidues,
  mixLots,
  openMixtures,
  passOn,
]
