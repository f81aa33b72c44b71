import { describe, expect, test } from 'vitest'
import { memoryMark } from '../../infra/commanding/caretaker-mark.ts'
import { openCaretaker } from '../../infra/commanding/caretaker.ts'
import type { Envelope, Outcome, Runtime } from '../../infra/commanding/execute.ts'
import { derivedId } from '../../infra/event-store/event-id.ts'
import { openMemoryStore } from '../../infra/event-store/memory.ts'
import type { EventStore, RecordedEvent } from '../../infra/event-store/port.ts'
import type { Actor } from '../../schemas/actor.ts'
import { acceptManifest, returnRefused, weighLoad } from '../../services/disposal/commands.ts'
import { recordTreatment } from '../../services/disposal/treatment.ts'
import { policies as disposal } from '../../services/disposal/policies.ts'
import {
  arrive,
  cancelManifest,
  depart,
  fileManifest,
  handOverLeg,
  pickUp,
  recordOutShipment,
} from '../../services/transport/commands.ts'
import { policies as transport } from '../../services/transport/policies.ts'
import { lotStream } from '../../schemas/values/identifiers.ts'
import { grams } from '../../schemas/values/mass.ts'
import { deadlinesOn } from '../support/deadlines.ts'
import { testRuntime } from '../support/runtime.ts'
import {
  accepting,
  at,
  CARRIER,
  carrierActor,
  consignorActor,
  filing,
  furnish,
  lotIn,
  MANIFEST,
  NEXT_CARRIER,
  NEXT_PLATE,
  nextCarrierActor,
  NUMBER,
  outShipment,
  pack,
  PACKAGES,
  packageHistory,
  pickingUp,
  PLATE,
  receiverActor,
  given,
  treating,
  SOLVENT,
} from '../support/transfers.ts'

const policies = [...transport, ...disposal]
const manifest = MANIFEST
const SECOND = derivedId('test-manifest', 2)
const THIRD = pack(3, '2025-12-04', 50_000)
const T0 = Date.parse('2025-12-06T16:00:00.000Z')

const by = (actor: Actor, step: number): Envelope => ({ commandId: derivedId('step', step), actor, provenance: 'live' })

/** Two transfers and an out-record that meet every policy: legs, a partial acceptance with its return, a treatment with a residue, and a cancellation of what is loaded. */
const story: readonly ((runtime: Runtime, step: number) => Promise<Outcome<unknown>>)[] = [
  (r, i) =>
    fileManifest(
      r,
      filing({
        legs: [
          { carrier: CARRIER, plate: PLATE },
          { carrier: NEXT_CARRIER, plate: NEXT_PLATE },
        ],
      }),
      by(consignorActor, i),
    ),
  (r, i) => pickUp(r, pickingUp(), by(carrierActor, i)),
  (r, i) => depart(r, { manifest, occurredAt: at(10) }, by(carrierActor, i)),
  (r, i) =>
    handOverLeg(
      r,
      {
        manifest,
        leg: 1,
        to: { carrier: NEXT_CARRIER, plate: NEXT_PLATE },
        place: '中转站',
        previousArrivedAt: at(10),
        occurredAt: at(10),
      },
      by(nextCarrierActor, i),
    ),
  (r, i) => arrive(r, { manifest, occurredAt: at(11) }, by(nextCarrierActor, i)),
  (r, i) => weighLoad(r, { manifest, grossKg: 10_500, tareKg: 10_000, occurredAt: at(12) }, by(receiverActor, i)),
  (r, i) =>
    acceptManifest(
      r,
      accepting({ decision: 'partly-accepted', accepted: grams(400_000), difference: 'packaging', note: '一桶渗漏' }),
      by(receiverActor, i),
    ),
  (r, i) => recordTreatment(r, treating(), by(receiverActor, i)),
  (r, i) => returnRefused(r, { manifest, line: 1, store: 'TS001', occurredAt: at(14) }, by(consignorActor, i)),
  (r, i) => recordOutShipment(r, outShipment(), by(consignorActor, i)),
  (r, i) => fileManifest(r, second(), by(consignorActor, i)),
  (r, i) =>
    pickUp(
      r,
      pickingUp({ manifest: SECOND, lines: [{ line: 1, labels: [THIRD.label], shipped: grams(50_000) }] }),
      by(carrierActor, i),
    ),
  (r, i) => cancelManifest(r, { manifest: SECOND, cause: '车辆故障', occurredAt: at(10) }, by(consignorActor, i)),
]
const second = () => {
  const [line] = filing().lines
  if (!line) throw new Error('a filing has lines')
  return filing({
    manifest: SECOND,
    number: '20253205000002',
    lines: [{ ...line, code: SOLVENT, packageCount: 1, lots: [{ lot: THIRD.lot, outBatch: THIRD.outBatch }] }],
  })
}

