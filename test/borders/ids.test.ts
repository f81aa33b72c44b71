import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { beforeEach, afterEach, describe, expect, test } from 'vitest'
import { deadlinesOn } from '../support/deadlines.ts'
import { memoryMark } from '../../infra/commanding/caretaker-mark.ts'
import { openCaretaker } from '../../infra/commanding/caretaker.ts'
import { bookName, derivedId, eventId } from '../../infra/event-store/event-id.ts'
import { policies } from '../../services/park/process/parts.ts'
import { evolveManifest, noManifest } from '../../schemas/manifest/state.ts'
import { lotStream, manifestStream, poolId } from '../../schemas/values/identifiers.ts'
import { openIds } from '../../infra/ids/ids.ts'
import { chosenId, testIds } from '../support/ids.ts'
import { testRuntime } from '../support/runtime.ts'
import {
  at,
  CARRIER,
  CONSIGNOR,
  filing,
  furnish,
  given,
  lotIn,
  MANIFEST,
  NOW,
  OLD,
  OUTSIDER,
  PACKAGES,
  pickingUp,
  PLASTIC,
  POOL,
  SOLVENT,
  YOUNG,
} from '../support/transfers.ts'
import { openBorder, type Border } from './harness.ts'

// A is a unit that wishes B ill and knows everything about it but the park's secret.
const A = OUTSIDER
const B = CONSIGNOR
const NAME = chosenId('a name of B')
const NEXT_BATCH = 'HWCS20251206900'

let border: Border
let a: string
let b: string
let carrier: string
let bookKeeper: string

beforeEach(async () => {
  border = await openBorder()
  await furnish(border.runtime.store)
  a = await border.token({ sub: 'a', unit: A, roles: ['producer', 'carrier', 'receiver'] })
  b = await border.token({ sub: 'b', unit: B, roles: ['producer'] })
  carrier = await border.token({ sub: 'c', unit: CARRIER, roles: ['carrier', 'driver'] })
  bookKeeper = await border.token({ sub: 'books', roles: ['admin'] })
})
afterEach(() => border.close())

const solventOf = (unit: string, more: object = {}) => ({
  unit,
  waste: { stream: 'hazardous', code: SOLVENT },
  name: '废清洗溶剂',
  grams: 54_000,
  facility: 'MF0001',
  occurredAt: at(1),
  ...more,
})
const plasticOf = (unit: string, record: string) => ({
  unit,
  waste: { stream: 'industrial', code: PLASTIC },
  grams: 1_000_000,
  record,
  occurredAt: at(2),
})
const feedOf = async (token: string): Promise<readonly { readonly id: string; readonly subject: string }[]> =>
  (await border.send(token, { method: 'GET', url: '/api/v1/events' })).json()
const lot = (id: string) => lotIn(border.runtime, id)
const answered = async (sent: ReturnType<Border['post']>) => {
  const answer = await sent
  return [answer.statusCode, answer.json().code ?? answer.json().id]
}

describe('an id of another unit that can be worked out', () => {
  test('its pool: cannot be taken, and the unit’s own record goes into books that nobody else reads', async () => {
    const pool = poolId(B, '900-005-S17')
    expect(await answered(border.post(a, '/lots', solventOf(A, { lot: pool })))).toEqual([422, 'lot-id-reserved'])
    const record = { ...plasticOf(B, 'CS20251206001'), waste: { stream: 'industrial', code: '900-005-S17' } }
    expect(await answered(border.post(b, '/lots/pool', record))).toEqual([201, pool])
    expect(await lot(pool)).toMatchObject({ pool: true, origin: { unit: B } })
    expect((await feedOf(a)).filter(({ subject }) => subject === lotStream(pool))).toEqual([])
    expect((await feedOf(b)).filter(({ subject }) => subject === lotStream(pool))).toHaveLength(3)
  })

  test('the lot of its next batch: cannot be taken, and the batch comes', async () => {
    for (const guess of [
      derivedId('lot', B, NEXT_BATCH),
      testIds.ofBookName(bookName('lot', B, NEXT_BATCH)),
      testIds.ofBookName(bookName('lot', B, NEXT_BATCH)).toUpperCase(),
    ])
      expect(await answered(border.post(a, '/lots', solventOf(A, { lot: guess })))).toEqual([422, 'lot-id-reserved'])
    const batch = await border.post(b, '/lots', solventOf(B, { batch: NEXT_BATCH }))
    expect([batch.statusCode, batch.json().id]).toEqual([201, testIds.ofBookName(bookName('lot', B, NEXT_BATCH))])
  })

  test('a unit names its own lot of such a form without learning anything new', async () => {
    const { id } = (await border.post(b, '/lots', solventOf(B, { batch: NEXT_BATCH }))).json()
    expect(await answered(border.post(b, '/lots', solventOf(B, { lot: id })))).toEqual([422, 'lot-exists'])
    expect(await answered(border.post(a, '/lots', solventOf(A, { lot: id })))).toEqual([422, 'lot-id-reserved'])
  })
})

