import {
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
} from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { setTimeout as pause } from 'node:timers/promises'
import { openCopies, type Copy } from './copies.ts'

/** A request as it goes to a copy of a service, whichever it will be. It must be one that may be sent twice. */
export interface Forwarded {
  readonly method: string
  /** Path and query. */
  readonly path: string
  readonly headers: OutgoingHttpHeaders
  readonly body: Buffer | undefined
}

/** A POST of JSON, as a program of ours sends it. */
export function jsonMessage(path: string, body: unknown, headers: OutgoingHttpHeaders): Forwarded {
  const bytes = Buffer.from(JSON.stringify(body))
  return {
    method: 'POST',
    path,
    headers: { 'content-type': 'application/json', ...headers, 'content-length': bytes.length },
    body: bytes,
  }
}

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** No copy of the service answered in time: whether the command was taken is in doubt until it is sent again under the same key. */
export class NoCopyAnswers extends Error {
  override readonly name = 'NoCopyAnswers'
}

export interface Forwarder {
  /** The answer of the first copy that gives one. @throws NoCopyAnswers */
  forward(service: string, request: Forwarded): Promise<Answer>
  close(): void
}

export interface ForwarderOptions {
  /** Origins of the copies of each service, by the service's name. */
  readonly copies: Readonly<Record<string, readonly string[]>>
  /** Milliseconds that all attempts together may take, and one of them. */
  readonly totalMs?: number
  readonly attemptMs?: number
}

// Longer than a copy needs to be started anew, shorter than a client's patience.
const TOTAL_MS = 20_000
const ATTEMPT_MS = 10_000
const PAUSES_MS = [25, 50, 100, 250, 500]
const SOCKETS = 256
const UNAVAILABLE = 503

/**
 * Sends requests to services that run in several copies. A copy that cannot be reached, breaks off or says that it is unavailable is
 * passed over for the next one; that is safe because every command bears a key under which it is done once.
 */
export function openForwarder({ copies, totalMs = TOTAL_MS, attemptMs = ATTEMPT_MS }: ForwarderOptions): Forwarder {
  const services = new Map(
    Object.entries(copies).map(([service, urls]) => [service, openCopies(urls, undefined, attemptMs)]),
  )
  const agents = {
    'http:': new HttpAgent({ keepAlive: true, maxSockets: SOCKETS }),
    'https:': new HttpsAgent({ keepAlive: true, maxSockets: SOCKETS }),
  }

  function send({ url }: Copy, { method, path, headers, body }: Forwarded, patience: number): Promise<Answer> {
    const secure = url.protocol === 'https:'
    return new Promise((resolve, reject) => {
      const outgoing = (secure ? httpsRequest : httpRequest)(
        url,
        // The path as it came, and never an address: a request line may hold a whole one, of whomever its sender likes.
        {
          path,
          method,
          headers,
          agent: secure ? agents['https:'] : agents['http:'],
          signal: AbortSignal.timeout(Math.ceil(patience)),
        },
        (incoming) => {
          const chunks: Buffer[] = []
          incoming.on('data', (chunk: Buffer) => void chunks.push(chunk))
          incoming.once('end', () =>
            resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: Buffer.concat(chunks) }),
          )
          // A copy that dies in the middle of its answer has answered nothing.
          incoming.once('error', reject)
          incoming.once('aborted', () => reject(new Error('the answer broke off')))
        },
      )
      outgoing.once('error', reject)
      outgoing.end(body)
    })
  }

  return {
    async forward(service, request) {
      const until = performance.now() + totalMs
      let unavailable: Answer | undefined
      let cause: unknown
      for (let round = 0; ; round++) {
        for (const copy of services.get(service)?.inTurn() ?? []) {
          const left = until - performance.now()
          if (left <= 0) break
          try {
            const answer = await send(copy, request, Math.min(left, attemptMs))
            if (answer.status !== UNAVAILABLE) {
              copy.worked()
              return answer
            }
            unavailable = answer
          } catch (fault) {
            cause = fault
          }
          copy.failed()
        }
        const wait = PAUSES_MS[Math.min(round, PAUSES_MS.length - 1)] ?? 0
        if (performance.now() + wait >= until) break
        await pause(wait)
      }
      if (unavailable) return unavailable
      throw new NoCopyAnswers(`no copy of ${service} answered`, { cause })
    },
    close() {
      for (const agent of Object.values(agents)) agent.destroy()
    },
  }
}
