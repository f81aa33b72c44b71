import { builder } from './builder.ts'
import { seenOf } from './custody-seen.ts'
import { Direction, WasteStream } from './enums.ts'
import { refusedQuery } from './errors.ts'
import { AsOf, asOfOf, awaitPosition, periodOf, ScopeInput, scopeOf } from './inputs.ts'
import { requireCompetence } from './known.ts'
import { lotsNamed } from './names.ts'
import { CustodyGraph } from './types/custody.ts'
import { Ledger } from './types/ledger.ts'
import { MassBalance } from './types/mass-balance.ts'
import { RecyclingRate } from './types/recycling-rate.ts'
import { StockRow } from './types/stock.ts'

const MAX_DEPTH = 1_000

/** Queries that sum or walk the journal. What sums cost at the database is in `field`. */
const SUM = 100

builder.queryFields((t) => {
  const period = { from: t.arg({ type: 'Date', required: true }), to: t.arg({ type: 'Date', required: true }) }
  const view = {
    scope: t.arg({ type: ScopeInput }),
    asOf: t.arg({ type: AsOf }),
    minPosition: t.arg({ type: 'Position' }),
  }
  const stream = t.arg({ type: WasteStream, required: true })
  return {
    ledger: t.field({
      type: Ledger,
      args: { ...period, ...view },
      complexity: SUM,
      resolve: async (_root, { from, to, scope: asked, asOf, minPosition }, context) => {
        const question = {
          ...periodOf(from, to, context),
          scope: await scopeOf(asked, context),
          asOf: await asOfOf(asOf, context),
        }
        await awaitPosition(minPosition, context)
        const ledger = await context.readSide.ledger(question, context.visibility)
        context.figuresOf(ledger.position)
        return { ...ledger, scope: question.scope }
      },
    }),
    massBalance: t.field({
      type: MassBalance,
      args: { ...period, stream, ...view },
      complexity: SUM,
      resolve: async (_root, { from, to, stream, scope, asOf, minPosition }, context) => {
        requireCompetence(stream, context)
        const question = {
          ...periodOf(from, to, context),
          stream,
          scope: await scopeOf(scope, context),
          asOf: await asOfOf(asOf, context),
        }
        await awaitPosition(minPosition, context)
        const balance = await context.readSide.massBalance(question, context.visibility)
        context.figuresOf(balance.position)
        return balance
      },
    }),
    recyclingRate: t.field({
      type: RecyclingRate,
      args: { ...period, stream, ...view },
      complexity: SUM,
      resolve: async (_root, { from, to, stream, scope: asked, asOf, minPosition }, context) => {
        requireCompetence(stream, context)
        const question = {
          ...periodOf(from, to, context),
          stream,
          scope: await scopeOf(asked, context),
          asOf: await asOfOf(asOf, context),
        }
        await awaitPosition(minPosition, context)
        const rate = await context.readSide.recyclingRate(question, context.visibility)
        context.figuresOf(rate.position)
        return { ...rate, scope: question.scope }
      },
    }),
    custody: t.field({
      type: CustodyGraph,
      complexity: SUM,
      args: {
        of: t.arg.id({
          required: true,
          description:
            'Lot id, label, batch code or manifest number; `<unit>/<code>` where several units use the same code.',
        }),
        direction: t.arg({ type: Direction, defaultValue: 'both' }),
        depth: t.arg.int({
          description:
            'Edges between where the lots came to be and what is shown: 1 is one edge away. Without it: all.',
        }),
        asOf: t.arg({ type: AsOf }),
        minPosition: t.arg({ type: 'Position' }),
      },
      resolve: async (_root, { of, direction, depth, asOf, minPosition }, context) => {
        const { readSide, visibility, language } = context
        if (typeof depth === 'number' && (depth < 0 || depth > MAX_DEPTH))
          throw refusedQuery('argument-out-of-range', { argument: 'depth', min: 0, max: MAX_DEPTH }, language)
        const known = await asOfOf(asOf, context)
        await awaitPosition(minPosition, context)
        const asked = {
          lots: await lotsNamed(of, context),
          direction: direction ?? ('both' as const),
          ...(typeof depth === 'number' ? { depth } : {}),
        }
        const graph = await readSide.custody({ ...asked, asOf: known })
        const exists = await readSide.lotsThatExist([...new Set(graph.nodes.map(({ lot }) => lot))], visibility)
        return seenOf(graph, asked, exists)
      },
    }),
    stock: t.field({
      type: [StockRow],
      args: view,
      complexity: { field: SUM, multiplier: 100 },
      resolve: async (_root, { scope, asOf, minPosition }, context) => {
        const question = { scope: await scopeOf(scope, context), asOf: await asOfOf(asOf, context) }
        await awaitPosition(minPosition, context)
        return [...(await context.readSide.stock(question, context.visibility))]
      },
    }),
  }
})
