import { Wait, type StartedTestContainer } from 'testcontainers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { externalIssuer } from '../identity/external-issuer.ts'
import { openVerifier } from '../identity/verify-token.ts'
import { freePort } from '../postgres/cluster.ts'
import { containerOf, engineMissing } from './engine.ts'

const missing = await engineMissing('Keycloak')
const SECRET = 'of-the-programs'
const REALM = new URL('../deploy/keycloak/realm.json', import.meta.url).pathname

describe.skipIf(missing !== undefined)('the image of Keycloak with our realm', () => {
  let container: StartedTestContainer
  let realm: string
  beforeAll(async () => {
    // The issuer's name is part of every token, so its port outside must be known before it starts.
    const port = await freePort()
    realm = `http://127.0.0.1:${port}/realms/wufei`
    container = await containerOf('keycloak')
      .withCommand(['start-dev', '--import-realm'])
      .withEnvironment({
        KC_HOSTNAME: `http://127.0.0.1:${port}`,
        KC_BOOTSTRAP_ADMIN_USERNAME: 'admin',
        KC_BOOTSTRAP_ADMIN_PASSWORD: 'test',
        WUFEI_PROGRAM_SECRET: SECRET,
        WUFEI_DEMO_PASSWORD: 'of-the-people',
      })
      .withCopyFilesToContainer([{ source: REALM, target: '/opt/keycloak/data/import/realm.json' }])
      .withExposedPorts({ container: 8_080, host: port })
      .withWaitStrategy(Wait.forHttp('/realms/wufei/.well-known/openid-configuration', 8_080).withStartupTimeout(240_000))
      .start()
  }, 300_000)
  afterAll(async () => {
    await container.stop()
  })

  test.each([
    ['wufei-books', ['admin'], undefined],
    ['wufei-producer', ['producer'], '91320594LBAJ0WGHKN'],
    ['wufei-carrier', ['carrier', 'driver'], '91320594K0GYY8JNDE'],
  ])('gives %s a token that our verifier takes', async (program, roles, unit) => {
    const issuer = externalIssuer(realm)
    const verify = openVerifier({ issuer: issuer.url, audience: 'wufei', keys: issuer.keys })
    const response = await fetch((await issuer.endpoints()).token, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${program}:${SECRET}`).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    })
    const { access_token: token } = (await response.json()) as { access_token: string }
    expect(await verify(token)).toMatchObject({ roles, ...(unit === undefined ? {} : { unit }) })
  })
})
