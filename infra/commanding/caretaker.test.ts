import { v7 } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type pg from 'pg'
import { openPool } from '../postgres/sessions.ts'
import { builtinCatalogues } from '../../schemas/catalogues/builtin.ts'
import { defaultBounds } from '../../schemas/commands/bounds.ts'
import { claimStream } from '../../schemas/values/identifiers.ts'
import { freshDatabase } from '../../test/support/database.ts'
import { testIds } from '../../test/support/ids.ts'
import { openMemoryStore } from '../event-store/memory.ts'
import { openIds } from '../ids/ids.ts'
import { migrate } from '../postgres/migrate.ts'
import { CareHandedOver, claimMark, memoryMark } from './caretaker-mark.ts'
import { openCaretaker } from './caretaker.ts'
import type { Outcome, Runtime } from './execute.ts'
import { reactionId, type Policy, type Reaction } from './policies.ts'
import { openStates } from './states.ts'

const REFUSED: Outcome<unknown> = {
  status: 'refused',
  refusals: [{ code: 'rule-broken', rule: 'R28', pointer: '/grams', facts: {} }],
}

/** A log of names that were claimed, and a clock that the test moves. */
function world() {
  let ms = Date.parse('2026-01-05T00:00:00.000Z')
  const clock = { now: () => new Date(ms).toISOString() }
  const store = openMemoryStore(clock)
  const runtime: Runtime = {
    store,
    clock,
    states: openStates(store),
    ids: testIds,
    people: {
      seal: () => Promise.reject(new Error('no person is known here')),
      compare: () => Promise.reject(new Error('no person is known here')),
      reveal: () => Promise.reject(new Error('no person is known here')),
    },
    catalogues: builtinCatalogues,
    bounds: defaultBounds,
    contextMaxAge: 0,
    streamsOf: () => Promise.resolve(new Map()),
    react: () => Promise.resolve(0),
  }
  const happened = async (name: string, commandId: string = v7()) => {
    const metadata = { commandId, actor: { subject: 'test', roles: [] }, provenance: 'live' as const }
    const event = {
      type: 'NameClaimed',
      schemaVersion: 1,
      occurredAt: clock.now(),
      data: { kind: 'label', name, by: 'lot-x' },
      metadata,
    }
    await store.append({
      stream: claimStream('label', name),
      expected: 0,
      commandId: metadata.commandId,
      events: [event],
    })
  }
  return { runtime, happened, later: (more: number) => void (ms += more) }
}

/** What a policy did, with how it was answered. */
function policy(
  answer: (name: string, key: string) => Outcome<unknown>,
  keys: readonly string[] = ['a'],
  more: Partial<Policy> = {},
) {
  const done: string[] = []
  const reaction = (name: string, key: string): Reaction => ({
    key,
    stream: claimStream('label', name),
    perform() {
      const outcome = answer(name, key)
      done.push(`${name}/${key} ${outcome.status}`)
      return Promise.resolve(outcome)
    },
  })
  const following: Policy = {
    name: 'follow',
    on: ['NameClaimed'],
    react: ({ event }) => (event.type === 'NameClaimed' ? keys.map((key) => reaction(event.data.name, key)) : []),
    ...more,
  }
  return { done, policies: [following] }
}
const DONE: Outcome<unknown> = {
  status: 'done',
  stream: 's',
  revision: 1,
  position: 1,
  findings: [],
  events: 0,
  replayed: false,
  state: undefined,
}

