import { methodUnknown } from '../../../schemas/catalogues/unknown-codes.ts'
import { actsFor } from '../../../schemas/actor.ts'
import type { Method } from '../../../schemas/catalogues/catalogue.ts'
import type { Context } from '../../../schemas/context.ts'
import { accept, acceptUnlessBlocked, refusal, refuse, type Decider, type Refusal } from '../../../schemas/decision.ts'
import type { LotEvent } from '../../../schemas/lot/events.ts'
import { evolveLot, noLot, type Lot } from '../../../schemas/lot/state.ts'
import { grams, type Grams } from '../../../schemas/values/mass.ts'
import { lineDocument, type Place } from '../../../schemas/values/place.ts'
import { present } from '../../../schemas/values/present.ts'
import { sameContent } from '../../../schemas/values/same.ts'
import { businessDay } from '../../../schemas/values/time.ts'
import type { Waste } from '../../../schemas/values/waste.ts'
import { law } from '../../../schemas/rules/law.ts'
import type { SealedRecordTrip, TripContext } from '../../../schemas/rules/questions.ts'

const STREAMS: readonly string[] = ['municipal', 'construction', 'sludge']

/**
 * One weighbridge slip: a load from its source to its treatment. Everything that the slip says happened is one append, in the order
 * of business time, because nobody recorded the steps one by one.
 */
export const recordTrip: Decider<Lot, SealedRecordTrip, LotEvent, TripContext> = {
  initial: noLot,
  evolve: evolveLot,
  decide(command, lot, context) {
    const outsider = foreign(command, context)
    if (outsider) return refuse(outsider)
    const wrong = unsound(command, context)
    const method = context.catalogues.method(command.method)
    if (lot.exists)
      return !wrong && method && isRecorded(command, method, context)
        ? accept([])
        : refuse(refusal('record-reused', '/trip', { record: command.trip }))
    if (wrong) return refuse(wrong)
    if (!method) return refuse(methodUnknown(command.method, '/method'))
    if (!fits(method))
      return refuse(refusal('method-unfit', '/method', { method: method.code, stream: command.stream }))

    if (context.other && isRecorded(command, method, { ...context, ...context.other })) return accept([])

    const { stream, code, arrivedAt } = command
    const waste: Waste = { stream, code }
    const findings = law.ask('RecordTrip', { command, lot, context, day: businessDay(arrivedAt) })
    return acceptUnlessBlocked(findings, () => events(command, waste, method, context))
  },
}

/** Whether the slip said all this before. */
function isRecorded(command: SealedRecordTrip, method: Method, context: TripContext): boolean {
  const acts = events(command, { stream: command.stream, code: command.code }, method, context)
  const plain = ({ type, occurredAt, data }: LotEvent) => ({ type, occurredAt, data })
  return sameContent(acts.map(plain), (context.recorded ?? []).slice(0, acts.length).map(plain))
}

/** The slip is the receiver's, from its weighbridge; the carrier may hand it in as well. */
function foreign({ source, carrier, receiver }: SealedRecordTrip, context: TripContext): Refusal | undefined {
  if (!actsFor(context.actor, receiver, 'receiver') && !actsFor(context.actor, carrier, 'carrier'))
    return refusal('not-your-part', '', { action: 'trip', by: 'receiver' })
  const parties = [
    ['/source', source, context.source],
    ['/carrier', carrier, context.carrier],
    ['/receiver', receiver, context.receiver],
  ] as const
  const unknown = parties.find(([, , unit]) => !unit.exists)
  if (!unknown) return undefined
  const [pointer, unit, { closedFrom }] = unknown
  return refusal('unit-unknown', pointer, present({ unit, closedFrom }))
}

/** What is wrong with the slip itself, before any rule of law is asked. */
function unsound(command: SealedRecordTrip, context: Pick<Context, 'provenance'>): Refusal | undefined {
  const { stream, grossKg, tareKg, netKg, arrivedAt } = command
  if (!STREAMS.includes(stream)) return refusal('not-a-trip-stream', '/stream', { stream })
  const net = grossKg - tareKg
  if (net <= 0 || (netKg !== undefined && netKg !== net))
    return refusal('net-not-gross-less-tare', netKg === undefined ? '/grossKg' : '/netKg', {
      gross: grossKg,
      tare: tareKg,
    })
  const [dry] = law.ask('RecordTrip:moisture', { command, context, day: businessDay(arrivedAt) })
  return dry && { code: 'moisture-missing', rule: dry.rule, pointer: dry.pointer, facts: dry.facts }
}

/** Transfer and storage treat nothing; the methods of medical waste (Y) and of chromium slag (G2x) are for those wastes alone. */
const fits = ({ code, kind }: Method): boolean => kind !== 'transfer' && !/^(Y|G2)\d/.test(code)

/** Dry mass in whole grams, rounded half up; moisture in hundredths of a per cent, so that no float is involved. */
export function dryMass(wet: Grams, moisture: number): Grams {
  return grams(Math.floor((wet * (10_000 - moisture) + 5_000) / 10_000))
}

function events(
  command: SealedRecordTrip,
  waste: Waste,
  { kind, landfill }: Method,
  context: TripContext,
): readonly LotEvent[] {
  const {
    trip,
    source,
    carrier,
    receiver,
    plate,
    trailer,
    driver,
    departedAt,
    arrivedAt,
    grossKg,
    tareKg,
    moisturePercent,
  } = command
  const net = grams((grossKg - tareKg) * 1_000)
  const moisture = moisturePercent === undefined ? undefined : Math.round(moisturePercent * 100)
  const dryGrams = moisture === undefined ? undefined : dryMass(net, moisture)

  const manifest = context.manifest
  const document = lineDocument(manifest, 1)
  const under = { manifest, line: 1 }
  const line: Place = { at: 'generation', holder: source, place: '' }
  const sorted: Place = { at: 'classification', holder: source, place: '' }
  const collected: Place = { at: 'collection', holder: carrier, place: plate }
  const road: Place = { at: 'transport', holder: carrier, place: plate, document }
  const plant: Place = { at: 'disposal', holder: receiver, place: '', document }
  const refusedTo: Place = { ...road, at: 'refused' }

  const all = net
  const none = grams(0)
  const recovered = kind === 'recovery'
  return [
    {
      type: 'LotGenerated',
      occurredAt: departedAt,
      data: {
        waste,
        origin: { unit: source, inside: context.source.inside },
        to: line,
        grams: net,
        pool: false,
        batch: trip,
        ...present({ moisture, dryGrams }),
      },
    },
    { type: 'LotClassified', occurredAt: departedAt, data: { waste, from: line, to: sorted, grams: net } },
    {
      type: 'LotStored',
      occurredAt: departedAt,
      data: { waste, from: sorted, to: collected, grams: net, whole: true, ...present({ handler: driver }) },
    },
    {
      type: 'LotPickedUp',
      occurredAt: departedAt,
      data: { waste, from: collected, to: road, grams: net, whole: true, ...under, ...present({ trailer }) },
    },
    {
      type: 'LotAccepted',
      occurredAt: arrivedAt,
      data: { waste, from: road, to: plant, refusedTo, ...under, accepted: net, refused: none, variance: 0 },
    },
    {
      type: 'LotTreated',
      occurredAt: arrivedAt,
      data: {
        waste,
        from: plant,
        grams: net,
        method: command.method,
        treatment: trip,
        ...under,
        product: recovered ? all : none,
        landfilled: landfill ? all : none,
        loss: recovered || landfill ? none : all,
        residues: [],
      },
    },
  ]
}
