import { readFileSync } from 'node:fs'
import { createLocalJWKSet, exportJWK, generateKeyPair, SignJWT } from 'jose'
import { beforeAll, describe, expect, test } from 'vitest'
import { openVerifier, type VerifyToken } from '../../infra/identity/verify-token.ts'
import { COMPETENCES } from '../../infra/identity/visibility.ts'
import { ROLES } from '../../schemas/actor.ts'
import { UnitCode } from '../../schemas/values/unit-code.ts'
import { composeFile, read } from './compose-file.ts'

interface Mapper {
  readonly protocolMapper: string
  readonly config: Readonly<Record<string, string>>
}
interface Client {
  readonly clientId: string
  readonly publicClient: boolean
  readonly secret?: string
  readonly standardFlowEnabled: boolean
  readonly implicitFlowEnabled: boolean
  readonly directAccessGrantsEnabled: boolean
  readonly serviceAccountsEnabled: boolean
  readonly redirectUris?: readonly string[]
  readonly attributes?: Readonly<Record<string, string>>
  readonly protocolMappers: readonly Mapper[]
}
interface User {
  readonly username: string
  readonly serviceAccountClientId?: string
  readonly realmRoles: readonly string[]
  readonly attributes?: Readonly<Record<string, readonly string[]>>
  readonly credentials?: readonly { readonly value: string }[]
}

const text = read('infra/deploy/keycloak/realm.json')
const realm = JSON.parse(text) as {
  roles: { realm: { name: string }[] }
  clients: Client[]
  users: User[]
  components: Record<string, { config: Record<string, string[]> }[]>
}
const gateway = composeFile().services['gateway']?.environment ?? {}
const ISSUER = gateway['OIDC_ISSUER'] ?? ''
const AUDIENCE = gateway['OIDC_AUDIENCE'] ?? ''

/** What Keycloak puts into an access token of this client for this user, as its mappers say (seen so in Keycloak 26.4.7). */
function claimsOf(
  { protocolMappers }: Client,
  { username, realmRoles, attributes = {} }: User,
): Record<string, unknown> {
  const claims: Record<string, unknown> = {}
  for (const { protocolMapper, config } of protocolMappers.filter(
    (mapper) => mapper.config['access.token.claim'] === 'true',
  )) {
    const name = config['claim.name'] ?? ''
    const values = attributes[config['user.attribute'] ?? '']
    if (protocolMapper === 'oidc-sub-mapper') claims['sub'] = `id-of-${username}`
    else if (protocolMapper === 'oidc-audience-mapper') claims['aud'] = config['included.custom.audience']
    else if (protocolMapper === 'oidc-usermodel-realm-role-mapper') claims[name] = realmRoles
    else if (protocolMapper !== 'oidc-usermodel-attribute-mapper')
      throw new Error(`a mapper that this test does not know: ${protocolMapper}`)
    else if (values) claims[name] = config['multivalued'] === 'true' ? values : values[0]
  }
  return claims
}

let verify: VerifyToken
let sign: (claims: Record<string, unknown>) => Promise<string>
beforeAll(async () => {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true })
  verify = openVerifier({
    issuer: ISSUER,
    audience: AUDIENCE,
    type: gateway['OIDC_TOKEN_TYPE'] ?? '',
    keys: createLocalJWKSet({ keys: [{ ...(await exportJWK(publicKey)), alg: 'RS256' }] }),
  })
  sign = (claims) =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
      .setIssuer(ISSUER)
      .setExpirationTime('5m')
      .sign(privateKey)
})

const pages = realm.clients.filter(({ publicClient }) => publicClient)
const programs = realm.clients.filter(({ publicClient }) => !publicClient)
const clientOf = ({ serviceAccountClientId }: User): Client => {
  const found =
    serviceAccountClientId === undefined
      ? pages[0]
      : programs.find(({ clientId }) => clientId === serviceAccountClientId)
  if (!found) throw new Error(`no client ${serviceAccountClientId}`)
  return found
}

