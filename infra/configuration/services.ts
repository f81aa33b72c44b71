/** A service that decides: what programs call it (`npm run service -- NAME`), and what it is about in both languages. */
export interface ServiceRow {
  readonly name: string
  /** Tag of its routes in the OpenAPI document. */
  readonly about: string
}

/**
 * Every service that decides, in the order of the stages. Routes, policies, variables of the gateway, the tags of the OpenAPI document, the
 * layout of a distributed park and the checks of `docker-compose.yml` and of Prometheus' targets are read from this list.
 */
export const SERVICES = [
  { name: 'registry', about: '登记 · Units and what they may do, plans, contracts' },
  { name: 'generation', about: '产生 · Waste comes to be' },
  { name: 'classification', about: '分类 · Codes, hazards, labels' },
  { name: 'collection', about: '收集 · Into and out of store, collection rounds, counts' },
  { name: 'transport', about: '运输 · Manifests up to the gate' },
  { name: 'disposal', about: '处置利用 · The receiver’s part' },
  { name: 'supervision', about: '监管 · Findings of timers, and cases that grow from findings' },
] as const satisfies readonly ServiceRow[]

export type ServiceName = (typeof SERVICES)[number]['name']
export type CopiesVariable = `${Uppercase<ServiceName>}_URLS`

export const SERVICE_NAMES: readonly ServiceName[] = SERVICES.map(({ name }) => name)

/** Variable that names the origins of a service's copies to the gateway. */
export const copiesVariable = (name: ServiceName): CopiesVariable =>
  `${name.toUpperCase() as Uppercase<ServiceName>}_URLS`
