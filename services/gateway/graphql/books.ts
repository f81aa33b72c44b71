import { builder } from './builder.ts'
import { seenOf } from './custody-seen.ts'
import type { GatewayContext } from './context.ts'
import { Direction, WasteStream } from './enums.ts'
import { refusedQuery } from './errors.ts'
import { AsOf, asOfOf, awaitPosition, periodOf, ScopeInput, scopeOf } from './inputs.ts'
import { CustodyGraph } from './types/custody.ts'
import { Ledger } from './types/ledger.ts'
import { MassBalance } from './types/mass-balance.ts'
import { RecyclingRate } from './types/recycling-rate.ts'
import { StockRow } from './types/stock.ts'

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
        const question = { ...periodOf(from, to, context), scope: scopeOf(asked), asOf: await asOfOf(asOf, context) }
        await awaitPosition(minPosition, context)
        return { ...(await context.readSide.ledger(question, context.visibility)), scope: question.scope }
      },
    }),
    massBalance: t.field({
      type: MassBalance,
      args: { ...period, stream, ...view },
      complexity: SUM,
      resolve: async (_root, { from, to, stream, scope, asOf, minPosition }, context) => {
        const question = {
          ...periodOf(from, to, context),
          stream,
          scope: scopeOf(scope),
          asOf: await asOfOf(asOf, context),
        }
        await awaitPosition(minPosition, context)
        return context.readSide.massBalance(question, context.visibility)
      },
    }),
    recyclingRate: t.field({
      type: RecyclingRate,
      args: { ...period, stream, ...view },
      complexity: SUM,
      resolve: async (_root, { from, to, stream, scope: asked, asOf, minPosition }, context) => {
        const question = {
          ...periodOf(from, to, context),
          stream,
          scope: scopeOf(asked),
          asOf: await asOfOf(asOf, context),
        }
        await awaitPosition(minPosition, context)
        return { ...(await context.readSide.recyclingRate(question, context.visibility)), scope: question.scope }
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
        depth: t.arg.int(),
        asOf: t.arg({ type: AsOf }),
        minPosition: t.arg({ type: 'Position' }),
      },
      resolve: async (_root, { of, direction, depth, asOf, minPosition }, context) => {
        const known = await asOfOf(asOf, context)
        await awaitPosition(minPosition, context)
        const { readSide, visibility } = context
        const lots = await lotsNamed(of, context)
        const graph = await readSide.custody({
          lots,
          direction: direction ?? 'both',
          asOf: known,
          ...(depth === null || depth === undefined ? {} : { depth: Math.max(depth, 0) }),
        })
        const exists = await readSide.lotsThatExist([...new Set(graph.nodes.map(({ lot }) => lot))], visibility)
        return seenOf(graph, lots, exists)
      },
    }),
    stock: t.field({
      type: [StockRow],
      args: view,
      complexity: { field: SUM, multiplier: 100 },
      resolve: async (_root, { scope, asOf, minPosition }, context) => {
        const question = { scope: scopeOf(scope), asOf: await asOfOf(asOf, context) }
        await awaitPosition(minPosition, context)
        return [...(await context.readSide.stock(question, context.visibility))]
      },
    }),
  }
})

/**
 * Lots behind a name: the lot itself, or all lots of a manifest.
 * @throws a refused query where nothing of that name exists for the reader, or more than one thing
 */
async function lotsNamed(name: string, { readSide, visibility, language }: GatewayContext): Promise<readonly string[]> {
  const targets = new Map((await readSide.identify(name, visibility)).map(({ target }) => [target.id, target]))
  const [target] = targets.values()
  if (!target) throw refusedQuery('not-found', {}, language)
  if (targets.size > 1) throw refusedQuery('identifier-ambiguous', { name, count: targets.size }, language)
  if (target.kind === 'lot') return [target.id]
  const manifests = await readSide.manifestsByName([target.id], visibility)
  return [
    ...new Set(manifests.flatMap(({ manifest }) => manifest.lines.flatMap(({ lots }) => lots.map(({ lot }) => lot)))),
  ]
}
