import type { IncomingMessage, ServerResponse } from 'node:http'
import { createLocalJWKSet } from 'jose'
import Provider, {
  errors,
  type ClientMetadata,
  type Configuration,
  type JWK,
  type KoaContextWithOIDC,
} from 'oidc-provider'
import type pg from 'pg'
import type { Issuer } from '../issuer-port.ts'
import { preferredLanguage, type Language } from '../../http/language.ts'
import { DEMO_SECRET, findPerson, programClaims, type Claims, type FindUnit } from './accounts.ts'
import { artefacts, sweep } from './artefacts.ts'
import { publicPart, readOrMakeKeys } from './keys.ts'
import { issuerErrorPage, signedOutPage, signOutPage } from './pages.ts'

export interface BuiltInIssuerOptions {
  readonly pool: pg.Pool
  /** Where it is mounted, as the world sees it: `http://127.0.0.1:8080/oidc`. The `iss` of its tokens. */
  readonly url: string
  /** `aud` of its access tokens. */
  readonly audience: string
  readonly findUnit: FindUnit
  /** The client of our own pages, and where it may be sent back to. */
  readonly pages: {
    readonly clientId: string
    readonly redirectUris: readonly string[]
    readonly signedOutUris: readonly string[]
  }
  /** `NODE_ENV`. */
  readonly environment: string | undefined
}

/** OpenID Connect issuer with demo accounts, for a park without one of its own. Needs the tables of `0001-issuer.sql`. */
export interface BuiltInIssuer extends Issuer {
  /** Answers everything below its mount point; `request.url` is relative to it and `request.originalUrl` is not. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>
  /** The sign-in that this request belongs to, by its cookie; undefined where it is none of ours or too old. */
  signIn(request: IncomingMessage, response: ServerResponse): Promise<{ readonly clientId: string } | undefined>
  /** Ends a sign-in as this person: the response is a redirect back. Undefined where there is no such account. */
  signInAs(accountId: string, request: IncomingMessage, response: ServerResponse): Promise<string | undefined>
  /** Where somebody signs out and comes back to our own pages (OpenID Connect RP-Initiated Logout 1.0). */
  readonly signOutUrl: string
  /** Whether the session with this `sid` of a token has neither been signed out of nor expired. */
  sessionStands(sid: string): Promise<boolean>
  close(): void
}

const SESSION_STANDS = `select from identity.artefact
  where model = 'Session' and uid = $1 and expires_at > now() and payload ? 'accountId'`

// The one resource that tokens are for (RFC 8707); it must be a URI, which an audience need not be.
const PARK = 'urn:wufei:park'

const TOKEN_SECONDS = 3_600
const SWEEP_MS = 600_000

/**
 * @throws Error in production: demo accounts know one secret, and everybody knows it.
 */
