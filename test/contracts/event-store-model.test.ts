import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { derivedId } from '../../infra/event-store/event-id.ts'
import { openMemoryStore } from '../../infra/event-store/memory.ts'
import type { AppendRequest, AppendResult, EventStore, RecordedEvent } from '../../infra/event-store/port.ts'
import { freshStore, type TestStore } from '../support/store.ts'

/** Histories to try, each of up to forty steps; a million operations and more by `MODEL_RUNS=50000`. */
const RUNS = Number(process.env['MODEL_RUNS'] ?? 200)
const STREAMS = 3
const COMMANDS = 12

interface Model {
  readonly memory: EventStore
}

/** One run on the real store; positions count from where its log stood. */
interface Real {
  readonly store: EventStore
  readonly run: string
  readonly base: number
}

const nameIn = (run: string, stream: number): string => `lot-${run}-${stream}`
/** The same thing in both worlds: positions from the start of the run, no moments of recording, which are nobody's to choose. */
const plainEvent = ({ recordedAt: _, position, ...event }: RecordedEvent, base: number): object => ({ ...event, position: position - base })
const plainResult = (result: AppendResult, base: number): object =>
  'position' in result ? { ...result, position: result.position - base, firstPosition: result.firstPosition - base } : result

interface Wish {
  readonly stream: number
  readonly expected: number | 'any'
  readonly command: number
  readonly digest: 'a' | 'b' | undefined
  readonly bodies: readonly fc.JsonValue[]
}

const requestOf = ({ stream, expected, command, digest, bodies }: Wish, run: string): AppendRequest => {
  const commandId = derivedId('model', run, command)
  return {
    stream: nameIn(run, stream),
    expected,
    commandId,
    ...(digest ? { digest: digest.repeat(64) } : {}),
    events: bodies.map((value) => ({
      type: 'LotStored',
      schemaVersion: 1,
      occurredAt: '2025-12-06T08:52:00+08:00',
      data: { value },
      metadata: { commandId, actor: { subject: 'u', roles: [] }, provenance: 'live' as const },
    })),
  }
}

type Step = fc.AsyncCommand<Model, Real>
const step = (name: string, run: (model: Model, real: Real) => Promise<void>): Step => ({ check: () => true, run, toString: () => name })

const appendOne = (wish: Wish): Step =>
  step(`append ${JSON.stringify(wish)}`, async ({ memory }, { store, run, base }) => {
    const request = requestOf(wish, run)
    expect(plainResult(await store.append(request), base)).toEqual(plainResult(await memory.append(request), 0))
  })

/** Sent without waiting: one store sees them as one batch, the other one after another, and both must say the same. */
const appendTogether = (wishes: readonly Wish[]): Step =>
  step(`append together ${JSON.stringify(wishes)}`, async ({ memory }, { store, run, base }) => {
    // A command that stands in one batch twice is answered after the batch; the contract leaves open where the rest then stands.
    const requests = wishes.filter(({ command }, i) => wishes.findIndex((other) => other.command === command) === i).map((wish) => requestOf(wish, run))
    const results = await Promise.all(requests.map((request) => store.append(request)))
    const expected = []
    for (const request of requests) expected.push(await memory.append(request))
    expect(results.map((result) => plainResult(result, base))).toEqual(expected.map((result) => plainResult(result, 0)))
  })

const readStream = (stream: number, from: number, limit: number): Step =>
  step(`read ${limit} of stream ${stream} from ${from}`, async ({ memory }, { store, run, base }) => {
    const [real, model] = await Promise.all([store, memory].map((one) => one.readStream(nameIn(run, stream), { from, limit })))
    expect(real?.map((event) => plainEvent(event, base))).toEqual(model?.map((event) => plainEvent(event, 0)))
  })

const readAll = (after: number, limit: number): Step =>
  step(`read ${limit} of the log after ${after}`, async ({ memory }, { store, base }) => {
    const [real, model] = [await store.readAll(base + after, limit), await memory.readAll(after, limit)]
    expect(real.map((event) => plainEvent(event, base))).toEqual(model.map((event) => plainEvent(event, 0)))
  })

const receipts = (commands: readonly number[]): Step =>
  step(`receipts of ${commands.join()}`, async ({ memory }, { store, run, base }) => {
    const ids = commands.map((command) => derivedId('model', run, command))
    const [real, model] = [await store.receipts(ids), await memory.receipts(ids)]
    const plain = (found: typeof real, from: number) => [...found].map(([id, one]) => [id, plainResult({ outcome: 'replayed', ...one }, from)]).sort()
    expect(plain(real, base)).toEqual(plain(model, 0))
  })

const head = (): Step => step('head', async ({ memory }, { store, base }) => expect((await store.head()) - base).toBe(await memory.head()))

const text = fc.string({ unit: 'grapheme', maxLength: 12 }).filter((one) => !one.includes('\u0000'))
const json = fc.letrec<{ value: fc.JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
    text,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(
      text.filter((key) => key !== '__proto__'),
      tie('value'),
      { maxKeys: 3 },
    ),
  ),
})).value
const wish: fc.Arbitrary<Wish> = fc.record({
  stream: fc.nat(STREAMS - 1),
  expected: fc.oneof(fc.constant('any' as const), fc.nat(8)),
  command: fc.nat(COMMANDS - 1),
  digest: fc.constantFrom('a' as const, 'b' as const, undefined),
  bodies: fc.array(json, { minLength: 1, maxLength: 3 }),
})
const steps = fc.commands(
  [
    wish.map(appendOne),
    fc.array(wish, { minLength: 2, maxLength: 6 }).map(appendTogether),
    fc.tuple(fc.nat(STREAMS), fc.integer({ min: 1, max: 10 }), fc.integer({ min: 1, max: 10 })).map(([stream, from, limit]) => readStream(stream, from, limit)),
    fc.tuple(fc.nat(20), fc.integer({ min: 1, max: 20 })).map(([after, limit]) => readAll(after, limit)),
    fc.array(fc.nat(COMMANDS - 1), { maxLength: 5 }).map((commands) => receipts([...new Set(commands)])),
    fc.constant(head()),
  ],
  { maxCommands: 40 },
)

let fresh: TestStore
beforeAll(async () => {
  fresh = await freshStore()
})
afterAll(() => fresh.drop())

test(`${RUNS} histories give on PostgreSQL what they give in memory`, { timeout: RUNS * 2_000 }, async () => {
  let runs = 0
  await fc.assert(
    fc.asyncProperty(steps, async (commands) => {
      // Shrinking runs again: each run has streams and commands of its own, and a log that begins where the last one ended.
      const run = String(++runs)
      const base = await fresh.store.head()
      await fc.asyncModelRun(() => ({ model: { memory: openMemoryStore() }, real: { store: fresh.store, run, base } }), commands)
    }),
    { numRuns: RUNS },
  )
})
