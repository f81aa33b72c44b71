import pg from 'pg'
import { expect, test, vi } from 'vitest'
import { readConfiguration } from '../../infra/configuration/configuration.ts'
import { openLogger } from '../../infra/telemetry/logger.ts'
import { openProjections } from '../../services/park/process/projections.ts'
import { freshDatabase } from '../support/database.ts'

test('a process whose rows are of another log is not ready, however long it lives', async () => {
  const database = await freshDatabase()
  const config = readConfiguration({ DATABASE_URL: database.url, NODE_ENV: 'test' })
  const folding = () => openProjections(['lots'], { config, url: 'http://park.test', logger: openLogger('silent') })
  const readiness = async ({ app }: Awaited<ReturnType<typeof folding>>) => (await app.inject('/readyz')).json<object>()

  const before = await folding()
  expect(await readiness(before)).toEqual({ status: 'ready', checks: { store: 'ok', projections: 'ok' }, parked: 0 })
  await before.close()

  const client = new pg.Client(database.url)
  await client.connect()
  await client.query('select es.begin_epoch()')
  await client.end()
  const restored = await folding()
  await vi.waitFor(async () =>
    expect(await readiness(restored)).toEqual({
      status: 'not-ready',
      checks: { store: 'ok', projections: 'failed' },
      parked: 0,
    }),
  )
  await restored.close()
  await database.drop()
})
