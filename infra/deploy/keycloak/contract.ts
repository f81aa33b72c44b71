import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Role } from '../../../schemas/actor.ts'
import { externalIssuer } from '../../identity/external-issuer.ts'
import { openVerifier } from '../../identity/verify-token.ts'

/** A running Keycloak with our realm in it. */
export interface RunningRealm {
  /** The issuer: `http://…/realms/wufei`. */
  readonly url: string
  readonly programSecret: string
  readonly peoplePassword: string
}

interface User {
  readonly username: string
  readonly serviceAccountClientId?: string
  readonly realmRoles: readonly Role[]
  readonly attributes?: { readonly unit?: readonly [string]; readonly competence?: readonly string[] }
}

export const REALM_FILE = new URL('realm.json', import.meta.url).pathname
const { users, clients } = JSON.parse(readFileSync(REALM_FILE, 'utf8')) as {
  users: readonly User[]
  clients: readonly { clientId: string; publicClient: boolean; redirectUris?: readonly string[] }[]
}
const pages = clients.find(({ publicClient }) => publicClient)
const redirect = pages?.redirectUris?.[0] ?? ''
// The pair of RFC 7636, appendix B.
const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'

/** What a real Keycloak must make of our realm: tokens that our verifier takes, saying who each of its users is. */
export function realmContract(realm: () => RunningRealm): void {
  const endpoint = (name: string) => `${realm().url}/protocol/openid-connect/${name}`
  const asked = (more: Readonly<Record<string, string>>) =>
    `${endpoint('auth')}?${new URLSearchParams({ client_id: pages?.clientId ?? '', response_type: 'code', scope: 'openid', redirect_uri: redirect, ...more }).toString()}`

  async function token(
    body: Readonly<Record<string, string>>,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<string> {
    const response = await fetch(endpoint('token'), { method: 'POST', headers, body: new URLSearchParams(body) })
    const answer = (await response.json()) as { access_token?: string }
    if (answer.access_token === undefined) throw new Error(`${response.status}: ${JSON.stringify(answer)}`)
    return answer.access_token
  }

  const ofProgram = (client: string): Promise<string> =>
    token(
      { grant_type: 'client_credentials' },
      { authorization: `Basic ${Buffer.from(`${client}:${realm().programSecret}`).toString('base64')}` },
    )

  /** As a browser does it: the page, the form, back with a code. */
  async function ofPerson(username: string): Promise<string> {
    const page = await fetch(asked({ code_challenge: CHALLENGE, code_challenge_method: 'S256' }))
    const cookie = page.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ')
    const form = /action="([^"]+)"/.exec(await page.text())?.[1]?.replaceAll('&amp;', '&') ?? ''
    const signed = await fetch(form, {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie },
      body: new URLSearchParams({ username, password: realm().peoplePassword }),
    })
    const back = new URL(signed.headers.get('location') ?? 'about:blank')
    const code = back.searchParams.get('code')
    if (!back.href.startsWith(redirect) || code === null) throw new Error(`${signed.status} ${back.href}`)
    return token({
      grant_type: 'authorization_code',
      client_id: pages?.clientId ?? '',
      code,
      redirect_uri: redirect,
      code_verifier: VERIFIER,
    })
  }

  test.each(users)(
    '$username gets a token that our verifier takes, and that says who they are',
    async ({ username, serviceAccountClientId: client, ...user }) => {
      const issuer = externalIssuer(realm().url)
      const verify = openVerifier({ issuer: issuer.url, audience: 'wufei', keys: issuer.keys, type: 'JWT' })
      const actor = await verify(await (client === undefined ? ofPerson(username) : ofProgram(client)))
      const { unit: [unit] = [], competence } = user.attributes ?? {}
      expect({ ...actor, roles: actor.roles.toSorted(), competence: actor.competence?.toSorted() }).toEqual({
        subject: expect.stringMatching(/^[0-9a-f-]{36}$/),
        roles: user.realmRoles.toSorted(),
        competence: competence?.toSorted(),
        ...(unit === undefined ? {} : { unit }),
      })
    },
  )

  test('pages cannot sign anyone in without PKCE', async () => {
    const answer = await fetch(asked({}), { redirect: 'manual' })
    expect(answer.headers.get('location')).toMatch(/error=invalid_request/)
  })
}
