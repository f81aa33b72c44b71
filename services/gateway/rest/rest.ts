import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import { requireActor } from '../../../infra/http/actor.ts'
import { commandRoutes } from '../../../infra/http/command-route.ts'
import type { CommandRoute } from '../../../infra/http/command-route-types.ts'
import { openApi, type OpenApiOptions } from '../../../infra/http/openapi.ts'
import type { Runtime } from '../../../infra/commanding/execute.ts'
import { eventFeed } from '../feed/feed.ts'
import { problemPages } from './problem-pages.ts'

export interface RestOptions extends OpenApiOptions {
  readonly routes: readonly CommandRoute[]
  readonly runtime: Runtime
  /** Further doors under the same prefix and the same documentation, such as imports. Only who said who they are comes in. */
  readonly more?: FastifyPluginAsync
}

/** Everything below `/api/v1`. */
export async function rest(app: FastifyInstance, { routes, runtime, more, ...documentation }: RestOptions): Promise<void> {
  await app.register(
    async (api) => {
      await openApi(api, documentation)
      await api.register(problemPages)
      await api.register(commandRoutes, { routes, runtime })
      await api.register(eventFeed, { store: runtime.store, states: runtime.states })
      if (more) {
        await api.register(async (guarded) => {
          guarded.addHook('preParsing', async (request) => void requireActor(request))
          await guarded.register(more)
        })
      }
    },
    { prefix: '/api/v1' },
  )
}
