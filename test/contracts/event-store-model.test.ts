import fc from 'fast-check'
import { expect, test } from 'vitest'
import { derivedId } from '../../infra/event-store/event-id.ts'
import { openEventStoreDb } from '../../infra/event-store/eventstoredb/store.ts'
import { openMemoryStore } from '../../infra/event-store/memory.ts'
import type { AppendRequest, AppendResult, EventStore, RecordedEvent } from '../../infra/event-store/port.ts'
import { startStandIn } from '../../infra/event-store/stand-in/server.ts'
import { freshStore } from '../support/store.ts'

/** Histories to try, each of up to forty steps; a million operations and more by `MODEL_RUNS=50000`. */
const RUNS = Number(process.env['MODEL_RUNS'] ?? 200)
const STREAMS = 3
const COMMANDS = 12

interface Model {
  readonly memory: EventStore
}

/** One run on the real store. Positions are compared by their place in the log of the run: 0 is where it began, 1 its first event. */
interface Real {
  readonly store: EventStore
  readonly run: string
  /** True where appends to different streams, sent together, get in as they were sent. */
  readonly inOrderOfSending: boolean
  place(position: number): Promise<number>
  position(place: number): Promise<number>
}

/** Places of positions, for a store whose positions may have gaps: the log behind `base` is read as far as it is asked about. */
function places(store: EventStore, base: number): Pick<Real, 'place' | 'position'> {
  const positions = [base]
  let reading: Promise<void> = Promise.resolve()
  // One at a time: two that read the same page would count it twice.
  const readOn = (): Promise<void> =>
    (reading = reading.then(async () => {
      const page = await store.readAll(positions.at(-1) ?? base, 1_000)
      positions.push(...page.map(({ position }) => position))
    }))
  return {
    async place(position) {
      if (position > (positions.at(-1) ?? base)) await readOn()
      return positions.indexOf(position)
    },
    async position(place) {
      if (place >= positions.length) await readOn()
      // Behind the end of the log there is nothing, whatever the number.
      return positions[place] ?? (positions.at(-1) ?? base) + place
    },
  }
}

const nameIn = (run: string, stream: number): string => `lot-${run}-${stream}`
/** The same thing in both worlds: positions from the start of the run, no moments of recording, which are nobody's to choose. */
type Place = (position: number) => number | Promise<number>
const asItIs: Place = (position) => position
const plainEvents = (events: readonly RecordedEvent[], place: Place): Promise<readonly object[]> =>
  Promise.all(
    events.map(async ({ recordedAt: _, position, ...event }) => ({ ...event, position: await place(position) })),
  )
const plainResult = async (result: AppendResult, place: Place): Promise<object> =>
  'position' in result
    ? { ...result, position: await place(result.position), firstPosition: await place(result.firstPosition) }
    : result

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
const step = (name: string, run: (model: Model, real: Real) => Promise<void>): Step => ({
  check: () => true,
  run,
  toString: () => name,
})

const appendOne = (wish: Wish): Step =>
  step(`append ${JSON.stringify(wish)}`, async ({ memory }, { store, run, place }) => {
    const request = requestOf(wish, run)
    expect(await plainResult(await store.append(request), place)).toEqual(
      await plainResult(await memory.append(request), asItIs),
    )
  })

/** Sent without waiting: one store sees them as one batch, the other one after another, and both must say the same. */
const appendTogether = (wishes: readonly Wish[]): Step =>
  step(`append together ${JSON.stringify(wishes)}`, async ({ memory }, { store, run, place, inOrderOfSending }) => {
    // A command that stands in one batch twice is answered after the batch; the contract leaves open where the rest then stands.
    const requests = wishes
      .filter(({ command }, i) => wishes.findIndex((other) => other.command === command) === i)
      .map((wish) => requestOf(wish, run))
    const results = await Promise.all(requests.map((request) => store.append(request)))
    const order = inOrderOfSending ? requests.map((_, i) => i) : orderOf(requests, results)
    const expected: AppendResult[] = []
    for (const i of order) expected[i] = await memory.append(requests[i] as AppendRequest)
    expect(await Promise.all(results.map((result) => plainResult(result, place)))).toEqual(
      await Promise.all(expected.map((result) => plainResult(result, asItIs))),
    )
  })

