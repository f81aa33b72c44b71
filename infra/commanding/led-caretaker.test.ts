import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { openMemoryStore } from '../event-store/memory.ts'
import { migrate } from '../postgres/migrate.ts'
import { openPool } from '../postgres/sessions.ts'
import { freshDatabase } from '../../test/support/database.ts'
import { testRuntime } from '../../test/support/runtime.ts'
import { openLedCaretaker, type LedCaretaker } from './led-caretaker.ts'
import type { DeadlineRunner } from './deadlines.ts'
import type { Policy } from './policies.ts'

let url: string
let pool: pg.Pool
let drop: () => Promise<void>
beforeAll(async () => {
  const database = await freshDatabase()
  url = database.url
  drop = () => database.drop()
  pool = openPool({ connectionString: url })
  pool.on('error', () => undefined)
  const client = await pool.connect()
  await migrate(client, { part: 'commanding', directory: new URL('./', import.meta.url) })
  client.release()
})
afterAll(async () => {
  await pool.end()
  await drop()
})

const clock = { now: () => new Date().toISOString() }

/** A log with one event, and a policy that says who saw it. */
async function copies(service: string) {
  const store = openMemoryStore(clock)
  await store.append({
    stream: 'lot-1',
    expected: 0,
    commandId: '018f0000-0000-7000-8000-000000000001',
    events: [
      {
        type: 'LotLabelled',
        schemaVersion: 1,
        occurredAt: '2025-12-06T08:00:00+08:00',
        data: { label: 'x' },
        metadata: {
          commandId: '018f0000-0000-7000-8000-000000000001',
          actor: { subject: 'books', roles: ['admin'] },
          provenance: 'book',
        },
      },
    ],
  })
  const saw: string[] = []
  const copy = (name: string): LedCaretaker => {
    const policy: Policy = {
      name: 'see',
      on: ['LotLabelled'],
      react: () => {
        saw.push(name)
        return []
      },
    }
    const runtime = testRuntime({ clock, store, policies: [policy] })
    return openLedCaretaker(runtime, { service, databaseUrl: url, pool, policies: [policy], grace: 0, interval: 5 })
  }
  return { store, saw, copy }
}

describe('of the copies of a service', () => {
  test('one looks after the log, and what it has done its successor need not look at again', async () => {
    const { saw, copy } = await copies('classification')
    const first = copy('first')
    await vi.waitFor(() => expect(saw).toEqual(['first']), { timeout: 5_000 })
    const second = copy('second')
    expect(second.leads()).toBe(false)
    await first.stop()
    await vi.waitFor(() => expect(second.leads()).toBe(true), { timeout: 5_000 })
    await second.stop()
    expect(saw).toEqual(['first'])
  })

  test('another takes over when the session of the one that leads is cut', async () => {
    const { saw, copy } = await copies('collection')
    const [first, second] = [copy('first'), copy('second')]
    await vi.waitFor(() => expect(saw).toHaveLength(1), { timeout: 5_000 })
    const leads = () => [first, second].filter((one) => one.leads()).length
    expect(leads()).toBe(1)
    await pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'leader of collection'`,
    )
    await vi.waitFor(() => expect(leads()).toBe(0), { timeout: 5_000 })
    await vi.waitFor(() => expect(leads()).toBe(1), { timeout: 5_000 })
    await Promise.all([first.stop(), second.stop()])
  })
})

test('a copy whose own clock is an hour ahead carries out what is due by the clock of the database', async () => {
  const { store } = await copies('ahead')
  const asked: number[] = []
  const deadlines: DeadlineRunner = {
    sweep(now) {
      asked.push(now)
      return Promise.resolve()
    },
  }
  const ahead = { now: () => new Date(Date.now() + 3_600_000).toISOString() }
  const runtime = testRuntime({ clock: ahead, store, policies: [] })
  const caretaker = openLedCaretaker(runtime, {
    service: 'ahead',
    databaseUrl: url,
    pool,
    policies: [],
    deadlines,
    grace: 0,
    interval: 5,
  })
  await vi.waitFor(() => expect(asked.length).toBeGreaterThan(0), { timeout: 5_000 })
  await caretaker.stop()
  expect(Math.max(...asked)).toBeLessThan(Date.now() + 60_000)
})
