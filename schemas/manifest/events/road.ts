import { z } from 'zod'
import { eventOf, NO_MASS } from '../../stream/event-row.ts'
import { LabelCode, LotId } from '../../values/identifiers.ts'
import { MovedGrams } from '../../values/mass.ts'
import { SealedPerson } from '../../values/person.ts'
import { Place } from '../../values/place.ts'
import { RecordedPlate } from '../../values/plate.ts'
import { UnitCode } from '../../values/unit-code.ts'
import { onLine, onLots } from '../lines.ts'
import { publicLeg, publicPickedUpLine } from '../public-shapes.ts'
import { Leg, LineNo } from '../shapes.ts'
import type { Manifest } from '../state.ts'

const event = eventOf<Manifest>()

interface Vehicle {
  readonly plate: Leg['plate']
  readonly trailer?: Leg['plate'] | undefined
}

/** The first leg goes with the vehicle that came for the load. */
const onFirstVehicle = ({ legs }: Manifest, { plate, trailer }: Vehicle): readonly Leg[] =>
  legs.map((leg, i) => (i === 0 ? { ...leg, plate, ...(trailer === undefined ? {} : { trailer }) } : leg))

/** From the consignor's gate to the receiver's. */
export const road = {
  /** 交付: labels scanned and masses weighed by the consignor (移出量), lot by lot. */
  ManifestPickedUp: event({
    schema: z.strictObject({
      carrier: UnitCode,
      plate: RecordedPlate,
      trailer: RecordedPlate.optional(),
      driver: SealedPerson.optional(),
      lines: z
        .array(
          z.strictObject({
            line: LineNo,
            labels: z.array(LabelCode),
            shipped: MovedGrams,
            weighed: z.boolean(),
            lots: z.array(z.strictObject({ lot: LotId, from: Place, grams: MovedGrams })),
          }),
        )
        .min(1),
    }),
    fold: (manifest, { occurredAt, data }) =>
      data.lines.reduce<Manifest>(
        (state, { line: no, shipped, weighed, lots }) =>
          onLine(state, no, (line) => ({
            ...line,
            shipped,
            weighed,
            lots: onLots(line, lots, (lot, { grams }) => ({ ...lot, shipped: grams })),
          })),
        { ...manifest, status: 'loaded', legs: onFirstVehicle(manifest, data), stepAt: occurredAt },
      ),
    mass: NO_MASS,
    concerns: { joins: ({ carrier }) => ({ units: [carrier] }) },
    public: {
      name: 'picked-up',
      version: 1,
      facts: z.strictObject({
        carrier: UnitCode,
        plate: RecordedPlate,
        trailer: RecordedPlate.optional(),
        driver: SealedPerson.optional(),
        lines: z.array(publicPickedUpLine).min(1),
      }),
    },
    zh: '扫描标签、称重后交付承运人',
    en: 'Labels scanned and masses weighed, the load was handed to its carrier (交付)',
  }),

  ManifestDeparted: event({
    schema: z.strictObject({ from: z.string().optional() }),
    fold: (manifest, { occurredAt }) => ({ ...manifest, status: 'departed', stepAt: occurredAt }),
    mass: NO_MASS,
    concerns: 'no new unit',
    public: {
      name: 'departed',
      version: 2,
      facts: z.strictObject({ place: z.string().optional() }),
      names: { from: 'place' },
    },
    zh: '车辆起运',
    en: 'The vehicle set off',
  }),

  ManifestHandedOver: event({
    schema: z.strictObject({ leg: z.int().positive(), from: Leg, to: Leg, place: z.string() }),
    fold: (manifest, { occurredAt, data }) => ({
      ...manifest,
      leg: data.leg,
      legs: manifest.legs.map((leg, i) => (i === data.leg ? data.to : leg)),
      stepAt: occurredAt,
    }),
    mass: NO_MASS,
    concerns: { joins: ({ to }) => ({ units: [to.carrier] }) },
    public: {
      name: 'handed-over',
      version: 1,
      facts: z.strictObject({ leg: z.int().positive(), from: publicLeg, to: publicLeg, place: z.string() }),
    },
    zh: '承运人之间转交',
    en: 'The load went from one carrier to the next',
  }),

  ManifestArrived: event({
    schema: z.strictObject({ place: z.string().optional() }),
    fold: (manifest, { occurredAt }) => ({ ...manifest, status: 'arrived', stepAt: occurredAt }),
    mass: NO_MASS,
    concerns: 'no new unit',
    public: { name: 'arrived', version: 1, facts: z.strictObject({ place: z.string().optional() }) },
    zh: '车辆抵达接受人',
    en: 'The vehicle came to the receiver',
  }),
}