test('the realm has our roles and no other', () => {
  expect(realm.roles.realm.map(({ name }) => name).toSorted()).toEqual(ROLES.toSorted())
})

test.each(realm.users)('a token of $username is taken, and says who they are', async (user) => {
  const actor = await verify(await sign(claimsOf(clientOf(user), user)))
  const { unit: [unit] = [], competence } = user.attributes ?? {}
  expect(actor).toEqual({
    subject: `id-of-${user.username}`,
    roles: ROLES.filter((role) => user.realmRoles.includes(role)),
    ...(unit === undefined ? {} : { unit }),
    ...(competence === undefined ? {} : { competence }),
  })
  expect(actor.roles.length).toBeGreaterThan(0)
})

test('whoever acts for a unit acts for one of the demo park, and every office has the competence that the code gives it', () => {
  const demo = readFileSync(new URL('../../services/park/demo-bundle/units.csv', import.meta.url), 'utf8')
  for (const { username, realmRoles, attributes = {} } of realm.users) {
    const acts = realmRoles.some((role) => ['producer', 'carrier', 'driver', 'receiver'].includes(role))
    expect(attributes['unit'] !== undefined, username).toBe(acts)
    for (const unit of attributes['unit'] ?? [])
      expect(UnitCode.safeParse(unit).success && demo.includes(unit), unit).toBe(true)
  }
  for (const office of ['environment', 'enforcement', 'planning'] as const)
    expect(realm.users.find(({ username }) => username === `official-${office}`)?.attributes?.['competence']).toEqual(
      COMPETENCES[office],
    )
})

test('attributes are ones that the realm declares, and only an administrator may change them', () => {
  const profile = JSON.parse(
    realm.components['org.keycloak.userprofile.UserProfileProvider']?.[0]?.config['kc.user.profile.config']?.[0] ?? '',
  ) as {
    attributes: { name: string; multivalued: boolean; permissions: { edit: string[] } }[]
  }
  for (const [name, multivalued] of [
    ['unit', false],
    ['competence', true],
  ] as const)
    expect(profile.attributes.find((attribute) => attribute.name === name)).toMatchObject({
      multivalued,
      permissions: { edit: ['admin'] },
    })
})

describe('clients', () => {
  test('pages sign in by code with PKCE and nothing else, and come back to the park', () => {
    expect(pages).toHaveLength(1)
    for (const client of pages) {
      expect(client).toMatchObject({
        standardFlowEnabled: true,
        implicitFlowEnabled: false,
        directAccessGrantsEnabled: false,
        serviceAccountsEnabled: false,
      })
      expect(client.attributes?.['pkce.code.challenge.method']).toBe('S256')
      for (const uri of client.redirectUris ?? [])
        expect(uri.startsWith(`${gateway['PUBLIC_URL']}/`) && !uri.includes('*'), uri).toBe(true)
    }
  })

  test('programs have credentials of their own and no way to sign in as a person', () => {
    for (const client of programs) {
      expect(client, client.clientId).toMatchObject({
        standardFlowEnabled: false,
        implicitFlowEnabled: false,
        directAccessGrantsEnabled: false,
        serviceAccountsEnabled: true,
      })
      expect(realm.users.some(({ serviceAccountClientId }) => serviceAccountClientId === client.clientId)).toBe(true)
    }
  })

  test('no password stands in the realm: Keycloak takes them from its environment', () => {
    const given = [
      ...programs.map(({ secret }) => secret),
      ...realm.users.flatMap(({ credentials = [] }) => credentials.map(({ value }) => value)),
    ]
    expect(given.length).toBeGreaterThan(0)
    for (const value of given) expect(value).toMatch(/^\$\{WUFEI_[A-Z_]+\}$/)
    expect(composeFile().services['keycloak']?.env_file).toEqual(['infra/deploy/secrets/keycloak.env'])
    const made = read('infra/deploy/make-secrets.mjs')
    for (const value of new Set(given)) expect(made).toContain(`${value?.slice(2, -1)}=`)
  })
})
