import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { EventStore } from '../../../infra/event-store/port.ts'
import { requireActor } from '../../../infra/http/actor.ts'
import { commonProblems, documented, problemAnswer, rateHeaders } from '../../../infra/http/openapi.ts'
import { malformedFields, read } from '../../../infra/http/malformed.ts'
import { sendProblem } from '../../../infra/http/problem.ts'
import { visibility, type Visibility } from '../../../infra/identity/visibility.ts'
import { Envelope, SeenRecording } from '../../../schemas/integration/cloud-event.ts'
import { beyondLog, logFor, malformedHeader } from './beyond-log.ts'
import { cloudEvent } from './cloud-event.ts'
import { openConcerns } from './concern.ts'
import { laterEvent, openLaterLog } from './later-event.ts'
import { readFeed, type FeedPage, type FeedSource } from './read-feed.ts'
import { openStreams, type Streams } from './streams.ts'
import { openTail, type Tail } from './tail.ts'

const digits = z.string().regex(/^\d{1,15}$/)
const number = (min: number, max: number) => digits.transform(Number).pipe(z.int().min(min).max(max))

const MAX_PAGE = 100
const MAX_WAIT_SECONDS = 30

const FeedQuery = z.strictObject({
  epoch: z
    .string()
    .max(64)
    .optional()
    .describe('Epoch that `after` is of, as the header Wufei-Epoch said; the log of another one is answered with 409'),
  after: digits.default('0').describe('Position of the last event that is known; 0 for the beginning'),
  limit: number(1, MAX_PAGE).default(MAX_PAGE).describe('Most events of a page, at most 100'),
  wait: number(0, MAX_WAIT_SECONDS)
    .default(0)
    .describe('Seconds to wait at the end of the log for something new (long poll), at most 30'),
})

const FeedHeaders = z.object({
  'Last-Event-ID': z
    .string()
    .optional()
    .describe('续接位置 · Position after which an open feed goes on; overrules `after`'),
})

/** An event of the feed: the same CloudEvent as in the topics (`asyncapi.json` has the facts of each type). */
const CloudEventSchema = Envelope.extend({
  data: SeenRecording.extend({
    facts: z.record(z.string(), z.unknown()).describe('What happened, by the type of the event'),
  }),
}).meta({ id: 'CloudEvent', description: 'An event of the log, CloudEvents 1.0' })

const documentation = documented({
  tags: ['events'],
  operationId: 'events',
  summary: '事件流（CloudEvents） · The ordered feed of events (CloudEvents 1.0)',
  description:
    'A batch of events in the order of the log; the header Wufei-Position says how far the log was looked through, which is `after` of the next question. With `Accept: text/event-stream` the feed stays open (Last-Event-ID resumes it). A position that the log has not reached, as after a restore from a backup, is 409 with `head` and `epoch`. Before an event that only a later version of the system can tell a page ends, and there the feed is 503 `event-of-later-system` until the service is upgraded.',
  security: [{ oidc: [] }],
  querystring: FeedQuery,
  headers: FeedHeaders,
  response: {
    200: {
      description: 'Events that concern who asks',
      headers: ['Wufei-Position', 'Link', 'Cache-Control', ...rateHeaders],
      content: {
        'application/cloudevents-batch+json': { schema: z.array(CloudEventSchema) },
        'text/event-stream': { schema: z.string() },
      },
    },
    ...commonProblems,
    409: problemAnswer('Beyond the end of the log, or of another epoch: `head` and `epoch` say which log this is'),
  },
})

export interface FeedOptions {
  readonly store: EventStore
}

/** `GET /events`: the ordered feed for programs outside, scoped to what concerns who asks, resumable by position. */
export async function eventFeed(app: FastifyInstance, { store }: FeedOptions): Promise<void> {
  app.setValidatorCompiler(() => (value) => ({ value }))
  app.setSerializerCompiler(() => JSON.stringify)
  const concerns = openConcerns(store)
  const source: FeedSource = { store, concerns }
  const tail = await openTail(store, (page) => {
    for (const { stream } of page) concerns.forget(stream)
  })
  const logLater = openLaterLog()
  const streams = openStreams({ source, tail, logLater })
  // Streams have no end of their own: the server waits for none of them when it closes.
  app.addHook('preClose', async () => {
    streams.close()
    await tail.close()
  })
  app.addHook('preParsing', async (request) => void requireActor(request))
  app.get('/events', { schema: documentation }, (request, reply) =>
    events({ source, tail, streams, logLater }, request, reply),
  )
}

interface Feed {
  readonly source: FeedSource
  readonly tail: Tail
  readonly streams: Streams
  readonly logLater: ReturnType<typeof openLaterLog>
}

async function events(
  { source, tail, streams, logLater }: Feed,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const actor = requireActor(request)
  const query = read(FeedQuery, request.query)
  if (!query.success) return sendProblem(request, reply, malformedFields(query.error.issues, FeedQuery))
  const { after, limit, wait, epoch } = query.data
  const sight = visibility(actor)
  // A HEAD has no body to stream.
  const streaming = request.method === 'GET' && request.headers.accept?.includes('text/event-stream') === true
  const last = streaming ? request.headers['last-event-id'] : undefined
  const resumed = digits.safeParse(last === undefined || last === '' ? after : last)
  if (!resumed.success) return sendProblem(request, reply, malformedHeader('Last-Event-ID'))
  const from = Number(resumed.data)
  const log = await logFor(source.store, tail, from)
  const beyond = beyondLog(log, from, epoch)
  if (beyond) return sendProblem(request, reply, beyond)
  void reply.header('wufei-epoch', log.epoch)

  if (streaming) {
    // Without the answer 503 an open feed would end at once, and its reader would come again at once.
    const next = await readFeed(source, sight, from, 1)
    logLater(request.log, next)
    const stopped = laterEvent(next)
    if (stopped) return sendProblem(request, reply, stopped)
    return streams.start(request, reply, actor.subject, sight, from)
      ? reply
      : sendProblem(request, reply, { code: 'too-many-requests', headers: { 'retry-after': '10' } })
  }

  const page = await pageOrWait(source, tail, sight, { after: from, limit, wait }, request.raw)
  logLater(request.log, page)
  const stopped = laterEvent(page)
  if (stopped) return sendProblem(request, reply, stopped)
  const next = `/api/v1/events?after=${page.reached}&limit=${limit}`
  return reply
    .headers({
      'content-type': 'application/cloudevents-batch+json; charset=utf-8',
      'cache-control': 'no-store',
      'wufei-position': String(page.reached),
      link: `<${next}>; rel="next"`,
    })
    .send(page.events.map((event) => cloudEvent(event, sight)))
}

interface Question {
  readonly after: number
  readonly limit: number
  readonly wait: number
}

/** A page; where it would be empty, the first one that is not, as long as who asks is willing to wait. */
async function pageOrWait(
  source: FeedSource,
  tail: Tail,
  sight: Visibility,
  { after, limit, wait }: Question,
  client: { readonly destroyed: boolean },
): Promise<FeedPage> {
  const until = performance.now() + wait * 1_000
  for (let from = after; ; ) {
    const seen = tail.count
    const page = await readFeed(source, sight, from, limit)
    const left = until - performance.now()
    if (page.events.length > 0 || !page.end || left <= 0 || tail.closed || client.destroyed) return page
    from = page.reached
    await tail.grown(seen, left)
  }
}
