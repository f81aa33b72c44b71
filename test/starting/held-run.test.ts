import { existsSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { expect, test } from 'vitest'
import { missingForKeycloak, projectDistribution } from '../../infra/deploy/keycloak/distribution.ts'
import { startKeycloak } from '../../infra/deploy/keycloak/server.ts'
import { startStandInProcess } from '../../infra/event-store/stand-in/process.ts'
import { freePort } from '../../infra/postgres/cluster.ts'
import { inSession } from '../../infra/postgres/sessions.ts'
import { supervise } from '../../services/park/distributed/supervisor.ts'
import { freshDatabase } from '../support/database.ts'
import { kafkaMissing, startTestBrokers } from '../support/kafka.ts'
import { openWorld } from '../support/world.ts'

/** Set by `test-run.test.ts`, which kills this run while it holds; in a run of all tests nothing is held. */
const HOLD_MS = Number(process.env['HOLD_MS'] ?? 0)
const BROWSER = '/usr/bin/chromium'
const PROCESS = fileURLToPath(new URL('../../services/park/process/main.ts', import.meta.url))

test('a test has a database while it runs', { timeout: 60_000 + HOLD_MS }, async () => {
  const { url, drop } = await freshDatabase()
  await inSession(url, async (client) => {
    const { rows } = await client.query<{ one: number }>('select 1 as one')
    expect(rows).toEqual([{ one: 1 }])
    if (process.env['HOLD_ALL'] === '1') await startAll(url)
    if (HOLD_MS > 0) process.stdout.write('holding\n')
    await pause(HOLD_MS)
  })
  await drop()
})

/** One of everything that a test starts beside itself, as far as it can be had here; Keycloak in the midst of its start. */
async function startAll(databaseUrl: string): Promise<void> {
  const port = String(await freePort())
  supervise({
    program: { main: PROCESS, execArgv: ['--import', 'tsx'] },
    plans: [
      {
        label: 'registry 1',
        command: ['registry'],
        url: `http://127.0.0.1:${port}`,
        environment: { DATABASE_URL: databaseUrl, PORT: port, OIDC_ISSUER: 'http://127.0.0.1:1/oidc' },
      },
    ],
    environment: process.env,
  })
  openWorld().run('demo')
  const distribution = process.env['KEYCLOAK_HOME'] ?? projectDistribution
  if (missingForKeycloak(distribution) === undefined)
    startKeycloak({
      distribution,
      command: ['start-dev'],
      environment: process.env,
      ready: 'http://127.0.0.1:1',
    }).catch(() => undefined)
  if (kafkaMissing('a broker that is held') === undefined) await startTestBrokers()
  if (existsSync(BROWSER)) await chromium.launch({ executablePath: BROWSER, args: ['--no-sandbox'] })
  await startStandInProcess()
}