export async function openBuiltInIssuer({
  pool,
  url,
  audience,
  findUnit,
  pages,
  environment,
}: BuiltInIssuerOptions): Promise<BuiltInIssuer> {
  if (environment === 'production')
    throw new Error(
      'the built-in issuer has demo accounts and does not run in production; set OIDC_ISSUER to the issuer of your organisation',
    )
  const keys = await readOrMakeKeys(pool)

  async function findClient(id: string): Promise<ClientMetadata | undefined> {
    if (id === pages.clientId) {
      return {
        client_id: id,
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code'],
        response_types: ['code'],
        redirect_uris: [...pages.redirectUris],
        post_logout_redirect_uris: [...pages.signedOutUris],
      }
    }
    const claims = await programClaims(id, findUnit)
    return (
      claims && {
        client_id: id,
        client_secret: DEMO_SECRET,
        grant_types: ['client_credentials'],
        response_types: [],
        redirect_uris: [],
      }
    )
  }

  const provider = new Provider(url, {
    adapter: (model) => (model === 'Client' ? { ...artefacts(pool, model), find: findClient } : artefacts(pool, model)),
    jwks: { keys: keys.signing as JWK[] },
    cookies: {
      keys: [keys.cookie],
      long: { signed: true, httpOnly: true, sameSite: 'lax' },
      short: { signed: true, httpOnly: true, sameSite: 'lax' },
    },
    // Our own pages may ask for a token from the browser; no other origin may.
    clientBasedCORS: (_, origin) => origin === new URL(url).origin,
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'none'],
    responseTypes: ['code'],
    scopes: ['openid'],
    pkce: { required: () => true, methods: ['S256'] },
    ttl: {
      AccessToken: TOKEN_SECONDS,
      ClientCredentials: TOKEN_SECONDS,
      IdToken: TOKEN_SECONDS,
      AuthorizationCode: 60,
      Interaction: 600,
      Session: 8 * TOKEN_SECONDS,
      Grant: 8 * TOKEN_SECONDS,
    },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      // Access tokens are for the park's API alone, so none of them would open this endpoint; the ID token says who signed in.
      userinfo: { enabled: false },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, form) => void (ctx.body = signOutPage({ language: languageIn(ctx), form })),
        postLogoutSuccessSource: (ctx) => void (ctx.body = signedOutPage({ language: languageIn(ctx) })),
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => PARK,
        useGrantedResource: () => true,
        getResourceServerInfo: (_, resource) => {
          if (resource !== PARK) throw new errors.InvalidTarget()
          return {
            scope: '',
            audience,
            accessTokenFormat: 'jwt',
            accessTokenTTL: TOKEN_SECONDS,
            jwt: { sign: { alg: 'ES256' } },
          }
        },
      },
    },
    async extraTokenClaims(_, token) {
      const claims =
        token.kind === 'ClientCredentials'
          ? await programClaims(token.clientId ?? '', findUnit)
          : await findPerson(token.accountId, findUnit)
      // The session that a person signed in by: where it has ended, so have its tokens (verify-token.ts).
      const sid = 'sessionUid' in token ? token.sessionUid : undefined
      return claims && { ...tokenClaims(claims), ...(sid === undefined ? {} : { sid }) }
    },
    async findAccount(_, id) {
      const account = await findPerson(id, findUnit)
      return account && { accountId: id, claims: () => ({ sub: id }) }
    },
    loadExistingGrant,
    interactions: { url: (_, { uid }) => `${new URL(url).pathname}/sign-in/${uid}` },
    renderError(ctx, { error, error_description }) {
      ctx.type = 'text/html; charset=utf-8'
      ctx.body = issuerErrorPage({ language: languageIn(ctx), error, detail: error_description })
    },
  } satisfies Configuration)

  const sweeping = setInterval(() => void sweep(pool).catch(() => undefined), SWEEP_MS)
  sweeping.unref()
  const callback = provider.callback()

  return {
    url,
    signOutUrl: `${url}/session/end?${new URLSearchParams({ client_id: pages.clientId, ...(pages.signedOutUris[0] === undefined ? {} : { post_logout_redirect_uri: pages.signedOutUris[0] }) }).toString()}`,
    keys: createLocalJWKSet({ keys: keys.signing.map(publicPart) }),
    endpoints: () => Promise.resolve({ authorization: `${url}/auth`, token: `${url}/token` }),
    handle: (request, response) => callback(request, response),
    async sessionStands(sid) {
      const { rowCount } = await pool.query(SESSION_STANDS, [sid])
      return rowCount === 1
    },
    async signIn(request, response) {
      try {
        const { params } = await provider.interactionDetails(request, response)
        return { clientId: String(params.client_id) }
      } catch {
        return undefined
      }
    },
    async signInAs(accountId, request, response) {
      const account = await findPerson(accountId, findUnit)
      return account && provider.interactionResult(request, response, { login: { accountId: account.id } })
    },
    close: () => clearInterval(sweeping),
  }
}

const languageIn = (ctx: KoaContextWithOIDC): Language => preferredLanguage(ctx.get('accept-language'))

const tokenClaims = ({ unit, roles, competence }: Claims) => ({
  ...(unit ? { unit } : {}),
  roles,
  ...(competence ? { competence } : {}),
})

/** Our own pages need no consent: whoever signs in on them means to use them. */
async function loadExistingGrant(ctx: KoaContextWithOIDC) {
  const { client, session, provider } = ctx.oidc
  if (!client || !session?.accountId) return undefined
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId })
  grant.addOIDCScope('openid')
  await grant.save()
  return grant
}