/** An order of appends that their results can be of: each stream's as they were sent, and those that got in by their positions. */
function orderOf(requests: readonly AppendRequest[], results: readonly AppendResult[]): readonly number[] {
  const order: number[] = []
  const left = requests.map((_, i) => i)
  const heads = () =>
    left.filter((i, n) => left.findIndex((other) => requests[other]?.stream === requests[i]?.stream) === n)
  const positionOf = (i: number): number => {
    const result = results[i]
    return result?.outcome === 'appended' ? result.position : 0
  }
  while (left.length > 0) {
    const [next] = heads().sort((a, b) => positionOf(a) - positionOf(b)) as [number]
    order.push(next)
    left.splice(left.indexOf(next), 1)
  }
  return order
}

const readStream = (stream: number, from: number, limit: number): Step =>
  step(`read ${limit} of stream ${stream} from ${from}`, async ({ memory }, { store, run, place }) => {
    const [real = [], model = []] = await Promise.all(
      [store, memory].map((one) => one.readStream(nameIn(run, stream), { from, limit })),
    )
    expect(await plainEvents(real, place)).toEqual(await plainEvents(model, asItIs))
  })

const readAll = (after: number, limit: number): Step =>
  step(`read ${limit} of the log after ${after}`, async ({ memory }, { store, place, position }) => {
    const [real, model] = [await store.readAll(await position(after), limit), await memory.readAll(after, limit)]
    expect(await plainEvents(real, place)).toEqual(await plainEvents(model, asItIs))
  })

const receipts = (commands: readonly number[]): Step =>
  step(`receipts of ${commands.join()}`, async ({ memory }, { store, run, place }) => {
    const ids = commands.map((command) => derivedId('model', run, command))
    const [real, model] = [await store.receipts(ids), await memory.receipts(ids)]
    const plain = async (found: typeof real, from: Place) =>
      (
        await Promise.all(
          [...found].map(async ([id, one]) => [id, await plainResult({ outcome: 'replayed', ...one }, from)] as const),
        )
      ).sort()
    expect(await plain(real, place)).toEqual(await plain(model, asItIs))
  })

const head = (): Step =>
  step('head', async ({ memory }, { store, place }) =>
    expect(await place(await store.head())).toBe(await memory.head()),
  )

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
    fc
      .tuple(fc.nat(STREAMS), fc.integer({ min: 1, max: 10 }), fc.integer({ min: 1, max: 10 }))
      .map(([stream, from, limit]) => readStream(stream, from, limit)),
    fc.tuple(fc.nat(20), fc.integer({ min: 1, max: 20 })).map(([after, limit]) => readAll(after, limit)),
    fc.array(fc.nat(COMMANDS - 1), { maxLength: 5 }).map((commands) => receipts([...new Set(commands)])),
    fc.constant(head()),
  ],
  { maxCommands: 40 },
)

interface Adapter {
  readonly name: string
  readonly runs: number
  readonly inOrderOfSending: boolean
  open(): Promise<{ readonly store: EventStore; close(): Promise<void> }>
}

const adapters: readonly Adapter[] = [
  {
    name: 'PostgreSQL',
    runs: RUNS,
    inOrderOfSending: true,
    async open() {
      const { store, drop } = await freshStore()
      return { store, close: drop }
    },
  },
  {
    // Each step takes several calls over the network here.
    name: 'EventStoreDB',
    runs: Math.ceil(RUNS / 5),
    inOrderOfSending: false,
    async open() {
      const standIn = await startStandIn()
      const store = await openEventStoreDb({ url: standIn.connectionString })
      return {
        store,
        async close() {
          await store.close()
          await standIn.close()
        },
      }
    },
  },
]

test.each(adapters)(
  '$runs histories give on $name what they give in memory',
  { timeout: RUNS * 2_000 },
  async ({ runs, inOrderOfSending, open }) => {
    const { store, close } = await open()
    let number = 0
    try {
      await fc.assert(
        fc.asyncProperty(steps, async (commands) => {
          // Shrinking runs again: each run has streams and commands of its own, and a log that begins where the last one ended.
          const run = String(++number)
          const real: Real = { store, run, inOrderOfSending, ...places(store, await store.head()) }
          await fc.asyncModelRun(() => ({ model: { memory: openMemoryStore() }, real }), commands)
        }),
        { numRuns: runs },
      )
    } finally {
      await close()
    }
  },
)