class Killed extends Error {}

/** A store whose process dies right after its n-th append: nothing it asks for is answered any more. */
function killedAfter(store: EventStore, appends: number): EventStore {
  let left = appends
  const alive =
    <A extends unknown[], T>(ask: (...args: A) => Promise<T>) =>
    (...args: A): Promise<T> =>
      left > 0 ? ask(...args) : Promise.reject(new Killed())
  return {
    ...store,
    async append(request) {
      if (left <= 0) throw new Killed()
      left -= 1
      const result = await store.append(request)
      if (left === 0) throw new Killed()
      return result
    },
    readStream: alive(store.readStream),
    receipts: alive(store.receipts),
  }
}

interface World {
  readonly store: EventStore
  /** Milliseconds after the start, for the store and every process. */
  later(ms: number): void
  process(store?: EventStore): Runtime
}

async function world(): Promise<World> {
  let ms = T0
  const now = () => new Date(ms).toISOString()
  const store = openMemoryStore({ now })
  await furnish(store)
  await given(store, lotStream(THIRD.lot), packageHistory(THIRD))
  return {
    store,
    later: (more) => void (ms += more),
    process: (own = store) => testRuntime({ policies, store: own, clock: { now } }),
  }
}

/** What every stream says, but for where in the log and when it was taken in. */
async function told(store: EventStore): Promise<Record<string, unknown[]>> {
  const streams: Record<string, unknown[]> = {}
  for (const { stream, revision, id, type, occurredAt, data, metadata } of await everything(store))
    (streams[stream] ??= []).push({ revision, id, type, occurredAt, data, metadata })
  return Object.fromEntries(Object.entries(streams).sort(([a], [b]) => (a < b ? -1 : 1)))
}
const everything = (store: EventStore): Promise<readonly RecordedEvent[]> => store.readAll(0, 10_000)

async function tell(runtime: Runtime, from = 0): Promise<number> {
  for (const [i, step] of story.entries()) {
    if (i < from) continue
    try {
      const outcome = await step(runtime, i)
      expect(outcome, `step ${i}`).toMatchObject({ status: 'done' })
    } catch (error) {
      if (error instanceof Killed) return i
      throw error
    }
  }
  return story.length
}

