import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import { requireActor } from '../../../infra/http/actor.ts'
import { openApi, type OpenApiOptions } from '../../../infra/http/openapi.ts'
import { eventFeed, type FeedOptions } from '../feed/feed.ts'
import { asyncApiDocument } from './async-api.ts'
import { problemPages } from './problem-pages.ts'

export interface RestOptions extends OpenApiOptions {
  /** The doors of the commands, whoever decides behind them. */
  readonly commands: FastifyPluginAsync
  readonly feed: FeedOptions
  /** Further doors under the same prefix and the same documentation, such as imports. Only who said who they are comes in. */
  readonly more?: FastifyPluginAsync
}

/** Everything below `/api/v1`. */
export async function rest(app: FastifyInstance, { commands, feed, more, ...documentation }: RestOptions): Promise<void> {
  await app.register(
    async (api) => {
      await openApi(api, documentation)
      await api.register(problemPages)
      await api.register(asyncApiDocument)
      await api.register(commands)
      await api.register(eventFeed, { store: feed.store, states: feed.states })
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
