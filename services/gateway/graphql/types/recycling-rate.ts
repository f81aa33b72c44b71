import type { RecyclingRate as RecyclingRateAnswer } from '../../../../projections/journal/queries/recycling-rate.ts'
import type { Scope } from '../../../../projections/journal/queries/scope.ts'
import type { RateFormula } from '../../../../schemas/rules/indicators.ts'
import type { Finding } from '../../../../schemas/decision.ts'
import { renderFinding } from '../../../../schemas/texts/render.ts'
import { builder } from '../builder.ts'
import { Severity } from '../enums.ts'
import { connection, pageCost } from '../paging.ts'
import { EventConnection, eventWalk } from './event.ts'

const Formula = builder.objectRef<RateFormula>('Formula')
Formula.implement({
  description: '公式及其版本。 The formula that was applied, and its edition.',
  fields: (t) => ({
    edition: t.exposeString('edition'),
    source: t.exposeString('source'),
    effectiveFrom: t.field({ type: 'Date', resolve: ({ effective }) => effective.from }),
    text: t.string({
      description: 'In the language of Accept-Language.',
      resolve: (formula, _args, { language }) => formula[language],
    }),
    zh: t.exposeString('zh'),
    en: t.exposeString('en'),
    recovery: t.stringList({
      description: 'Methods that are 利用 in this edition.',
      resolve: ({ recovery }) => [...recovery],
    }),
  }),
})

const Verdict = builder.objectRef<Finding>('RuleVerdict')
Verdict.implement({
  description: '规则对指标的判定。 What a rule says about a figure itself; no event was accepted with it.',
  fields: (t) => ({
    rule: t.exposeString('rule'),
    severity: t.field({ type: Severity, resolve: ({ severity }) => (severity === 'HOLD' ? 'HOLD' : 'WARN') }),
    facts: t.field({ type: 'JSON', resolve: ({ facts }) => facts }),
    source: t.string({
      description: 'Article of law, standard or reading behind the rule.',
      resolve: (finding) => renderFinding(finding).source,
    }),
    text: t.string({
      description: 'In the language of Accept-Language.',
      resolve: (finding, _args, { language }) => renderFinding(finding)[language],
    }),
    zh: t.string({ resolve: (finding) => renderFinding(finding).zh }),
    en: t.string({ resolve: (finding) => renderFinding(finding).en }),
  }),
})

export const RecyclingRate = builder.objectRef<RecyclingRateAnswer & { readonly scope: Scope }>('RecyclingRate')
RecyclingRate.implement({
  description: '综合利用率；分母为零时不出数。 No denominator, no value.',
  fields: (t) => ({
    value: t.exposeFloat('value', { nullable: true }),
    percent: t.exposeString('percent', {
      nullable: true,
      description: 'Two decimals, rounded half up from the exact fraction.',
    }),
    numerator: t.expose('numerator', { type: 'Grams' }),
    denominator: t.expose('denominator', { type: 'Grams' }),
    formula: t.expose('formula', { type: Formula }),
    findings: t.field({
      type: [Verdict],
      description: 'R98: in a period that recovered more than it generated the rate is above 100 %, and says so.',
      resolve: ({ findings }) => findings,
    }),
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
            (await readSide.eventsAt(await readSide.rateEvents(question, page, visibility), visibility)).toSorted(
              (a, b) => a.position - b.position,
            ),
          () => readSide.countRateEvents(question, visibility),
        )
      },
    }),
    position: t.expose('position', { type: 'Position' }),
  }),
})