describe('a key that is the id of what follows from an act of others', () => {
  const loading = async (key: string) => {
    const event = eventId(testIds.ofSender({ unit: CARRIER, subject: 'c' }, key), 0)
    return PACKAGES.map(({ lot: id }) => testIds.derive('reaction', event, `1/${id}`))
  }

  test('has no effect: the load is on the road, and the caretaker finds nothing to do', async () => {
    expect((await border.post(b, '/manifests', filing())).statusCode).toBe(201)
    const key = randomUUID()
    for (const id of await loading(key))
      for (const token of [carrier, a]) {
        const unit = token === a ? A : CARRIER
        const driver = { unit, driver: { name: '示例甲', phone: id.slice(0, 11) }, permit: '1', validTo: '2028-12-31' }
        const sent = await border.post(token, '/drivers', { ...driver, occurredAt: at(1) }, { 'idempotency-key': id })
        expect([201, 400, 403], sent.body).toContain(sent.statusCode)
        await border.post(token, '/lots', solventOf(unit), { 'idempotency-key': id })
      }
    const { manifest: _, ...pickup } = pickingUp()
    const picked = await border.post(carrier, `/manifests/${MANIFEST}/pickup`, pickup, { 'idempotency-key': key })
    expect([picked.statusCode, picked.json().findings]).toEqual([200, expect.any(Array)])
    for (const { lot: id, grams } of PACKAGES)
      expect(Object.values((await lot(id)).held)).toMatchObject([
        { grams, place: { at: 'transport', holder: CARRIER } },
      ])
    const caretaker = openCaretaker(border.runtime, {
      policies,
      deadlines: deadlinesOn(border.runtime),
      mark: memoryMark(),
      grace: 0,
    })
    const head = await border.runtime.store.head()
    await caretaker.sweep()
    expect([caretaker.problems(), await border.runtime.store.head()]).toEqual([[], head])
  })

  test('is not even the id of its own command', async () => {
    const key = randomUUID()
    await border.post(b, '/lots', solventOf(B), { 'idempotency-key': key })
    expect((await border.runtime.store.receipts([key])).size).toBe(0)
    expect((await border.runtime.store.receipts([testIds.ofSender({ unit: B, subject: 'b' }, key)])).size).toBe(1)
  })
})

