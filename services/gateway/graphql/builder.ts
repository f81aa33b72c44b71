import SchemaBuilder from '@pothos/core'
import ComplexityPlugin from '@pothos/plugin-complexity'
import DataloaderPlugin from '@pothos/plugin-dataloader'
import RelayPlugin from '@pothos/plugin-relay'
import ScopeAuthPlugin from '@pothos/plugin-scope-auth'
import type { Position } from '../../../infra/event-store/port.ts'
import type { Total } from '../../../schemas/values/total.ts'
import type { Day, Moment } from '../../../schemas/values/time.ts'
import { mayKnowInside, type GatewayContext } from './context.ts'
import { refusedQuery } from './errors.ts'

/** The one schema builder. Ids on the wire are the things' own ids, the same as in REST: nothing is encoded. */
export const builder = new SchemaBuilder<{
  Context: GatewayContext
  DefaultFieldNullability: false
  DefaultEdgesNullability: { list: false; items: false }
  DefaultNodeNullability: false
  Connection: { readonly totalCount: () => Promise<number> | number }
  AuthScopes: { signedIn: boolean; insideOf: string }
  Scalars: {
    ID: { Input: string; Output: string }
    Grams: { Input: number; Output: Total }
    Date: { Input: Day; Output: Day }
    DateTime: { Input: Moment; Output: Moment }
    Position: { Input: Position; Output: Position }
    JSON: { Input: unknown; Output: unknown }
  }
}>({
  plugins: [RelayPlugin, ScopeAuthPlugin, DataloaderPlugin, ComplexityPlugin],
  defaultFieldNullability: false,
  // Costs are annotated here and judged once an operation, before it runs: limits.ts.
  complexity: { disabled: true, defaultComplexity: 1, defaultListMultiplier: 10 },
  relay: {
    encodeGlobalID: (_typename, id) => String(id),
    decodeGlobalID: (id) => ({ typename: '', id }),
    edgesFieldOptions: { nullable: { list: false, items: false }, complexity: { field: 0, multiplier: 1 } },
    nodeFieldOptions: { nullable: false, complexity: 0 },
    nodeQueryOptions: false,
    nodesQueryOptions: false,
    nodesOnConnection: { complexity: { field: 0, multiplier: 1 } },
  },
  scopeAuth: {
    authorizeOnSubscribe: true,
    unauthorizedError: (_parent, { language }) => refusedQuery('forbidden', {}, language),
    authScopes: (context) => ({
      signedIn: context.actor.roles.length > 0,
      insideOf: (unit) => mayKnowInside(context, unit),
    }),
  },
})

builder.globalConnectionField('totalCount', (t) =>
  t.int({
    description: 'All that exist for the reader, on every page.',
    complexity: 1,
    resolve: ({ totalCount }) => totalCount(),
  }),
)
