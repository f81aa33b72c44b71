import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { inSession } from '../../infra/postgres/sessions.ts'
import { freshDatabase } from '../support/database.ts'

/** Set by `test-run.test.ts`, which kills this run while it holds; in a run of all tests nothing is held. */
const HOLD_MS = Number(process.env['HOLD_MS'] ?? 0)

test('a test has a database while it runs', { timeout: 60_000 + HOLD_MS }, async () => {
  const { url, drop } = await freshDatabase()
  await inSession(url, async (client) => {
    const { rows } = await client.query<{ one: number }>('select 1 as one')
    expect(rows).toEqual([{ one: 1 }])
    if (HOLD_MS > 0) process.stdout.write('holding\n')
    await pause(HOLD_MS)
  })
  await drop()
})