describe('the caretaker', () => {
  test('keeps what was refused in sight and tries it again, later each time, until it is done', async () => {
    const { runtime, happened, later } = world()
    let mended = false
    const { done, policies } = policy((name) => (name === 'bad' && !mended ? REFUSED : DONE))
    const caretaker = openCaretaker(runtime, { policies, mark: memoryMark() })
    await happened('bad')
    await happened('good')
    later(3_000)
    await caretaker.sweep()
    expect(done).toEqual(['bad/a refused', 'good/a done'])
    expect(caretaker.problems()).toMatchObject([
      { name: 'follow', stream: 'claim-label-bad', revision: 1, attempts: 1, message: expect.stringContaining('R28') },
    ])
    await caretaker.sweep()
    expect(done).toHaveLength(2)
    later(1_000)
    await caretaker.sweep()
    expect(caretaker.problems()).toMatchObject([{ attempts: 2 }])
    later(1_999)
    await caretaker.sweep()
    expect(done).toHaveLength(3)
    mended = true
    later(1)
    await caretaker.sweep()
    expect(caretaker.problems()).toEqual([])
    expect(done.at(-1)).toBe('bad/a done')
  })

  test('leaves what was refused often enough to its finding, which then holds no mark back', async () => {
    const { runtime, happened, later } = world()
    const { done, policies } = policy(() => REFUSED)
    const mark = memoryMark()
    const caretaker = openCaretaker(runtime, { policies, mark })
    await happened('bad')
    for (let minute = 0; minute < 20; minute++) {
      later(60_000)
      await caretaker.sweep()
    }
    expect(done).toHaveLength(8)
    expect(caretaker.problems()).toEqual([])
    const head = await runtime.store.head()
    expect(await mark.load(await runtime.store.epoch())).toBe(head)
    const findings = (await runtime.store.readAll(0, 100)).filter(({ stream }) => stream.startsWith('finding-'))
    expect(findings).toMatchObject([
      { type: 'FindingRaised', data: { rule: 'REACTION-REFUSED', subject: 'claim-label-bad', units: [] } },
    ])
  })

  test('takes no receipt for done that stands elsewhere: it says so loudly, each time, and the mark stays before it', async () => {
    const { runtime, happened, later } = world()
    await happened('cause')
    const [cause] = await runtime.store.readAll(0, 1)
    const taken = reactionId(runtime.ids, cause?.id ?? '', 'a')
    await happened('elsewhere', taken)
    const { done, policies } = policy(() => DONE, ['a', 'b'], { unordered: true })
    const loud: string[] = []
    const mark = memoryMark()
    const caretaker = openCaretaker(runtime, { policies, mark, onMisused: ({ message }) => void loud.push(message) })
    later(3_000)
    await caretaker.sweep()
    expect(caretaker.problems()).toMatchObject([{ stream: 'claim-label-cause', message: expect.stringContaining('a') }])
    expect(loud).toEqual([expect.stringContaining('claim-label-elsewhere@1')])
    expect(await mark.load(await runtime.store.epoch())).toBe(0)
    later(1_000)
    await caretaker.sweep()
    expect(loud).toHaveLength(2)
    expect(done.filter((one) => one.startsWith('cause'))).toEqual([])
  })

  test('of a log without a secret takes no receipt for done that another cause left on the same stream', async () => {
    const { runtime: keyed, happened, later } = world()
    const runtime: Runtime = { ...keyed, ids: openIds({ secret: Buffer.alloc(32), keyed: false }) }
    await happened('cause')
    const [cause] = await runtime.store.readAll(0, 1)
    // Where the reaction would append: a command of somebody's under the id that it would have.
    await happened('target', reactionId(runtime.ids, cause?.id ?? '', 'target'))
    const { policies } = policy(() => DONE, ['target'])
    const onTarget = policies.map((one) => ({
      ...one,
      react: async (...asked: Parameters<Policy['react']>) =>
        (await one.react(...asked)).map((reaction) => ({ ...reaction, stream: 'claim-label-target' })),
    }))
    const caretaker = openCaretaker(runtime, { policies: onTarget, mark: memoryMark() })
    later(3_000)
    await caretaker.sweep()
    expect(caretaker.problems()).toMatchObject([
      { stream: 'claim-label-cause', message: expect.stringContaining('claim-label-target@1') },
    ])
  })

  test('never passes over a problem: the next process finds it again', async () => {
    const { runtime, happened, later } = world()
    const mark = memoryMark()
    await happened('bad')
    await happened('good')
    later(3_000)
    const first = policy((name) => (name === 'bad' ? REFUSED : DONE))
    await openCaretaker(runtime, { policies: first.policies, mark }).sweep()
    const second = policy(() => DONE)
    const next = openCaretaker(runtime, { policies: second.policies, mark })
    await next.sweep()
    expect(second.done).toEqual(['bad/a done', 'good/a done'])
    const third = policy(() => DONE)
    await openCaretaker(runtime, { policies: third.policies, mark }).sweep()
    expect(third.done).toEqual([])
  })

  test('keeps the order where order counts, and goes on where it does not', async () => {
    const { runtime, happened, later } = world()
    await happened('x')
    later(3_000)
    const answer = (_: string, key: string) => (key === 'a' ? REFUSED : DONE)
    const ordered = policy(answer, ['a', 'b'])
    await openCaretaker(runtime, { policies: ordered.policies, mark: memoryMark() }).sweep()
    expect(ordered.done).toEqual(['x/a refused'])
    const unordered = policy(answer, ['a', 'b'], { unordered: true })
    await openCaretaker(runtime, { policies: unordered.policies, mark: memoryMark() }).sweep()
    expect(unordered.done).toEqual(['x/a refused', 'x/b done'])
  })

  test('leaves what is younger than its grace to the request that is at it', async () => {
    const { runtime, happened, later } = world()
    await happened('x')
    const { done, policies } = policy(() => DONE)
    const caretaker = openCaretaker(runtime, { policies, mark: memoryMark(), grace: 2_000 })
    later(1_999)
    await caretaker.sweep()
    expect(done).toEqual([])
    later(1)
    await caretaker.sweep()
    expect(done).toEqual(['x/a done'])
  })

  test('sees a policy that cannot even be asked as a problem', async () => {
    const { runtime, happened, later } = world()
    await happened('x')
    later(3_000)
    const broken: Policy = {
      name: 'broken',
      on: ['NameClaimed'],
      react: () => Promise.reject(new Error('no such unit')),
    }
    const caretaker = openCaretaker(runtime, { policies: [broken], mark: memoryMark() })
    await caretaker.sweep()
    expect(caretaker.problems()).toMatchObject([{ name: 'broken', message: 'no such unit' }])
  })

  test('works by itself once started, and ends when stopped', async () => {
    const { runtime, happened, later } = world()
    await happened('x')
    later(3_000)
    let resolve = () => {}
    const promise = new Promise<void>((settle) => (resolve = settle))
    const { policies } = policy(() => (resolve(), DONE))
    const caretaker = openCaretaker(runtime, { policies, mark: memoryMark(), interval: 1 })
    caretaker.start()
    await promise
    await caretaker.stop()
  })
})