describe('a name that a unit gives to its lot', () => {
  test('is the id where it is free, whatever case a UUID is written in', async () => {
    const created = await border.post(b, '/lots', solventOf(B, { lot: NAME.toUpperCase() }))
    expect([created.statusCode, created.json().id]).toEqual([201, NAME])
    const classified = await border.post(b, `/lots/${NAME.toUpperCase()}/classification`, {
      hazards: ['T', 'I'],
      occurredAt: at(2),
    })
    expect([classified.statusCode, classified.json().id]).toEqual([200, NAME])
    expect(await answered(border.post(b, '/lots', solventOf(B, { lot: NAME })))).toEqual([422, 'lot-exists'])
  })

  test('that another unit took first is still the unit’s own, and tells it nothing of the other', async () => {
    expect(await answered(border.post(a, '/lots', solventOf(A, { lot: NAME })))).toEqual([201, NAME])
    const key = { 'idempotency-key': randomUUID() }
    const own = await border.post(b, '/lots', solventOf(B, { lot: NAME }), key)
    const { id } = own.json()
    expect([own.statusCode, id === NAME]).toEqual([201, false])
    expect((await border.post(b, '/lots', solventOf(B, { lot: NAME }), key)).json()).toEqual(own.json())

    const act = { category: 'HW06', hazards: ['T', 'I'], occurredAt: at(2) }
    expect(await answered(border.post(b, `/lots/${NAME}/classification`, act))).toEqual([200, id])
    expect(await answered(border.post(a, `/lots/${id}/classification`, act))).toEqual([404, 'lot-unknown'])
    expect(await answered(border.post(b, '/lots', solventOf(B, { lot: NAME })))).toEqual([422, 'lot-exists'])
    expect([(await lot(NAME)).classified, (await lot(id)).classified]).toEqual([false, true])
    expect((await feedOf(b)).some(({ subject }) => subject === lotStream(NAME))).toBe(false)
  })

  test('is free for both of two units that ask at the same moment', async () => {
    const [one, other] = await Promise.all([
      border.post(a, '/lots', solventOf(A, { lot: NAME })),
      border.post(b, '/lots', solventOf(B, { lot: NAME })),
    ])
    expect([one.statusCode, other.statusCode]).toEqual([201, 201])
    expect(new Set([one.json().id, other.json().id]).size).toBe(2)
  })

  test('holds for a part that is split off, and for lots that a manifest of the unit names', async () => {
    await border.post(a, '/lots', solventOf(A, { lot: NAME }))
    const [held] = Object.values((await lot(OLD.lot)).held)
    const split = { at: held?.place, grams: 1_000, child: NAME, occurredAt: at(8) }
    const taken = { ...split, child: derivedId('split', 'guessed') }
    expect(await answered(border.post(b, `/lots/${OLD.lot}/split`, taken))).toEqual([422, 'lot-id-reserved'])
    const own = await border.post(b, '/lots', solventOf(B, { lot: NAME }))
    const unready = filing({ lines: [{ ...(filing().lines[0] as never as object), lots: [{ lot: NAME }] } as never] })
    // Found as the unit's own: refused because nothing of it is staged, and not because there is no such lot.
    const filed = await border.post(b, '/manifests', { ...unready, manifest: undefined })
    expect([filed.statusCode, filed.json().code]).not.toContain('lot-unknown')
    expect(own.statusCode).toBe(201)
  })
})

describe('the id of a manifest', () => {
  test('in upper and in lower case is one', async () => {
    const first = await border.post(b, '/manifests', filing({ manifest: MANIFEST.toUpperCase() }))
    expect([first.statusCode, first.json().id]).toEqual([201, MANIFEST])
    const again = filing({ number: '20253205000002' })
    expect(await answered(border.post(b, '/manifests', again))).toEqual([422, 'manifest-already-filed'])
    const number = { cause: '填错', occurredAt: at(9) }
    expect(await answered(border.post(b, `/manifests/${MANIFEST.toUpperCase()}/cancellation`, number))).toEqual([
      200,
      MANIFEST,
    ])
  })

  test('that another unit took first blocks nobody: the filing has an id of its own, and the unit finds it by either', async () => {
    const foreign = filing({ consignor: { unit: A, emergencyPhone: '1' } })
    const { legs, lines, consignor, receiver, destination } = foreign
    await given(border.runtime.store, manifestStream(MANIFEST), [
      {
        type: 'ManifestFiled',
        occurredAt: at(1),
        data: {
          form: 'transfer-manifest',
          consignor,
          receiver,
          shipper: A,
          legs: legs.map(({ plate }) => ({ carrier: A, plate })),
          destination,
          lines: lines.map(({ line }) => ({
            line,
            waste: { stream: 'hazardous', code: SOLVENT },
            name: 'x',
            hazards: [],
            planned: 1 as never,
            lots: [
              { lot: 'x', from: { at: 'collection', holder: A, place: '' }, grams: 1 as never, bornOn: '2025-12-01' },
            ],
          })),
        },
      },
    ])
    const filed = await border.post(b, '/manifests', filing())
    const { id } = filed.json()
    expect([filed.statusCode, id === MANIFEST]).toEqual([201, false])
    const cancelled = { cause: '填错', occurredAt: at(9) }
    expect(await answered(border.post(a, `/manifests/${id}/cancellation`, cancelled))).toEqual([
      404,
      'manifest-unknown',
    ])
    expect(await answered(border.post(b, `/manifests/${MANIFEST}/cancellation`, cancelled))).toEqual([200, id])
    const manifest = { initial: noManifest, evolve: evolveManifest }
    const { state } = await border.runtime.states.load(manifest, manifestStream(MANIFEST), 0)
    expect(state.status).toBe('filed')
  })

  test('of the form that the park makes cannot be chosen', async () => {
    const taken = filing({ manifest: derivedId('manifest', '20253205000002') })
    expect(await answered(border.post(b, '/manifests', taken))).toEqual([422, 'manifest-id-reserved'])
  })
})

