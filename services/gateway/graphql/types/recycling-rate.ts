import type { RecyclingRate as RecyclingRateAnswer } from '../../../../projections/journal/queries/recycling-rate.ts'
import type { Scope } from '../../../../projections/journal/queries/scope.ts'
import type { RateFormula } from '../../../../schemas/rules/indicators.ts'
import { builder } from '../builder.ts'
import { connection, pageCost } from '../paging.ts'
import { EventConnection, eventWalk } from './event.ts'

const Formula = builder.objectRef<RateFormula>('Formula')
Formula.implement({
  description: '公式及其版本。 The formula that was applied, and its edition.',
  fields: (t) => ({
    edition: t.exposeString('edition'),
    source: t.exposeString('source'),
    effectiveFrom: t.field({ type: 'Date', resolve: ({ effective }) => effective.from }),
    text: t.string({ description: 'In the language of Accept-Language.', resolve: (formula, _args, { language }) => formula[language] }),
    zh: t.exposeString('zh'),
    en: t.exposeString('en'),
    recovery: t.stringList({ description: 'Methods that are 利用 in this edition.', resolve: ({ recovery }) => [...recovery] }),
  }),
})

export const RecyclingRate = builder.objectRef<RecyclingRateAnswer & { readonly scope: Scope }>('RecyclingRate')
RecyclingRate.implement({
  description: '综合利用率；分母为零时不出数。 No denominator, no value.',
  fields: (t) => ({
    value: t.exposeFloat('value', { nullable: true }),
    percent: t.exposeString('percent', { nullable: true, description: 'Two decimals, rounded half up from the exact fraction.' }),
    numerator: t.expose('numerator', { type: 'Grams' }),
    denominator: t.expose('denominator', { type: 'Grams' }),
    formula: t.expose('formula', { type: Formula }),
    events: t.field({
      type: EventConnection,
      args: { first: t.arg.int(), after: t.arg.string() },
      complexity: pageCost,
      resolve: ({ from, to, stream, scope, position }, args, context) => {
        const { readSide, visibility } = context
        const question = { from, to, stream, scope, position }
        return connection(
          args,
          context,
          eventWalk,
          async (page) =>
            (await readSide.eventsAt(await readSide.rateEvents(question, page, visibility), visibility)).toSorted((a, b) => a.position - b.position),
          () => readSide.countRateEvents(question, visibility),
        )
      },
    }),
    position: t.expose('position', { type: 'Position' }),
  }),
})
