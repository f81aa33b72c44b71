import { Wait, type StartedTestContainer } from 'testcontainers'
import { afterAll, beforeAll, describe } from 'vitest'
import { REALM_FILE, realmContract, type RunningRealm } from '../deploy/keycloak/contract.ts'
import { freePort } from '../postgres/cluster.ts'
import { containerOf, engineMissing } from './engine.ts'

const missing = await engineMissing('Keycloak')

describe.skipIf(missing !== undefined)('the image of Keycloak with our realm', () => {
  let container: StartedTestContainer
  let running: RunningRealm
  beforeAll(async () => {
    // The issuer's name is part of every token, so its port outside must be known before it starts.
    const port = await freePort()
    running = {
      url: `http://127.0.0.1:${port}/realms/wufei`,
      programSecret: 'of-the-programs',
      peoplePassword: 'of-the-people',
    }
    container = await containerOf('keycloak')
      .withCommand(['start-dev', '--import-realm'])
      .withEnvironment({
        KC_HOSTNAME: `http://127.0.0.1:${port}`,
        KC_BOOTSTRAP_ADMIN_USERNAME: 'admin',
        KC_BOOTSTRAP_ADMIN_PASSWORD: 'test',
        WUFEI_PROGRAM_SECRET: running.programSecret,
        WUFEI_DEMO_PASSWORD: running.peoplePassword,
      })
      .withCopyFilesToContainer([{ source: REALM_FILE, target: '/opt/keycloak/data/import/realm.json' }])
      .withExposedPorts({ container: 8_080, host: port })
      .withWaitStrategy(
        Wait.forHttp('/realms/wufei/.well-known/openid-configuration', 8_080).withStartupTimeout(240_000),
      )
      .start()
  }, 300_000)
  afterAll(async () => {
    await container.stop()
  })

  realmContract(() => running)
})
