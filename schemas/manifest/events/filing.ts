import { z } from 'zod'
import { eventOf, NO_MASS } from '../../stream/event-row.ts'
import { UnitCode } from '../../values/unit-code.ts'
import { filedLine } from '../lines.ts'
import { publicFiledLine, publicLeg } from '../public-shapes.ts'
import { FiledLine, Leg, ManifestForm } from '../shapes.ts'
import type { Manifest } from '../state.ts'

const event = eventOf<Manifest>()

export const filing = {
  ManifestFiled: event({
    schema: z.strictObject({
      form: ManifestForm,
      /** Official 14-digit number (R48), or the record's number of an out-record. Absent until it is attached. */
      number: z.string().optional(),
      consignor: z.strictObject({
        unit: UnitCode,
        emergencyPhone: z.string().optional(),
        address: z.string().optional(),
      }),
      receiver: z.strictObject({ unit: UnitCode, licence: z.string().optional(), address: z.string().optional() }),
      /** 托运人 (R54). */
      shipper: UnitCode,
      legs: z.array(Leg).min(1),
      destination: z.enum(['in-province', 'cross-province', 'abroad']),
      lines: z.array(FiledLine).min(1),
    }),
    fold: (manifest, { occurredAt, data: { form, number, consignor, receiver, shipper, legs, lines } }) => ({
      ...manifest,
      status: 'filed',
      form,
      number,
      consignor: consignor.unit,
      receiver: receiver.unit,
      licence: receiver.licence,
      shipper,
      legs,
      lines: lines.map(filedLine),
      filedAt: occurredAt,
      stepAt: occurredAt,
    }),
    mass: NO_MASS,
    concerns: {
      begins: ({ consignor, receiver, shipper, legs, lines }) => ({
        units: [consignor.unit, receiver.unit, shipper, ...legs.map(({ carrier }) => carrier)],
        streams: lines.map(({ waste }) => waste.stream),
      }),
    },
    public: {
      name: 'filed',
      version: 1,
      facts: z.strictObject({
        form: z.enum(['transfer-manifest', 'out-record']),
        number: z.string().optional(),
        consignor: z.strictObject({
          unit: UnitCode,
          emergencyPhone: z.string().optional(),
          address: z.string().optional(),
        }),
        receiver: z.strictObject({ unit: UnitCode, licence: z.string().optional(), address: z.string().optional() }),
        shipper: UnitCode,
        legs: z.array(publicLeg).min(1),
        destination: z.enum(['in-province', 'cross-province', 'abroad']),
        lines: z.array(publicFiledLine).min(1),
      }),
    },
    zh: '填报转移，逐行列明',
    en: 'A transfer was filed, line by line',
  }),

  /** The filing never came to be and never will: closes the stream so that reservations can be released safely. */
  ManifestAbandoned: event({
    schema: z.strictObject({ reason: z.literal('never-filed') }),
    fold: (manifest) => ({ ...manifest, status: 'abandoned' }),
    mass: NO_MASS,
    concerns: 'ends',
    public: {
      name: 'abandoned',
      version: 2,
      facts: z.strictObject({ cause: z.literal('never-filed') }),
      names: { reason: 'cause' },
    },
    zh: '填报未完成，已作废',
    en: 'A filing never came to be and never will',
  }),

  OfficialNumberAttached: event({
    schema: z.strictObject({ number: z.string() }),
    fold: (manifest, { data: { number } }) => ({ ...manifest, number }),
    mass: NO_MASS,
    concerns: 'no new unit',
    public: { name: 'number-attached', version: 1, facts: z.strictObject({ number: z.string() }) },
    zh: '取得正式联单编号',
    en: 'The official 14-digit number became known',
  }),

  ManifestCancelled: event({
    schema: z.strictObject({ reason: z.string().min(1).max(500) }),
    fold: (manifest) => ({ ...manifest, status: 'cancelled' }),
    mass: NO_MASS,
    concerns: 'no new unit',
    public: {
      name: 'cancelled',
      version: 2,
      facts: z.strictObject({ cause: z.string().min(1).max(500) }),
      names: { reason: 'cause' },
    },
    zh: '交付前撤销转移',
    en: 'A transfer was cancelled before pickup',
  }),
}
