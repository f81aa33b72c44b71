import { stageOf } from '../../../../projections/journal/kinds.ts'
import type { StockRow as StockRowAnswer } from '../../../../projections/journal/queries/stock.ts'
import { Day } from '../../../../schemas/values/time.ts'
import { builder } from '../builder.ts'
import { AccountKind, Stage, WasteStream } from '../enums.ts'
import { Unit } from './unit.ts'

/** 固废法 第八十一条: hazardous waste is stored for no longer than one year. Other streams have no such limit. */
export function storageLimit(stream: StockRowAnswer['stream'], oldest: Day): Day | undefined {
  if (stream !== 'hazardous') return undefined
  const day = new Date(`${oldest}T00:00:00Z`)
  day.setUTCFullYear(day.getUTCFullYear() + 1)
  const text = day.toISOString().slice(0, 10)
  // A year later may be year 10000, which no day of ours can say: such a stock has no last day.
  return Day.safeParse(text).success ? text : undefined
}

export const StockRow = builder.objectRef<StockRowAnswer>('StockRow')
StockRow.implement({
  description: '贮存。 What lies with one holder at one place.',
  fields: (t) => ({
    holderCode: t.exposeID('holder'),
    holder: t.field({ type: Unit, nullable: true, resolve: ({ holder }) => holder }),
    site: t.exposeString('site'),
    kind: t.expose('kind', { type: AccountKind }),
    stage: t.field({ type: Stage, nullable: true, resolve: ({ kind }) => stageOf(kind) ?? null }),
    stream: t.expose('stream', { type: WasteStream }),
    code: t.exposeString('code'),
    grams: t.expose('grams', { type: 'Grams' }),
    lots: t.exposeInt('lots'),
    oldestDay: t.expose('oldestDay', { type: 'Date', description: 'Day on which the oldest of it was generated.' }),
    limit: t.field({
      type: 'Date',
      nullable: true,
      description: 'Last day on which the oldest of it may lie in store, where the law sets one.',
      resolve: ({ stream, oldestDay }) => storageLimit(stream, oldestDay) ?? null,
    }),
  }),
})
