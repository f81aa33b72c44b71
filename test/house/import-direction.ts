import { importsOf, type Source } from './sources.ts'

const layerOf = (path: string): string => path.split('/')[0] ?? ''
const serviceOf = (path: string): string | undefined => (path.startsWith('services/') ? path.split('/')[1] : undefined)

/** Which top-level folders each may import from: schemas <- infra <- projections, services <- services/park. */
const MAY: Readonly<Record<string, readonly string[]>> = {
  schemas: ['schemas'],
  infra: ['infra', 'schemas'],
  projections: ['projections', 'infra', 'schemas'],
  services: ['services', 'infra', 'schemas'],
}

/** A breach of the direction of imports, as a sentence; or nothing. */
export function breachesOf(source: Source): readonly string[] {
  const layer = layerOf(source.path)
  const may = MAY[layer]
  if (!may) return []
  const service = serviceOf(source.path)
  return importsOf(source)
    .filter((target) => target.endsWith('.ts') || target.endsWith('.json'))
    .flatMap((target) => {
      const to = layerOf(target)
      // The gateway reads what the projections keep; the park composes everything.
      const allowed = may.includes(to) || (to === 'projections' && (service === 'gateway' || service === 'park'))
      if (!allowed) return [`${source.path} imports ${target}: ${layer} may not import ${to}`]
      const other = serviceOf(target)
      if (service && other && other !== service && service !== 'park')
        return [`${source.path} imports ${target}: a service never imports another service`]
      return []
    })
}
