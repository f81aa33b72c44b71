import { spawn, type ChildProcess } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe } from 'vitest'
import { freePort } from '../../postgres/cluster.ts'
import { REALM_FILE, realmContract, type RunningRealm } from './contract.ts'

// mvn dependency:copy -Dartifact=org.keycloak:keycloak-quarkus-dist:26.4.7:zip -DoutputDirectory=DIR, unpacked; it needs Java 17 or newer.
const home = process.env['KEYCLOAK_HOME'] ?? ''
const there = existsSync(join(home, 'bin/kc.sh'))
if (!there) process.stdout.write('skipped: the realm in a Keycloak of this machine needs KEYCLOAK_HOME, a folder with an unpacked distribution\n')

// Half a minute on an idle machine; minutes on a busy one.
const START_MS = 600_000

describe.skipIf(!there)('our realm in a real Keycloak', () => {
  let server: ChildProcess
  let running: RunningRealm
  beforeAll(async () => {
    const [port, management] = [await freePort(), await freePort()]
    const origin = `http://127.0.0.1:${port}`
    running = { url: `${origin}/realms/wufei`, programSecret: 'of-the-programs', peoplePassword: 'of-the-people' }
    mkdirSync(join(home, 'data/import'), { recursive: true })
    copyFileSync(REALM_FILE, join(home, 'data/import/realm.json'))
    server = spawn(join(home, 'bin/kc.sh'), ['start-dev', '--import-realm'], {
      stdio: 'ignore',
      // A group of its own: the script starts Java beside itself.
      detached: true,
      env: {
        ...process.env,
        KC_DB: 'dev-mem',
        KC_HOSTNAME: origin,
        KC_HTTP_HOST: '127.0.0.1',
        KC_HTTP_PORT: String(port),
        KC_HTTP_MANAGEMENT_PORT: String(management),
        WUFEI_PROGRAM_SECRET: running.programSecret,
        WUFEI_DEMO_PASSWORD: running.peoplePassword,
      },
    })
    for (const until = performance.now() + START_MS; ; await pause(500)) {
      const found = await fetch(`${running.url}/.well-known/openid-configuration`).catch(() => undefined)
      if (found?.ok) return
      if (performance.now() > until || server.exitCode !== null) throw new Error(`Keycloak did not start: ${server.exitCode}`)
    }
  }, START_MS + 10_000)
  afterAll(() => {
    if (server.pid !== undefined) process.kill(-server.pid, 'SIGTERM')
  })

  realmContract(() => running)
})
