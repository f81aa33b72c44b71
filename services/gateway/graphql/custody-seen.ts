import { chainOf, type ChainQuestion } from '../../../projections/journal/queries/chain.ts'
import type { CustodyGraph, CustodyNode } from '../../../projections/journal/queries/custody.ts'
import { plus, type Total } from '../../../schemas/values/total.ts'
import type { Kind } from '../../../schemas/mass/account.ts'

/** A node as the reader may see it: of a lot that does not exist for them only that mass went on. */
export interface SeenNode extends Omit<CustodyNode, 'kind' | 'lot' | 'wasteCode' | 'beyond'> {
  readonly kind: Kind | 'beyond'
  readonly lot: string | null
  readonly wasteCode: string | null
}

export interface SeenGraph extends Omit<CustodyGraph, 'nodes'> {
  readonly root: string
  readonly nodes: readonly SeenNode[]
}

/**
 * Cuts a graph at the lots that do not exist for its reader. Mass that goes on into such a lot ends in a node without a name, so that
 * what was seen stays whole; what comes out of one begins where it reaches a lot that exists. Of what is left, the chain that was asked for: its
 * lots are the roots, all of them visible.
 */
export function seenOf(graph: CustodyGraph, asked: ChainQuestion, exists: ReadonlySet<string>): SeenGraph {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]))
  const lotOf = (id: string): string => byId.get(id)?.lot ?? ''
  const nameless = new Map<string, string>()
  const beyond = (id: string): string => {
    const name = nameless.get(id) ?? `beyond-${nameless.size + 1}`
    nameless.set(id, name)
    return name
  }
  const edges = graph.edges.flatMap((edge) => {
    if (!exists.has(lotOf(edge.from))) return []
    return [exists.has(lotOf(edge.to)) ? edge : { ...edge, to: beyond(edge.to) }]
  })
  const into = (id: string): Total =>
    edges.reduce<Total>((sum, { to, grams }) => (to === id ? plus(sum, grams) : sum), 0)
  const nodes = [
    ...graph.nodes.filter(({ lot }) => exists.has(lot)).map(({ beyond: _, ...node }): SeenNode => node),
    ...[...nameless.values()].map(
      (id): SeenNode => ({
        id,
        kind: 'beyond',
        lot: null,
        holder: null,
        place: null,
        document: null,
        wasteCode: null,
        grams: into(id),
        open: 0,
        birth: false,
      }),
    ),
  ]
  const chain = chainOf({ nodes, edges }, asked)
  const root = nodes.find(({ lot, birth }) => birth && lot === asked.lots[0])?.id ?? asked.lots[0] ?? ''
  return { ...graph, root, nodes: chain.nodes, edges: chain.edges, truncated: graph.truncated || chain.cut }
}
