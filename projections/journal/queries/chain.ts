import type { Direction } from './custody.ts'

/** What walking needs of a node. `lot` is null for a lot that its reader may not know. */
export interface ChainNode {
  readonly id: string
  readonly lot: string | null
  readonly kind: string
  /** Where its lot came to be. */
  readonly birth: boolean
}
export interface ChainEdge {
  readonly from: string
  readonly to: string
}

export interface Chain<N, E> {
  readonly nodes: readonly N[]
  readonly edges: readonly E[]
  /** Whether the graph goes on in the direction asked for, further than `depth`. */
  readonly cut: boolean
}

export interface ChainQuestion {
  readonly lots: readonly string[]
  readonly direction: Direction
  /** Most edges between a lot's birth and what is shown; 1 is what lies one edge away. */
  readonly depth?: number
}

// Mass begins or ends here, whatever else began or ended there: nothing flows through.
const TERMINAL: ReadonlySet<string> = new Set(['origin', 'product', 'loss', 'landfill', 'variance', 'beyond'])

/**
 * What of a graph leads to the births of these lots (upstream), and what follows from them (downstream). `edges` are in the order of time, and an
 * edge follows only from one before it, so the way along a node that mass passed twice (a return, a second treatment) is not made up of moves
 * that happened in the other order; and one pass over the edges is enough, whatever circles they make.
 */
export function chainOf<N extends ChainNode, E extends ChainEdge>(
  { nodes, edges }: { readonly nodes: readonly N[]; readonly edges: readonly E[] },
  { lots, direction, depth = Number.POSITIVE_INFINITY }: ChainQuestion,
): Chain<N, E> {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const births = nodes.filter(({ lot, birth }) => birth && lot !== null && lots.includes(lot)).map(({ id }) => id)
  const terminal = (id: string): boolean => TERMINAL.has(byId.get(id)?.kind ?? '')
  const shown = new Set<E>()
  let cut = false
  const show = (edge: E, distance: number): boolean => {
    if (distance > depth) cut = true
    else shown.add(edge)
    return distance <= depth
  }
  const nearer = (distances: Map<string, number>, id: string, distance: number): void => {
    if (!terminal(id) && distance < (distances.get(id) ?? Number.POSITIVE_INFINITY)) distances.set(id, distance)
  }

  if (direction !== 'upstream') {
    const distances = new Map(births.map((id) => [id, 0]))
    for (const edge of edges) {
      const begun = distances.get(edge.from)
      if (begun !== undefined) {
        if (show(edge, begun + 1)) nearer(distances, edge.to, begun + 1)
      } else if (byId.get(edge.from)?.kind === 'variance') {
        // What a stock-take found over the books joins mass that is on its way.
        const joined = distances.get(edge.to)
        if (joined !== undefined) show(edge, joined + 1)
      }
    }
  }
  if (direction !== 'downstream') {
    const roots = new Set(births)
    const distances = new Map<string, number>()
    for (const edge of edges.toReversed()) {
      const [from, to] = [byId.get(edge.from), byId.get(edge.to)]
      const ends = roots.has(edge.to) && (from?.kind === 'origin' || from?.lot !== to?.lot)
      const begun = ends ? 0 : distances.get(edge.to)
      if (begun !== undefined && show(edge, begun + 1)) nearer(distances, edge.from, begun + 1)
    }
  }

  const kept = edges.filter((edge) => shown.has(edge))
  const ids = new Set([...births, ...kept.flatMap(({ from, to }) => [from, to])])
  return { nodes: nodes.filter(({ id }) => ids.has(id)), edges: kept, cut }
}
