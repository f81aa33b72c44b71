import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import { requireActor } from '../../../infra/http/actor.ts'
import { openApi, type OpenApiOptions } from '../../../infra/http/openapi.ts'
import { eventFeed, type FeedOptions } from '../feed/feed.ts'
import type { Topics } from '../../../schemas/integration/asyncapi.ts'
import { asyncApiDocument } from './async-api.ts'
import { codeLists } from './code-lists.ts'
import { forms } from './forms.ts'
import { problemPages } from './problem-pages.ts'
import { rules } from './rules.ts'

export interface RestOptions extends OpenApiOptions {
  /** The doors of the commands, whoever decides behind them. */
  readonly commands: FastifyPluginAsync
  readonly feed: FeedOptions
  /** Where the log is told to Kafka. */
  readonly topics: Topics
  /** Further doors under the same prefix and the same documentation, such as imports. Only who said who they are comes in. */
  readonly more?: FastifyPluginAsync
}

/** Everything below `/api/v1`. */
export async function rest(
  app: FastifyInstance,
  { commands, feed, topics, more, ...documentation }: RestOptions,
): Promise<void> {
  await app.register(
    async (api) => {
      await openApi(api, documentation)
      await api.register(problemPages)
      await api.register(asyncApiDocument, { topics })
      await api.register(commands)
      await api.register(eventFeed, { store: feed.store })
      await api.register(codeLists)
      await api.register(rules)
      await api.register(forms)
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
