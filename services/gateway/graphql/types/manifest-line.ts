import type { LineNote } from '../../../../projections/manifests/fold.ts'
import type { Line, LotOnLine } from '../../../../schemas/manifest/lines.ts'
import { builder } from '../builder.ts'
import { LineDecision, WasteStream } from '../enums.ts'
import { Lot } from './lot.ts'

const ManifestLineLot = builder.objectRef<LotOnLine>('ManifestLineLot')
ManifestLineLot.implement({
  description: 'One lot’s part of a line.',
  fields: (t) => ({
    lotId: t.exposeID('lot'),
    lot: t.field({ type: Lot, nullable: true, resolve: ({ lot }) => lot }),
    bornOn: t.expose('bornOn', { type: 'Date' }),
    batch: t.exposeString('batch', { nullable: true }),
    outBatch: t.exposeString('outBatch', { nullable: true, description: '出库批次编码。' }),
    label: t.exposeString('label', { nullable: true }),
    planned: t.expose('grams', { type: 'Grams' }),
    shipped: t.expose('shipped', { type: 'Grams' }),
    accepted: t.expose('accepted', { type: 'Grams' }),
    refused: t.expose('refused', { type: 'Grams' }),
    returned: t.expose('returned', { type: 'Grams' }),
    treated: t.expose('treated', { type: 'Grams' }),
  }),
})

/** A line with the receiver's note beside it. */
export const ManifestLine = builder.objectRef<Line & { readonly received: LineNote | undefined }>('ManifestLine')
ManifestLine.implement({
  description:
    '联单明细：计划、移出、接受三个数量并列。 The three masses stand side by side, none ever written over another.',
  fields: (t) => {
    const decided = (of: (line: Line) => number) =>
      t.field({ type: 'Grams', nullable: true, resolve: (line) => (line.decision === undefined ? null : of(line)) })
    return {
      line: t.exposeInt('line'),
      stream: t.field({ type: WasteStream, resolve: ({ waste }) => waste.stream }),
      wasteCode: t.string({ resolve: ({ waste }) => waste.code }),
      name: t.exposeString('name'),
      hazards: t.stringList({ resolve: ({ hazards }) => [...hazards] }),
      form: t.exposeString('form', { nullable: true }),
      packaging: t.exposeString('packaging', { nullable: true }),
      packageCount: t.exposeInt('packageCount', { nullable: true }),
      harmful: t.exposeString('harmful', { nullable: true }),
      planned: t.expose('planned', { type: 'Grams', description: '计划转移量。' }),
      shipped: t.expose('shipped', { type: 'Grams', nullable: true, description: '移出量；交付之前为空。' }),
      weighed: t.exposeBoolean('weighed', { description: 'Whether `shipped` comes from the consignor’s scale.' }),
      accepted: decided(({ accepted }) => accepted),
      refused: decided(({ refused }) => refused),
      treated: t.expose('treated', { type: 'Grams' }),
      decision: t.expose('decision', { type: LineDecision, nullable: true }),
      difference: t.string({
        nullable: true,
        description: '重大差异。',
        resolve: ({ received }) => received?.difference ?? null,
      }),
      note: t.string({ nullable: true, resolve: ({ received }) => received?.note ?? null }),
      plannedMethod: t.exposeString('method', { nullable: true }),
      method: t.exposeString('decidedMethod', { nullable: true, description: '拟利用处置方式，由接受人确定。' }),
      lots: t.field({ type: [ManifestLineLot], resolve: ({ lots }) => [...lots] }),
    }
  },
})
