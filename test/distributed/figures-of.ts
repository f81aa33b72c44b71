import { FIGURES_QUERY, type Figures } from '../import/expected-figures.ts'

/** Asks a park as an official may. */
export type Ask = <T>(document: string, variables?: object) => Promise<T>

export const STREAMS = ['industrial', 'hazardous', 'municipal', 'construction', 'sludge'] as const

/** Cells, totals, methods and rates of every stream of a period. */
export async function figuresOf(
  ask: Ask,
  period: { readonly from: string; readonly to: string },
): Promise<Readonly<Record<string, Figures>>> {
  const figures: Record<string, Figures> = {}
  for (const stream of STREAMS)
    figures[stream] = await ask<Figures>(FIGURES_QUERY, { ...period, stream: stream.toUpperCase() })
  return figures
}

interface Walked {
  readonly custody: {
    readonly balanced: boolean
    readonly truncated: boolean
    readonly nodes: readonly {
      readonly id: string
      readonly kind: string
      readonly lotId: string | null
      readonly holderCode: string | null
      readonly place: string | null
      readonly document: string | null
      readonly grams: number
      readonly open: number
    }[]
    readonly edges: readonly {
      readonly from: string
      readonly to: string
      readonly kind: string
      readonly grams: number
      readonly at: string
    }[]
  }
}

const CUSTODY = `query ($of: ID!) { custody(of: $of) { balanced truncated nodes { id kind lotId holderCode place document grams open } edges { from to kind grams at } } }`
const MANIFESTS = `query ($after: String) { manifests(first: 100, after: $after) { edges { node { id } } pageInfo { hasNextPage endCursor } } }`

interface ManifestPage {
  readonly manifests: {
    readonly edges: readonly { readonly node: { readonly id: string } }[]
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string }
  }
}

/** The chain of custody around every document of transfer, without what differs from log to log: the order in which things were recorded. */
export async function custodyOf(ask: Ask): Promise<ReadonlyMap<string, unknown>> {
  const walked = new Map<string, unknown>()
  for (let after: string | null = null; ; ) {
    const { manifests }: ManifestPage = await ask<ManifestPage>(MANIFESTS, { after })
    for (const { node } of manifests.edges) {
      const { custody } = await ask<Walked>(CUSTODY, { of: node.id })
      const named = new Map(custody.nodes.map(({ id, ...content }) => [id, JSON.stringify(content)]))
      walked.set(node.id, {
        balanced: custody.balanced,
        truncated: custody.truncated,
        nodes: [...named.values()].sort(),
        edges: custody.edges
          .map(({ from, to, ...edge }) => JSON.stringify({ from: named.get(from), to: named.get(to), ...edge }))
          .sort(),
      })
    }
    if (!manifests.pageInfo.hasNextPage) return walked
    after = manifests.pageInfo.endCursor
  }
}
