import type { Policy, Watch } from '../../../infra/commanding/policies.ts'
import type { Configuration } from '../../../infra/configuration/configuration.ts'
import type { CommandRoute } from '../../../infra/http/command-route-types.ts'
import { policies as classificationPolicies } from '../../classification/policies.ts'
import { routes as classificationRoutes } from '../../classification/routes.ts'
import { policies as collectionPolicies } from '../../collection/policies.ts'
import { routes as collectionRoutes } from '../../collection/routes.ts'
import { policies as disposalPolicies } from '../../disposal/policies.ts'
import { routes as disposalRoutes } from '../../disposal/routes.ts'
import { policies as generationPolicies } from '../../generation/policies.ts'
import { routes as generationRoutes } from '../../generation/routes.ts'
import { policies as registryPolicies } from '../../registry/policies.ts'
import { routes as registryRoutes } from '../../registry/routes.ts'
import { policies as transportPolicies, watches as transportWatches } from '../../transport/policies.ts'
import { routes as transportRoutes } from '../../transport/routes.ts'

/** What one service brings into its process. */
export interface ServicePart {
  readonly routes: readonly CommandRoute[]
  readonly policies: readonly Policy[]
  readonly watches: readonly Watch[]
  /** Variable that tells the gateway where its copies are. */
  readonly copies: Extract<keyof Configuration, `${string}_URLS`>
}

/** The services that decide, each a process of its own where the park is distributed. */
export const serviceParts = {
  registry: { routes: registryRoutes, policies: registryPolicies, watches: [], copies: 'REGISTRY_URLS' },
  generation: { routes: generationRoutes, policies: generationPolicies, watches: [], copies: 'GENERATION_URLS' },
  classification: {
    routes: classificationRoutes,
    policies: classificationPolicies,
    watches: [],
    copies: 'CLASSIFICATION_URLS',
  },
  collection: { routes: collectionRoutes, policies: collectionPolicies, watches: [], copies: 'COLLECTION_URLS' },
  transport: {
    routes: transportRoutes,
    policies: transportPolicies,
    watches: transportWatches,
    copies: 'TRANSPORT_URLS',
  },
  disposal: { routes: disposalRoutes, policies: disposalPolicies, watches: [], copies: 'DISPOSAL_URLS' },
} as const satisfies Readonly<Record<string, ServicePart>>

export type ServiceName = keyof typeof serviceParts
export const serviceNames = Object.keys(serviceParts) as readonly ServiceName[]