describe('a label', () => {
  test('of another unit cannot be put on a lot, also by an act dated before labels were asked for, and stays free for its unit', async () => {
    const label = `${B}9004040620221201001`
    const early = '2022-12-01T08:00:00+08:00'
    const old = (unit: string) => solventOf(unit, { reason: '补录', occurredAt: early })
    const own = (await border.post(a, '/lots', old(A))).json()
    const act = { reason: '补录', occurredAt: '2022-12-01T09:00:00+08:00' }
    await border.post(a, `/lots/${own.id}/classification`, { hazards: ['T'], category: 'HW06', ...act })
    const head = await border.runtime.store.head()
    const taken = await border.post(a, `/lots/${own.id}/label`, { label, ...act })
    expect([taken.statusCode, taken.json().code]).toEqual([422, 'label-of-another-unit'])
    expect(await border.runtime.store.head()).toBe(head)
    const theirs = (await border.post(b, '/lots', old(B))).json()
    const put = await border.post(b, `/lots/${theirs.id}/label`, { label, ...act })
    expect(put.statusCode, put.body).toBe(200)
  })
})

describe('a log that was begun without a secret', () => {
  test('still knows a key that was the id of its command then, and forms that can be worked out are reserved there too', async () => {
    const key = randomUUID()
    const body = solventOf(B, { lot: NAME })
    expect((await border.post(b, '/lots', body, { 'idempotency-key': key })).statusCode).toBe(201)
    const id = testIds.ofSender({ unit: B, subject: 'b' }, key)
    const receipt = (await border.runtime.store.receipts([id])).get(id)
    const events = await border.runtime.store.readStream(lotStream(NAME))

    const old = testRuntime({ policies, now: NOW, ids: openIds({ secret: Buffer.alloc(32), keyed: false }) })
    await furnish(old.store)
    await old.store.append({
      stream: lotStream(NAME),
      expected: 0,
      commandId: key,
      ...(receipt?.digest === undefined ? {} : { digest: receipt.digest }),
      events: events.map((event) => ({ ...event, metadata: { ...event.metadata, commandId: key } })),
    })
    await border.close()
    border = await openBorder({ runtime: old })
    const again = await border.post(await border.token({ sub: 'b', unit: B, roles: ['producer'] }), '/lots', body, {
      'idempotency-key': key,
    })
    expect([again.statusCode, again.headers['idempotency-replayed']]).toEqual([201, 'true'])
    a = await border.token({ sub: 'a', unit: A, roles: ['producer'] })
    const guess = derivedId('lot', B, NEXT_BATCH)
    expect(await answered(border.post(a, '/lots', solventOf(A, { lot: guess })))).toEqual([422, 'lot-id-reserved'])
    const other = await border.post(a, '/lots', solventOf(A), { 'idempotency-key': key })
    expect([other.statusCode, other.headers['idempotency-replayed']]).toEqual([201, undefined])
  })
})

describe('names of the books', () => {
  test('are the book-keeper’s own: what books call a lot is the lot of unit and batch, and to all others a name like any', async () => {
    const name = bookName('lot', B, NEXT_BATCH)
    const book = { 'wufei-provenance': 'book' }
    const opened = await border.post(bookKeeper, '/lots', solventOf(B, { lot: name, batch: NEXT_BATCH }), book)
    expect([opened.statusCode, opened.json().id]).toEqual([201, testIds.ofBookName(name)])
    const act = { category: 'HW06', hazards: ['T', 'I'], occurredAt: at(2) }
    expect((await border.post(bookKeeper, `/lots/${name}/classification`, act, book)).statusCode).toBe(200)
    expect(await answered(border.post(a, '/lots', solventOf(A, { lot: name })))).toEqual([201, name])
  })

  test('and their keys: the same key live is another command', async () => {
    const key = randomUUID()
    const sent = solventOf(B)
    const book = { 'wufei-provenance': 'book', 'idempotency-key': key }
    const one = await border.post(bookKeeper, '/lots', sent, book)
    const two = await border.post(bookKeeper, '/lots', sent, { 'idempotency-key': key })
    expect([one.statusCode, two.statusCode, one.json().id === two.json().id]).toEqual([201, 201, false])
    expect((await border.post(bookKeeper, '/lots', sent, book)).headers['idempotency-replayed']).toBe('true')
  })
})