describe('a process that dies between an event and what follows from it', () => {
  test('leaves nothing undone and nothing done twice, wherever it dies', async () => {
    const whole = await world()
    const given = (await everything(whole.store)).length
    let appends = 0
    const counting: EventStore = {
      ...whole.store,
      append(request) {
        appends += 1
        return whole.store.append(request)
      },
    }
    expect(await tell(whole.process(counting))).toBe(story.length)
    const expected = await told(whole.store)
    expect((await everything(whole.store)).length).toBeGreaterThan(given + 25)

    for (let n = 1; n <= appends; n++) {
      const { store, later, process } = await world()
      const died = await tell(process(killedAfter(store, n)))
      expect(died, `killed after append ${n}`).toBeLessThan(story.length)

      later(5_000)
      const survivor = process()
      const caretaker = openCaretaker(survivor, {
        policies,
        deadlines: deadlinesOn(survivor),
        mark: memoryMark(),
        pageSize: 7,
      })
      await caretaker.sweep()
      // A command that was recorded is not sent again: what follows from it is the caretaker's alone.
      const id = derivedId('step', died)
      const recorded = (await store.receipts([id])).has(id)
      expect(await tell(survivor, recorded ? died + 1 : died)).toBe(story.length)
      expect(caretaker.problems()).toEqual([])
      expect(await told(store), `killed after append ${n}`).toEqual(expected)
    }
  })

  test('is made up for by the caretaker alone once its command was recorded', async () => {
    const { store, process } = await world()
    const whole = process()
    for (const step of [0, 1]) await story[step]?.(whole, step)
    const expected = await told(store)

    const other = await world()
    await story[0]?.(other.process(), 0)
    const before = (await everything(other.store)).length
    const dying = other.process(killedAfter(other.store, 1))
    await expect(story[1]?.(dying, 1)).rejects.toThrow(Killed)
    expect((await everything(other.store)).length).toBe(before + 1)
    other.later(5_000)
    await openCaretaker(other.process(), {
      policies,
      deadlines: deadlinesOn(other.process()),
      mark: memoryMark(),
    }).sweep()
    expect(await told(other.store)).toEqual(expected)
  })

  test('is left alone while its request may still be at it', async () => {
    const { store, later, process } = await world()
    await story[0]?.(process(), 0)
    await expect(story[1]?.(process(killedAfter(store, 1)), 1)).rejects.toThrow(Killed)
    const before = (await everything(store)).length
    const caretaker = openCaretaker(process(), { policies, deadlines: deadlinesOn(process()), mark: memoryMark() })
    later(1_000)
    await caretaker.sweep()
    expect((await everything(store)).length).toBe(before)
    later(1_500)
    await caretaker.sweep()
    expect((await everything(store)).length).toBe(before + PACKAGES.length)
  })
})

describe('a filing that dies after its reservations', () => {
  const halfFiled = async () => {
    const one = await world()
    await expect(fileManifest(one.process(killedAfter(one.store, 3)), filing(), by(consignorActor, 0))).rejects.toThrow(
      Killed,
    )
    return one
  }
  const promised = async (runtime: Runtime) =>
    (await Promise.all(PACKAGES.map(({ lot }) => lotIn(runtime, lot)))).flatMap(({ reserved }) => Object.keys(reserved))

  test('keeps what it promised for a minute, then gives it back; after that it can no longer be filed', async () => {
    const { later, process } = await halfFiled()
    const survivor = process()
    const mark = memoryMark()
    const caretaker = openCaretaker(survivor, { policies, deadlines: deadlinesOn(survivor), mark })
    later(50_000)
    await caretaker.sweep()
    expect(await promised(survivor)).toHaveLength(2)
    later(11_000)
    // Another process finds the same deadline, though its mark is past the reservations: it is a row of its own.
    await openCaretaker(process(), { policies, deadlines: deadlinesOn(process()), mark }).sweep()
    await caretaker.sweep()
    expect(await promised(survivor)).toEqual([])
    expect(caretaker.problems()).toEqual([])
    expect(await fileManifest(survivor, filing(), by(consignorActor, 0))).toMatchObject({
      status: 'refused',
      refusals: [{ code: 'manifest-abandoned' }],
    })
  })

  test('does not keep its number: another manifest may bear it', async () => {
    const { later, process } = await halfFiled()
    const survivor = process()
    const other = () => fileManifest(survivor, filing({ manifest: SECOND }), by(consignorActor, 7))
    expect(await other()).toMatchObject({ status: 'refused', refusals: [{ rule: 'R28' }, { rule: 'R28' }] })
    later(61_000)
    await openCaretaker(survivor, { policies, deadlines: deadlinesOn(survivor), mark: memoryMark() }).sweep()
    expect(await other()).toMatchObject({ status: 'done', state: { number: NUMBER } })
  })

  test('is filed after all when its command is sent again in time', async () => {
    const { later, process } = await halfFiled()
    const survivor = process()
    expect(await fileManifest(survivor, filing(), by(consignorActor, 0))).toMatchObject({
      status: 'done',
      state: { status: 'filed' },
    })
    later(61_000)
    await openCaretaker(survivor, { policies, deadlines: deadlinesOn(survivor), mark: memoryMark() }).sweep()
    expect(await promised(survivor)).toHaveLength(2)
  })
})
