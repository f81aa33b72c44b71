import { z } from 'zod'
import {
  jsonMessage,
  NoCopyAnswers,
  openForwarder,
  type Answer,
  type Forwarded,
} from '../../../gateway/forwarding/forwarder.ts'

/** A park behind a gateway, asked by one program of its own. */
export interface GatewayClient {
  /** Sends JSON until somebody answers, under the same key each time; asks again, later, where the gateway counts too many requests. */
  post(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>
  /** `data` of a query. @throws GatewayRefused */
  query(document: string, variables: Readonly<Record<string, unknown>>): Promise<unknown>
  /** Asks for a first answer, for a few seconds only. @throws GatewayRefused where nothing answers at that address */
  reach(): Promise<void>
  close(): void
}

export interface GatewayClientOptions {
  /** Origin of the gateway. */
  readonly origin: string
  /** Credentials of a program of the book-keeper's at the gateway's issuer (RFC 6749 4.4). */
  readonly clientId: string
  readonly clientSecret: string
}

/** The gateway, or its issuer, said no where only a yes makes sense: nothing that trying again would mend. */
export class GatewayRefused extends Error {
  override readonly name = 'GatewayRefused'
  /** Of the error catalogue, where the answer bore one. */
  readonly code: string | undefined

  constructor(message: string, code?: string) {
    super(message)
    this.code = code
  }
}

const OpenApi = z.object({
  components: z.object({ securitySchemes: z.object({ oidc: z.object({ openIdConnectUrl: z.url() }) }) }),
})
const Discovery = z.object({ token_endpoint: z.url() })
const Token = z.object({ access_token: z.string(), expires_in: z.number().default(60) })
const Answered = z.object({
  data: z.unknown(),
  errors: z
    .array(
      z.looseObject({ message: z.string(), extensions: z.looseObject({ code: z.string().optional() }).optional() }),
    )
    .optional(),
})

// A gateway that is started anew, with its services, is waited for so long before an import gives up.
const PATIENCE_MS = 120_000
// At first nothing is known of the address: it may be a slip, and then nothing will ever answer.
const FIRST_MS = 3_000
// A token is renewed when so much of its life is left.
const RENEW_MS = 30_000
const TOO_MANY = 429
const UNAUTHORISED = 401

export function openGatewayClient({ origin, clientId, clientSecret }: GatewayClientOptions): GatewayClient {
  // One gateway, or a front before several: whoever is behind that address, a request that found nobody is sent again.
  const line = openForwarder({ copies: { gateway: [origin] }, totalMs: PATIENCE_MS, attemptMs: 30_000 })
  let token: { readonly text: string; readonly until: number } | undefined
  let asking: Promise<string> | undefined

  async function bearer(): Promise<string> {
    if (token && token.until > Date.now()) return token.text
    asking ??= newToken().finally(() => {
      asking = undefined
    })
    return asking
  }

  async function newToken(): Promise<string> {
    const { components } = OpenApi.parse(await getJson('/api/v1/openapi.json'))
    const { token_endpoint: endpoint } = Discovery.parse(
      await getJson(components.securitySchemes.oidc.openIdConnectUrl),
    )
    const body = Buffer.from('grant_type=client_credentials')
    const authorization = `Basic ${Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`).toString('base64')}`
    const headers = {
      authorization,
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': body.length,
    }
    const answer = await sendTo(endpoint, { method: 'POST', headers, body })
    if (answer.status !== 200)
      throw new GatewayRefused(`the issuer gives no token to ${clientId}: ${answer.body.toString().slice(0, 200)}`)
    const { access_token: text, expires_in: seconds } = Token.parse(JSON.parse(answer.body.toString()))
    token = { text, until: Date.now() + seconds * 1_000 - RENEW_MS }
    return text
  }

  async function getJson(address: string): Promise<unknown> {
    const { status, body } = await sendTo(address, { method: 'GET', headers: {}, body: undefined })
    if (status !== 200) throw new GatewayRefused(`${address} answered ${status}`)
    return JSON.parse(body.toString())
  }

  /** To the gateway, or to an issuer elsewhere; both may be away for a moment. */
  async function sendTo(address: string, message: Omit<Forwarded, 'path'>): Promise<Answer> {
    const url = new URL(address, origin)
    const whole = { ...message, path: `${url.pathname}${url.search}` }
    if (url.origin === new URL(origin).origin) return line.forward('gateway', whole)
    const other = openForwarder({ copies: { issuer: [url.origin] }, totalMs: PATIENCE_MS })
    try {
      return await other.forward('issuer', whole)
    } finally {
      other.close()
    }
  }

  async function post(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    for (let renewed = false; ; ) {
      const authorization = `Bearer ${await bearer()}`
      const answer = await sendTo(path, jsonMessage(path, body, { ...headers, authorization }))
      if (answer.status === TOO_MANY) await pauseFor(answer)
      else if (answer.status === UNAUTHORISED && !renewed) {
        renewed = true
        token = undefined
      } else return answer
    }
  }

  return {
    post,
    async query(document, variables) {
      const answer = await post('/graphql', { query: document, variables })
      const { data, errors } = Answered.parse(JSON.parse(answer.body.toString()))
      if (errors) throw new GatewayRefused(errors.map(({ message }) => message).join('; '), errors[0]?.extensions?.code)
      return data
    },
    async reach() {
      const first = openForwarder({ copies: { gateway: [origin] }, totalMs: FIRST_MS, attemptMs: FIRST_MS })
      try {
        await first.forward('gateway', { method: 'GET', path: '/healthz', headers: {}, body: undefined })
      } catch (fault) {
        if (!(fault instanceof NoCopyAnswers)) throw fault
        throw new GatewayRefused(`nothing answers at ${origin}: is that the address of a park, and does it run?`)
      } finally {
        first.close()
      }
    },
    close: () => line.close(),
  }
}

const pauseFor = ({ headers }: Answer): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, 1_000 * Number(headers['retry-after'] ?? 1)))
