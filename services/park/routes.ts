import type { CommandRoute } from '../../infra/http/command-route-types.ts'
import { routes as classification } from '../classification/routes.ts'
import { routes as collection } from '../collection/routes.ts'
import { routes as disposal } from '../disposal/routes.ts'
import { routes as generation } from '../generation/routes.ts'
import { routes as registry } from '../registry/routes.ts'
import { routes as transport } from '../transport/routes.ts'

/** Every command that the park takes, in the order of the stages. */
export const routes: readonly CommandRoute[] = [
  ...registry,
  ...generation,
  ...classification,
  ...collection,
  ...transport,
  ...disposal,
]
