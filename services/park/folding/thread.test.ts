import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { freshDatabase } from '../../../test/support/database.ts'
import { readConfiguration } from '../../../infra/configuration/configuration.ts'
import type { EventStore } from '../../../infra/event-store/port.ts'
import { openPostgresStore } from '../../../infra/event-store/postgres/store.ts'
import { inSession } from '../../../infra/postgres/sessions.ts'
import { allProjections } from '../../../projections/all.ts'
import type { Parked } from '../../../projections/runner/checkpoints.ts'
import { openFoldingThread, type FoldingThread } from './thread.ts'

const UNIT = '913205942CL12TH3BX'
const names = allProjections.map(({ name }) => name)
let database: Awaited<ReturnType<typeof freshDatabase>>
let store: EventStore
let thread: FoldingThread | undefined
let workers: Worker[]
let faults: string[]
let parked: Parked[]

beforeEach(async () => {
  database = await freshDatabase()
  store = await openPostgresStore({ url: database.url })
  ;[workers, faults, parked] = [[], [], []]
})
afterEach(async () => {
  await thread?.stop()
  thread = undefined
  await store.close()
  await database.drop()
})

async function open(databaseUrl = database.url): Promise<FoldingThread> {
  thread = await openFoldingThread({
    config: readConfiguration({ DATABASE_URL: databaseUrl, NODE_ENV: 'test', LOG_LEVEL: 'silent' }),
    databaseUrl,
    store,
    names,
    onFault: (fault, of) => faults.push(`${of}: ${fault instanceof Error ? fault.message : String(fault)}`),
    onParked: (event) => parked.push(event),
    start: () => {
      const worker = new Worker(new URL('start.mjs', import.meta.url))
      workers.push(worker)
      return worker
    },
  })
  return thread
}

async function generate(occurredAt = '2025-12-01T08:00:00+08:00'): Promise<number> {
  const commandId = randomUUID()
  const result = await store.append({
    stream: `lot-${commandId}`,
    expected: 0,
    commandId,
    events: [
      {
        type: 'LotGenerated',
        schemaVersion: 1,
        occurredAt,
        data: {
          waste: { stream: 'hazardous', code: '900-404-06' },
          origin: { unit: UNIT, inside: true },
          to: { at: 'generation', holder: UNIT, place: '' },
          grams: 1_000,
          pool: false,
        },
        metadata: { commandId, actor: { subject: 's', roles: ['admin'] }, provenance: 'live' },
      },
    ],
  })
  if (result.outcome !== 'appended') throw new Error(result.outcome)
  return result.position
}

const lots = (): Promise<number> =>
  inSession(database.url, async (client) => {
    const { rows } = await client.query<{ lots: number }>('select count(*)::int as lots from rm.lot')
    return rows[0]?.lots ?? 0
  })

describe('the folding thread', () => {
  test('folds what is appended here, leads, and says how far it and each projection is', async () => {
    const folding = await open()
    const last = await generate()
    const advances: string[] = []
    folding.onAdvance((projection, position) => advances.push(`${projection} ${position}`))
    expect(await folding.waitFor(last, 30_000)).toBe(true)
    expect(await lots()).toBe(1)
    expect(folding.leads()).toBe(true)
    expect(await folding.position('journal')).toBe(last)
    expect(advances).toContain(`journal ${last}`)
    expect((await folding.lags()).map(({ projection, events }) => [projection, events])).toContainEqual(['lots', 0])
  })

  test('another one goes on at the checkpoints where one died', async () => {
    const folding = await open()
    expect(await folding.waitFor(await generate(), 30_000)).toBe(true)
    await workers[0]?.terminate()
    expect(folding.leads()).toBe(false)
    const last = await generate()
    expect(await folding.waitFor(last, 60_000)).toBe(true)
    expect(await lots()).toBe(2)
    expect(workers).toHaveLength(2)
    expect(faults).toContainEqual(expect.stringContaining('thread: the thread that folds ended'))
    await vi.waitFor(() => expect(folding.leads()).toBe(true))
  })

  test('parked events are reported, counted and folded again where they can be', async () => {
    const folding = await open()
    // PostgreSQL takes no year 0000; JavaScript and the log do.
    const bad = await generate('0000-11-30T08:00:00+08:00')
    expect(await folding.waitFor(bad, 30_000)).toBe(true)
    await vi.waitFor(() => expect(parked.map(({ projection }) => projection)).toContain('journal'))
    expect((await folding.parked()).map(({ position }) => position)).toContain(bad)
    expect(await folding.replayParked()).toBe(0)
  })

  test('ends when it is stopped, and the next start goes on', async () => {
    const folding = await open()
    expect(await folding.waitFor(await generate(), 30_000)).toBe(true)
    const ended = once(workers[0] as Worker, 'exit')
    await folding.stop()
    expect((await ended)[0]).toBe(0)
    await folding.done
    const last = await generate()
    const next = await open()
    expect(await next.waitFor(last, 30_000)).toBe(true)
    expect([workers.length, faults]).toEqual([2, []])
  })

  test('of another log it gives up for good, and cannot be opened without a database', async () => {
    const folding = await open()
    expect(await folding.waitFor(await generate(), 30_000)).toBe(true)
    await folding.stop()
    await inSession(database.url, (client) => client.query('select es.begin_epoch()'))
    const next = await open()
    await expect(next.done).rejects.toMatchObject({ name: 'ForeignEpoch' })
    await next.stop()
    thread = undefined
    const nowhere = new URL(database.url)
    nowhere.pathname = '/nowhere'
    await expect(open(nowhere.href)).rejects.toThrow('no session with the database')
  })
})
