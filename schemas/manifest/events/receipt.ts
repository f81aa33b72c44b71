import { z } from 'zod'
import { eventOf, NO_MASS } from '../../stream/event-row.ts'
import { FacilityCode, LotId, TreatmentId } from '../../values/identifiers.ts'
import { Grams, MovedGrams, SignedGrams } from '../../values/mass.ts'
import { Waste } from '../../values/waste.ts'
import { onLine, onLots } from '../lines.ts'
import { publicLineNo, publicTreatedLot } from '../public-shapes.ts'
import { DecidedLot, DifferenceKind, LineNo, PassedOn, TreatedLot } from '../shapes.ts'
import type { Manifest } from '../state.ts'

const event = eventOf<Manifest>()

/** The receiver's part. */
export const receipt = {
  /** 过磅 by the receiver: gross and tare of the vehicle; what arrived is their difference. */
  LoadWeighed: event({
    schema: z.strictObject({ gross: MovedGrams, tare: MovedGrams, net: MovedGrams }),
    fold: (manifest, { occurredAt, data: { gross, tare, net } }) => ({
      ...manifest,
      status: 'weighed',
      weighing: { gross, tare, net },
      stepAt: occurredAt,
    }),
    mass: NO_MASS,
    concerns: 'no new unit',
    public: {
      name: 'load-weighed',
      version: 1,
      facts: z.strictObject({ gross: MovedGrams, tare: MovedGrams, net: MovedGrams }),
    },
    zh: '接受人过磅',
    en: 'The receiver weighed the vehicle full and empty (过磅)',
  }),

  LineDecided: event({
    schema: z.strictObject({
      line: LineNo,
      decision: z.enum(['accepted', 'partly-accepted', 'refused']),
      accepted: Grams,
      refused: Grams,
      variance: SignedGrams,
      difference: DifferenceKind,
      note: z.string().optional(),
      method: z.string().optional(),
      lots: z.array(DecidedLot).min(1),
    }),
    fold: (manifest, { occurredAt, data: { line: no, decision, accepted, refused, method, lots } }) =>
      onLine(manifest, no, (line) => ({
        ...line,
        decision,
        accepted,
        refused,
        decidedMethod: method,
        decidedAt: occurredAt,
        lots: onLots(line, lots, (lot, part) => ({ ...lot, accepted: part.accepted, refused: part.refused })),
      })),
    mass: NO_MASS,
    concerns: 'no new unit',
    public: {
      name: 'line-decided',
      version: 1,
      facts: z.strictObject({
        line: publicLineNo,
        decision: z.enum(['accepted', 'partly-accepted', 'refused']),
        accepted: Grams,
        refused: Grams,
        variance: SignedGrams,
        difference: z.enum(['none', 'quantity', 'packaging', 'form', 'nature', 'name', 'other']),
        note: z.string().optional(),
        method: z.string().optional(),
        lots: z
          .array(
            z.strictObject({ lot: LotId, shipped: MovedGrams, accepted: Grams, refused: Grams, variance: SignedGrams }),
          )
          .min(1),
      }),
    },
    zh: '接受人决定接受、部分接受或拒收一行',
    en: 'The receiver accepted a line, a part of it, or nothing',
  }),

  /** Every line is decided. */
  ManifestCompleted: event({
    schema: z.strictObject({}),
    fold: (manifest) => ({ ...manifest, status: 'completed' }),
    mass: NO_MASS,
    concerns: 'no new unit',
    public: { name: 'completed', version: 1, facts: z.strictObject({}) },
    zh: '各行均已办结',
    en: 'Every line is decided',
  }),

  LineReturned: event({
    schema: z.strictObject({
      line: LineNo,
      lots: z.array(z.strictObject({ lot: LotId, grams: MovedGrams })).min(1),
      to: z.string(),
    }),
    fold: (manifest, { occurredAt, data }) =>
      onLine(manifest, data.line, (line) => ({
        ...line,
        returnedAt: occurredAt,
        lots: onLots(line, data.lots, (lot, { grams }) => ({ ...lot, returned: lot.returned + grams })),
      })),
    mass: NO_MASS,
    concerns: 'no new unit',
    public: {
      name: 'line-returned',
      version: 1,
      facts: z.strictObject({
        line: publicLineNo,
        lots: z.array(z.strictObject({ lot: LotId, grams: MovedGrams })).min(1),
        to: z.string(),
      }),
    },
    zh: '拒收部分已退回',
    en: 'What was refused of a line came back',
  }),

  LineTreated: event({
    schema: z.strictObject({
      line: LineNo,
      treatment: z.string(),
      /** The treatment's own id: this says what it did to the line. Earlier treatments were recorded here alone. */
      run: TreatmentId.optional(),
      facility: FacilityCode.optional(),
      method: z.string(),
      treated: MovedGrams,
      product: Grams,
      productName: z.string().optional(),
      loss: Grams,
      landfilled: Grams,
      residues: z.array(z.strictObject({ lot: LotId, waste: Waste, grams: MovedGrams })),
      lots: z.array(TreatedLot).min(1),
    }),
    fold: (manifest, { data: { line: no, treatment, treated, lots } }) =>
      onLine(manifest, no, (line) => ({
        ...line,
        treated: line.treated + treated,
        treatments: [...line.treatments, treatment],
        lots: onLots(line, lots, (lot, part) => ({ ...lot, treated: lot.treated + part.grams })),
      })),
    mass: NO_MASS,
    concerns: 'no new unit',
    public: {
      name: 'line-treated',
      version: 1,
      facts: z.strictObject({
        line: publicLineNo,
        treatment: z.string(),
        run: TreatmentId.optional(),
        facility: FacilityCode.optional(),
        method: z.string(),
        treated: MovedGrams,
        product: Grams,
        productName: z.string().optional(),
        loss: Grams,
        landfilled: Grams,
        residues: z.array(z.strictObject({ lot: LotId, waste: Waste, grams: MovedGrams })),
        lots: z.array(publicTreatedLot).min(1),
      }),
    },
    zh: '已接受部分完成利用或处置',
    en: 'What was accepted of a line was recycled or disposed of',
  }),

  /** What was accepted of a line left it without being treated: its receiver shipped it on, or mixed it with other waste. */
  LinePassedOn: event({
    schema: z.strictObject({ line: LineNo, lot: LotId, grams: MovedGrams, way: PassedOn }),
    fold: (manifest, { data: { line: no, grams, way } }) =>
      onLine(manifest, no, (line) => ({
        ...line,
        passedOn: way === 'taken-back' ? line.passedOn - grams : line.passedOn + grams,
      })),
    mass: NO_MASS,
    concerns: 'no new unit',
    public: {
      name: 'line-passed-on',
      version: 1,
      facts: z.strictObject({
        line: publicLineNo,
        lot: LotId,
        grams: MovedGrams,
        way: z.enum(['shipped', 'mixed', 'taken-back']),
      }),
    },
    zh: '已接受部分未经处理而转出、混合或收回',
    en: 'What was accepted of a line was shipped on or mixed, or came back to it',
  }),
}
