import { once } from 'node:events'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { RECHECK_MS, stillIdentified } from '../../../infra/http/actor.ts'
import type { Visibility } from '../../../infra/identity/visibility.ts'
import { cloudEvent } from './cloud-event.ts'
import { RETRY_SECONDS, type openLaterLog } from './later-event.ts'
import { readFeed, type FeedSource } from './read-feed.ts'
import type { Tail } from './tail.ts'

/** Open feeds of this process (server-sent events). */
export interface Streams {
  /** Takes the answer over and feeds it until either side has enough. False where too many are open already. */
  start(request: FastifyRequest, reply: FastifyReply, subject: string, sight: Visibility, after: number): boolean
  close(): void
}

const PAGE = 100
// A stream outlives no token by much: every few seconds its reader must still be signed in, and in the end it shows a token again.
const LONGEST_MS = 600_000
const MOST_OF_ONE = 10
const MOST = 1_000

interface StreamsOptions {
  readonly source: FeedSource
  readonly tail: Tail
  readonly logLater: ReturnType<typeof openLaterLog>
}

export function openStreams({ source, tail, logLater }: StreamsOptions): Streams {
  const open = new Map<AbortController, string>()

  async function feed(
    { raw }: FastifyReply,
    request: FastifyRequest,
    sight: Visibility,
    after: number,
    { signal }: AbortController,
  ): Promise<void> {
    let position = after
    let checked = performance.now()
    while (!signal.aborted) {
      if (performance.now() - checked >= RECHECK_MS) {
        if (!(await stillIdentified(request))) return
        checked = performance.now()
      }
      const seen = tail.count
      const page = await readFeed(source, sight, position, PAGE)
      for (const event of page.events) {
        const content = cloudEvent(event, sight)
        const written = raw.write(
          `id: ${content.position}\nevent: ${content.type}\ndata: ${JSON.stringify(content)}\n\n`,
        )
        // A reader who is slower than the log holds up nobody but itself.
        if (!written) await once(raw, 'drain', { signal })
      }
      // An id without data moves the reader's Last-Event-ID past what was not for them, and keeps the connection alive.
      if (page.reached > position || page.end) raw.write(`id: ${page.reached}\n\n`)
      position = page.reached
      if (page.later !== undefined) {
        logLater(request.log, page)
        raw.write(`retry: ${RETRY_SECONDS * 1_000}\n\n`)
        return
      }
      if (!page.end) continue
      await tail.grown(seen, RECHECK_MS)
      // A log that has become shorter was restored from a backup: its reader comes again and gets a 409.
      if (tail.count === seen && (await source.store.head()) < position) return
    }
  }

  return {
    start(request, reply, subject, sight, after) {
      const own = [...open.values()].filter((other) => other === subject).length
      if (open.size >= MOST || own >= MOST_OF_ONE) return false
      const ending = new AbortController()
      open.set(ending, subject)
      const timer = setTimeout(() => ending.abort(), LONGEST_MS)
      reply.hijack()
      for (const [name, value] of Object.entries(reply.getHeaders()))
        if (value !== undefined) reply.raw.setHeader(name, value)
      // The connection ends with its stream, so that a server that closes has nothing left to wait for.
      reply.raw.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
        connection: 'close',
      })
      reply.raw.on('close', () => ending.abort())
      ending.signal.addEventListener('abort', () => reply.raw.end())
      feed(reply, request, sight, after, ending)
        .catch((error: unknown) => {
          if (!ending.signal.aborted) request.log.error({ err: error }, 'an event stream failed')
        })
        .finally(() => {
          clearTimeout(timer)
          open.delete(ending)
          reply.raw.end()
        })
      return true
    },
    close() {
      for (const ending of open.keys()) ending.abort()
    },
  }
}
