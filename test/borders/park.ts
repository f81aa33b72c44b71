import type { Runtime } from '../../infra/commanding/execute.ts'
import type { CommandRoute } from '../../infra/http/command-route-types.ts'
import { policies as classification } from '../../services/classification/policies.ts'
import { routes as classificationRoutes } from '../../services/classification/routes.ts'
import { policies as collection } from '../../services/collection/policies.ts'
import { routes as collectionRoutes } from '../../services/collection/routes.ts'
import { policies as generation } from '../../services/generation/policies.ts'
import { routes as generationRoutes } from '../../services/generation/routes.ts'
import { policies as registry } from '../../services/registry/policies.ts'
import { routes as registryRoutes } from '../../services/registry/routes.ts'
import { testRuntime } from '../support/runtime.ts'

/** The commands of all services, as the border meets them. */
export const parkRoutes: readonly CommandRoute[] = [...registryRoutes, ...generationRoutes, ...classificationRoutes, ...collectionRoutes]

export const parkRuntime = (): Runtime => testRuntime({ policies: [...registry, ...generation, ...classification, ...collection] })