describe('whatever id of others a unit sends', () => {
  const lots = [OLD.lot, YOUNG.lot, POOL]
  const ids = fc.oneof(
    fc.constantFrom(
      ...lots,
      poolId(B, '900-005-S17'),
      derivedId('lot', B, NEXT_BATCH),
      bookName('lot', B, NEXT_BATCH),
      testIds.ofBookName(bookName('lot', B, NEXT_BATCH)),
      testIds.derive('lot-of-unit', B, NAME),
      NAME,
      MANIFEST,
      chosenId('test-manifest', 2),
    ),
    fc.uuid(),
  )
  const spelled = fc.tuple(ids, fc.boolean()).map(([id, upper]) => (upper ? id.toUpperCase() : id))
  const place = { at: 'collection', holder: B, place: 'TS001' }
  const attempts: readonly ((id: string) => { readonly path: string; readonly body: object })[] = [
    (id) => ({ path: '/lots', body: solventOf(A, { lot: id }) }),
    (id) => ({ path: '/lots', body: solventOf(B, { lot: id }) }),
    (id) => ({ path: '/lots/opening', body: { ...openingOf(A), lot: id } }),
    (id) => ({ path: `/lots/${id}/classification`, body: { occurredAt: at(9) } }),
    (id) => ({ path: `/lots/${id}/label`, body: { occurredAt: at(9) } }),
    (id) => ({ path: `/lots/${id}/split`, body: { at: place, grams: 1, occurredAt: at(9) } }),
    (id) => ({ path: `/lots/${OLD.lot}/split`, body: { at: place, child: id, grams: 1, occurredAt: at(9) } }),
    (id) => ({ path: `/lots/${id}/stock-take`, body: { at: place, counted: 0, note: 'x', occurredAt: at(9) } }),
    (id) => ({ path: `/manifests/${id}/filing`, body: { ...filing({ consignor: { unit: A } }), manifest: undefined } }),
    (id) => ({ path: `/manifests/${id}/cancellation`, body: { cause: 'x', occurredAt: at(9) } }),
    (id) => ({ path: `/manifests/${id}/arrival`, body: { occurredAt: at(9) } }),
    (id) => ({
      path: '/treatments',
      body: { treatment: 'x', manifest: id, line: 1, method: 'R2', treated: 1, product: 1, loss: 0, occurredAt: at(9) },
    }),
  ]
  const openingOf = (unit: string) => ({
    unit,
    waste: { stream: 'hazardous', code: SOLVENT },
    grams: 1,
    batch: 'HWCS20241201001',
    store: 'TS001',
    bornOn: '2024-12-01',
  })

  test('the lots, the feed and the figures of the other stay as they were, and its own acts still work', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom(...attempts), spelled, fc.option(spelled)), { minLength: 1, maxLength: 12 }),
        async (tries) => {
          await border.close()
          border = await openBorder()
          await furnish(border.runtime.store)
          a = await border.token({ sub: 'a', unit: A, roles: ['producer', 'carrier', 'receiver'] })
          b = await border.token({ sub: 'b', unit: B, roles: ['producer'] })
          const before = [await feedOf(b), ...(await Promise.all(lots.map(lot)))]
          for (const [attempt, id, key] of tries) {
            const { path, body } = attempt(id)
            const sent = await border.post(a, path, body, key === null ? {} : { 'idempotency-key': key })
            expect(sent.statusCode, `${path} ${sent.body}`).toBeLessThan(500)
          }
          expect([await feedOf(b), ...(await Promise.all(lots.map(lot)))]).toEqual(before)

          const named = await border.post(b, '/lots', solventOf(B, { lot: NAME }))
          const batch = await border.post(b, '/lots', solventOf(B, { batch: NEXT_BATCH }))
          const record = await border.post(b, '/lots/pool', plasticOf(B, 'CS20251206001'))
          const filed = await border.post(b, '/manifests', filing())
          for (const own of [named, batch, record, filed]) expect(own.statusCode, own.body).toBe(201)
          expect((await lot(POOL)).held).toMatchObject({ [`collection|${B}|pool|`]: { grams: 6_000_000 } })
          expect(Object.values((await lot(batch.json().id)).held)).toMatchObject([{ grams: 54_000 }])
          expect(Object.values((await lot(named.json().id)).held)).toMatchObject([{ grams: 54_000 }])
          expect(Object.keys((await lot(OLD.lot)).reserved)).toEqual([`${filed.json().id}#1`])
        },
      ),
      { numRuns: 40 },
    )
  }, 240_000)
})