describe('the mark in PostgreSQL', () => {
  let pool: pg.Pool
  let drop: () => Promise<void>
  beforeAll(async () => {
    const database = await freshDatabase()
    drop = () => database.drop()
    pool = openPool({ connectionString: database.url })
    const client = await pool.connect()
    await migrate(client, { part: 'commanding', directory: new URL('./', import.meta.url) })
    client.release()
  })
  afterAll(async () => {
    await pool.end()
    await drop()
  })

  test('is kept for its epoch of the log, and void for another', async () => {
    const mark = await claimMark(pool, 'transport')
    expect(await mark.load('one')).toBe(0)
    await mark.save('one', 41)
    await mark.save('one', 42)
    expect(await (await claimMark(pool, 'transport')).load('one')).toBe(42)
    const next = await claimMark(pool, 'transport')
    expect(await next.load('two')).toBe(0)
    await next.save('two', 7)
    expect(await next.load('one')).toBe(0)
  })

  test('is each service’s own', async () => {
    const [generation, disposal] = [await claimMark(pool, 'generation'), await claimMark(pool, 'disposal')]
    await generation.save('one', 10)
    await disposal.save('one', 20)
    expect(await generation.load('one')).toBe(10)
    expect(await disposal.load('one')).toBe(20)
  })

  test('is not moved by a process that was deposed without a word', async () => {
    const old = await claimMark(pool, 'registry')
    await old.save('one', 5)
    const successor = await claimMark(pool, 'registry')
    await expect(old.save('one', 99)).rejects.toThrow(CareHandedOver)
    expect(await successor.load('one')).toBe(5)
  })
})
