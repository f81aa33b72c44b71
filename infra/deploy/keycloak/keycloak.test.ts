import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { composeFile, root } from '../../../test/deploy/compose-file.ts'
import { freshDatabase } from '../../../test/support/database.ts'
import { freePort } from '../../postgres/cluster.ts'
import { realmContract, type RunningRealm } from './contract.ts'
import { missingForKeycloak, projectDistribution } from './distribution.ts'
import { startKeycloak } from './server.ts'

const distribution = process.env['KEYCLOAK_HOME'] ?? projectDistribution
const missing = missingForKeycloak(distribution)
if (missing !== undefined) process.stdout.write(`skipped: our realm in a real Keycloak; ${missing}\n`)

const service = composeFile().services['keycloak']

/** The secrets of a park, as the container is given them. */
function madeSecrets(): Readonly<Record<string, string | undefined>> {
  const folder = mkdtempSync(join(tmpdir(), 'wufei-secrets-'))
  try {
    execFileSync('node', ['infra/deploy/make-secrets.mjs', folder], { cwd: root })
    return parseEnv(readFileSync(join(folder, 'keycloak.env'), 'utf8'))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

// By the command and the settings of the compose file, on PostgreSQL; only addresses and the database's login are of this machine.
describe.skipIf(missing !== undefined)('the Keycloak of the compose file with our realm', () => {
  let running: RunningRealm
  let management: number
  let database: Awaited<ReturnType<typeof freshDatabase>> | undefined
  let stop: (() => Promise<void>) | undefined

  beforeAll(async () => {
    const port = await freePort()
    management = await freePort()
    const secrets = madeSecrets()
    const origin = `http://127.0.0.1:${port}`
    running = {
      url: `${origin}/realms/wufei`,
      programSecret: secrets['WUFEI_PROGRAM_SECRET'] ?? '',
      peoplePassword: secrets['WUFEI_DEMO_PASSWORD'] ?? '',
    }
    database = await freshDatabase()
    const { host, pathname, username, password } = new URL(database.url)
    stop = await startKeycloak({
      distribution,
      command: service?.command ?? [],
      environment: {
        ...process.env,
        ...secrets,
        ...service?.environment,
        KC_DB_URL: `jdbc:postgresql://${host}${pathname}`,
        KC_DB_USERNAME: username,
        KC_DB_PASSWORD: password,
        KC_HOSTNAME: origin,
        KC_HTTP_HOST: '127.0.0.1',
        KC_HTTP_PORT: String(port),
        KC_HTTP_MANAGEMENT_PORT: String(management),
      },
      ready: `${running.url}/.well-known/openid-configuration`,
    })
  }, 620_000)
  afterAll(async () => {
    await stop?.()
    await database?.drop()
  })

  test('is of the version that the compose file names', () => {
    expect(readFileSync(join(distribution, 'version.txt'), 'utf8')).toContain(service?.image.split(':')[1])
  })

  test('is found healthy by the check of the container', () => {
    const [, ...words] = service?.healthcheck?.test ?? []
    // Compose takes a doubled $ for one of the command's own.
    const [program = '', ...rest] = words.map((word) => word.replaceAll('$$', '$').replace('/9000', `/${management}`))
    expect(spawnSync(program, rest, { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' })
  })

  realmContract(() => running)
})
