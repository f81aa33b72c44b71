import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { composedPark, type TestPark } from '../support/composed-park.ts'
import { lotStream, planStream, unitStream } from '../../schemas/values/identifiers.ts'
import { grams } from '../../schemas/values/mass.ts'
import { chosenId } from '../support/ids.ts'
import {
  at,
  CARRIER,
  CONSIGNOR,
  filing,
  furnish,
  given,
  licence,
  OLD,
  outShipment,
  pack,
  packageHistory,
  pickingUp,
  POOL,
  RECEIVER,
  SOLVENT,
  YOUNG,
  type Package,
} from '../support/transfers.ts'

/** What a receiver accepted is its stock: seen from outside, by REST and GraphQL, with the figures of the journal. */
const FINAL = '91320594FNALRCXAAE'
const KEPT = pack(4, '2025-12-02', 100_000)
const MIXED = [pack(5, '2025-12-02', 80_000), pack(6, '2025-12-03', 20_000)] as const
const OWN = pack(3, '2025-12-04', 50_000)
let park: TestPark
const tokens = new Map<string, string>()
beforeAll(async () => {
  park = await composedPark()
  await furnish(park.park.store)
  for (const one of [OWN, KEPT, ...MIXED]) await given(park.park.store, lotStream(one.lot), packageHistory(one))
  await givenFinal()
  tokens.set('bureau', await park.token('demo-bureau'))
  await figures()
  for (const unit of [CONSIGNOR, CARRIER, RECEIVER, FINAL]) tokens.set(unit, await park.token(`unit-${unit}`))
}, 60_000)
afterAll(() => park.close())

/** Another facility, with a contract and a plan by which the receiver may hand on to it. */
async function givenFinal(): Promise<void> {
  const { store } = park.park
  const when = '2025-01-02T08:00:00+08:00'
  const registered = { unit: FINAL, name: '终端处置', roles: ['recycler' as const], inside: true, address: '示例路2号' }
  await given(store, unitStream(FINAL), [
    { type: 'UnitRegistered', occurredAt: when, data: registered },
    { ...licence({ number: 'JSSZ0571TEST02' }), occurredAt: when },
  ])
  const contract = { number: 'HT9', receiver: FINAL, code: SOLVENT, from: '2025-01-01', to: '2026-12-31' }
  await given(store, unitStream(RECEIVER), [{ type: 'ContractConcluded', occurredAt: when, data: contract }])
  const planned = { unit: RECEIVER, year: 2025, code: SOLVENT, receiver: FINAL, method: 'D10' }
  const mass = { planned: grams(3_000_000_000), destination: 'in-province' as const }
  await given(store, planStream(RECEIVER, 2025), [
    { type: 'PlanLineFiled', occurredAt: when, data: { ...planned, ...mass } },
  ])
}

interface Answer {
  readonly id: string
  readonly revision: number
  readonly position: string
  readonly availableActions: readonly { readonly action: string; readonly allowed: boolean }[]
  readonly code?: string
  readonly errors?: readonly { readonly code: string; readonly rule?: string; readonly pointer: string }[]
}

async function post(unit: string, path: string, body: object, key = randomUUID()) {
  const response = await park.app.inject({
    method: 'POST',
    url: `/api/v1${path}`,
    headers: {
      authorization: `Bearer ${tokens.get(unit)}`,
      'content-type': 'application/json',
      'idempotency-key': key,
    },
    payload: JSON.stringify(body),
  })
  return { status: response.statusCode, headers: response.headers, answer: response.json<Answer>() }
}

async function done(unit: string, path: string, body: object): Promise<Answer> {
  const { status, answer } = await post(unit, path, body)
  expect(status, JSON.stringify(answer)).toBeLessThan(300)
  return answer
}

/** A package on a manifest of its own, accepted by the receiver. */
async function received(
  one: Package,
  serial: number,
  {
    from = CONSIGNOR,
    to = RECEIVER,
    lots = [{ lot: one.lot, outBatch: one.outBatch }] as object[],
    method = 'R2',
  } = {},
): Promise<{ manifest: string; number: string }> {
  const manifest = chosenId('received', serial)
  const number = `2025320500000${serial}`
  const [line] = filing().lines
  const lines = [{ ...line, packageCount: 1, method, lots }]
  const parties = { consignor: { ...filing().consignor, unit: from }, receiver: { unit: to } }
  await done(from, '/manifests', { ...filing(), ...parties, manifest, number, lines })
  const { manifest: _, ...pickup } = pickingUp()
  await done(CARRIER, `/manifests/${manifest}/pickup`, {
    ...pickup,
    lines: [{ line: 1, labels: [one.label], shipped: one.grams }],
  })
  await done(CARRIER, `/manifests/${manifest}/departure`, { occurredAt: at(10) })
  await done(CARRIER, `/manifests/${manifest}/arrival`, { occurredAt: at(11) })
  const weighing = { grossKg: 10_000 + one.grams / 1_000, tareKg: 10_000, occurredAt: at(12) }
  await done(to, `/manifests/${manifest}/weighing`, weighing)
  await done(to, `/manifests/${manifest}/acceptance`, {
    lines: [{ line: 1, decision: 'accepted', accepted: one.grams, method }],
    occurredAt: at(13),
  })
  return { manifest, number }
}

const MONTH = 'from: "2025-12-01", to: "2025-12-31"'
interface Figures {
  readonly ledger: {
    trialBalance: number
    cells: readonly { stage: string; stream: string; [figure: string]: unknown }[]
  }
  readonly massBalance: Readonly<Record<string, unknown>>
  readonly recyclingRate: { numerator: number; denominator: number }
}
/** @param position the figures are of the log up to there at least; up to now by default */
async function figures(position?: string): Promise<Figures> {
  const head = position ?? String(await park.park.store.head())
  await park.query(tokens.get('bureau') ?? '', `{ ledger(${MONTH}, minPosition: "${head}") { position } }`)
  const found = await park.query<Figures>(
    tokens.get('bureau') ?? '',
    `{
      ledger(${MONTH}) { trialBalance cells { stage stream in out adjusted closing } }
      massBalance(${MONTH}, stream: HAZARDOUS) { accepted shipped handedOn treated selfTreated product residue loss landfilled recovered disposed facilityStockEnd balanced }
      recyclingRate(${MONTH}, stream: HAZARDOUS) { numerator denominator }
    }`,
  )
  expect(found.ledger.trialBalance).toBe(0)
  expect(found.massBalance['balanced']).toBe(true)
  return found
}
const cell = ({ ledger }: Figures, stage: string) => {
  const {
    stage: _,
    stream: __,
    ...amounts
  } = ledger.cells.find((one) => one.stage === stage && one.stream === 'HAZARDOUS') ?? { stage, stream: '' }
  return amounts
}

const run = {
  treatment: 'LC1',
  facility: 'TS001',
  method: 'R2',
  product: 300_000,
  productName: '再生溶剂',
  residues: [{ wasteCode: '900-407-06', grams: 100_000 }],
  loss: 0,
  occurredAt: at(14),
}

describe('one run over the lines of two manifests', () => {
  let first: { manifest: string; number: string }
  let second: { manifest: string; number: string }
  let answer: Answer
  const key = randomUUID()
  const inputs = () => [
    { manifest: first.manifest, line: 1, grams: 300_000 },
    { lot: YOUNG.lot, grams: 100_000 },
  ]

  beforeAll(async () => {
    first = await received(OLD, 1)
    second = await received(YOUNG, 2)
  }, 60_000)

  test('is refused where more is named than lies there, and then nothing of it stays set aside', async () => {
    const tooMuch = {
      ...run,
      inputs: [
        { lot: OLD.lot, grams: 300_000 },
        { lot: YOUNG.lot, grams: 200_001 },
      ],
      product: 400_001,
    }
    expect(await post(RECEIVER, '/treatments', tooMuch)).toMatchObject({
      status: 422,
      answer: {
        errors: [
          { rule: 'R77', pointer: '/inputs/1/grams' },
          { rule: 'R77', pointer: '/inputs' },
        ],
      },
    })
    expect(await post(CARRIER, '/treatments', { ...run, inputs: inputs() })).toMatchObject({ status: 403 })
    expect(await post(RECEIVER, '/treatments', { ...run })).toMatchObject({
      answer: { errors: [{ code: 'treatment-of-what' }] },
    })
  })

  test('is recorded once, whatever its key, and answers about the treatment', async () => {
    const treated = await post(RECEIVER, '/treatments', { ...run, inputs: inputs() }, key)
    expect(treated, JSON.stringify(treated.answer)).toMatchObject({ status: 201 })
    answer = treated.answer
    expect(answer).toMatchObject({ revision: 1, availableActions: [] })
    const again = await post(RECEIVER, '/treatments', { ...run, inputs: inputs() }, key)
    expect(again.headers).toMatchObject({ 'idempotency-replayed': 'true' })
    expect(again.answer).toEqual(answer)
    expect(await post(RECEIVER, '/treatments', { ...run, inputs: inputs() })).toMatchObject({
      status: 422,
      answer: { errors: [{ code: 'treatment-twice', pointer: '/treatment' }] },
    })
  })

  test('is in the figures once', async () => {
    const found = await figures(answer.position)
    expect(cell(found, 'DISPOSAL')).toEqual({ in: 500_000, out: 400_000, adjusted: 0, closing: 100_000 })
    expect(found.massBalance).toMatchObject({
      accepted: 500_000,
      treated: 400_000,
      product: 300_000,
      residue: 100_000,
      recovered: 400_000,
      disposed: 0,
      facilityStockEnd: 100_000,
    })
    expect(found.recyclingRate).toMatchObject({ numerator: 400_000 })
  })

  test('stands on each manifest with its own part', async () => {
    const { a, b } = await park.query<
      Record<'a' | 'b', { lines: unknown; availableActions: { action: string; allowed: boolean }[] }>
    >(
      tokens.get(CONSIGNOR) ?? '',
      `{ a: manifest(number: "${first.number}") { lines { accepted treated lots { lot { id } treated } } availableActions { action allowed } }
         b: manifest(number: "${second.number}") { lines { accepted treated } availableActions { action allowed } } }`,
    )
    expect(a.lines).toEqual([
      { accepted: 300_000, treated: 300_000, lots: [{ lot: { id: OLD.lot }, treated: 300_000 }] },
    ])
    expect(b.lines).toEqual([{ accepted: 200_000, treated: 100_000 }])
  })

  test('custody leads from each producer’s lot to its share of the residue, and back', async () => {
    const bureau = tokens.get('bureau') ?? ''
    const graph = 'nodes { id kind grams open } edges { kind grams } balanced'
    const { down, up } = await park.query<
      Record<
        'down' | 'up',
        { balanced: boolean; nodes: { kind: string; grams: number }[]; edges: { kind: string; grams: number }[] }
      >
    >(
      bureau,
      `{ down: custody(of: "${OLD.lot}", direction: DOWNSTREAM) { ${graph} }
         up: custody(of: "${OLD.lot}", direction: UPSTREAM) { ${graph} } }`,
    )
    expect(down.balanced).toBe(true)
    expect(down.edges.filter(({ kind }) => kind === 'residue')).toEqual([{ kind: 'residue', grams: 75_000 }])
    expect(down.nodes.find(({ kind }) => kind === 'PRODUCT')).toMatchObject({ grams: 225_000 })
    expect(up.balanced).toBe(true)
  })

  test('the rest of the line is treated by the form of one line, which answers about its manifest', async () => {
    const rest = { ...run, treatment: 'LC2', product: 100_000, residues: [] }
    const line = { manifest: second.manifest, line: 1, treated: 100_000 }
    const own = randomUUID()
    const treated = await post(RECEIVER, '/treatments', { ...rest, ...line }, own)
    expect(treated).toMatchObject({ status: 201, answer: { id: second.manifest } })
    expect(treated.answer.availableActions.find(({ action }) => action === 'treatment')).toMatchObject({
      allowed: false,
    })
    expect((await post(RECEIVER, '/treatments', { ...rest, ...line }, own)).answer).toEqual(treated.answer)
    expect(cell(await figures(treated.answer.position), 'DISPOSAL')).toMatchObject({ out: 500_000, closing: 0 })
  })
})

describe('what a producer treats itself (自行利用处置)', () => {
  const own = { treatment: 'HWZXLY20251206001', method: 'R2', loss: 0, residues: [], occurredAt: at(15) }

  test('is offered to its holder alone', async () => {
    const actions = async (unit: string) => {
      const asked = `{ lot(id: "${OWN.lot}") { availableActions { action allowed } } }`
      const { lot } = await park.query<{ lot: { availableActions: { action: string; allowed: boolean }[] } | null }>(
        tokens.get(unit) ?? '',
        asked,
      )
      return lot?.availableActions.find(({ action }) => action === 'treatment')?.allowed
    }
    expect(await actions(CONSIGNOR)).toBe(true)
    expect(await actions(RECEIVER)).toBeUndefined()
    expect(
      await post(RECEIVER, '/treatments', { ...own, product: 1, inputs: [{ lot: OWN.lot, grams: 1 }] }),
    ).toMatchObject({ status: 404 })
  })

  test('goes from its store through the stage of disposal, is not received and is recovered once', async () => {
    const before = await figures()
    const { position } = await done(CONSIGNOR, '/treatments', {
      ...own,
      product: 50_000,
      inputs: [{ lot: OWN.lot, grams: 50_000 }],
    })
    const after = await figures(position)
    const moved = (stage: string, figure: string) =>
      Number(after && cell(after, stage)[figure]) - Number(cell(before, stage)[figure])
    expect([moved('COLLECTION', 'closing'), moved('DISPOSAL', 'in'), moved('DISPOSAL', 'out')]).toEqual([
      -50_000, 50_000, 50_000,
    ])
    expect(after.massBalance).toMatchObject({
      accepted: 500_000,
      selfTreated: 50_000,
      treated: 550_000,
      recovered: 550_000,
    })
    expect(after.recyclingRate).toMatchObject({ numerator: 550_000 })
  })

  test('R77: of general waste no more than its pool holds free', async () => {
    const input = { lot: POOL, grams: 6_000_000 }
    expect(
      await post(CONSIGNOR, '/treatments', { ...own, treatment: 'ZX2', product: 6_000_000, inputs: [input] }),
    ).toMatchObject({ status: 422, answer: { errors: [{ rule: 'R77', pointer: '/inputs/0/grams' }] } })
    await done(CONSIGNOR, '/treatments', {
      ...own,
      treatment: 'ZX2',
      product: 2_000_000,
      inputs: [{ ...input, grams: 2_000_000 }],
    })
  })
})

describe('what was received is put into store, taken out and shipped on', () => {
  let first: { manifest: string; number: string }
  const stock = async () => {
    const asked = `{ stock(scope: { unit: "${RECEIVER}", wasteCode: "${SOLVENT}" }) { site grams } }`
    const found = await park.query<{ stock: { site: string; grams: number }[] }>(tokens.get(RECEIVER) ?? '', asked)
    return Object.fromEntries(found.stock.map((row) => [row.site, row.grams]))
  }
  const treatable = async (number: string): Promise<boolean | undefined> => {
    const asked = `{ manifest(number: "${number}") { availableActions { action allowed } } }`
    const { manifest } = await park.query<{ manifest: Pick<Answer, 'availableActions'> }>(
      tokens.get(RECEIVER) ?? '',
      asked,
    )
    return manifest.availableActions.find(({ action }) => action === 'treatment')?.allowed
  }
  beforeAll(async () => {
    first = await received(KEPT, 3)
  }, 60_000)

  test('lies in the receiver’s store without leaving the stage of disposal', async () => {
    const before = await figures()
    const stored = { store: 'TS001', grams: 100_000, batch: 'HWRK20251206901', occurredAt: at(14) }
    expect(await post(CONSIGNOR, `/lots/${KEPT.lot}/storage-in`, stored)).toMatchObject({ status: 403 })
    const { position } = await done(RECEIVER, `/lots/${KEPT.lot}/storage-in`, stored)
    expect(cell(await figures(position), 'DISPOSAL')).toEqual(cell(before, 'DISPOSAL'))
    expect(await stock()).toEqual({ TS001: 100_000 })
    const out = { store: 'TS001', grams: 60_000, batch: 'HWCK20251206901', occurredAt: at(15) }
    expect(await post(RECEIVER, `/lots/${KEPT.lot}/storage-out`, { ...out, grams: 100_001 })).toMatchObject({
      answer: { errors: [{ rule: 'R28' }] },
    })
    await done(RECEIVER, `/lots/${KEPT.lot}/storage-out`, out)
  })

  test('goes on with a manifest of the receiver’s own, and is recovered or disposed of at the last facility only', async () => {
    const before = await figures()
    const second = await received(pack(4, '2025-12-02', 60_000), 4, {
      from: RECEIVER,
      to: FINAL,
      lots: [{ lot: KEPT.lot, grams: 60_000, outBatch: 'HWCK20251206901' }],
      method: 'D10',
    })
    // The read models follow the last answer in a moment.
    await vi.waitFor(async () => expect(await stock()).toEqual({ TS001: 40_000 }), 10_000)
    const between = await figures()
    expect(between.massBalance).toMatchObject({ handedOn: 60_000, treated: before.massBalance['treated'] })
    expect(between.recyclingRate).toEqual(before.recyclingRate)
    expect(await treatable(first.number)).toBe(true)

    const tail = { facility: undefined, product: 0, residues: [], occurredAt: at(20) }
    const disposed = {
      ...run,
      ...tail,
      treatment: 'F1',
      method: 'D10',
      loss: 60_000,
      manifest: second.manifest,
      line: 1,
      treated: 60_000,
    }
    await done(FINAL, '/treatments', disposed)
    const rest = {
      ...run,
      ...tail,
      treatment: 'LC9',
      product: 40_000,
      manifest: first.manifest,
      line: 1,
      treated: 40_000,
    }
    const { position } = await done(RECEIVER, '/treatments', rest)
    const after = await figures(position)
    expect(after.massBalance).toMatchObject({
      handedOn: 60_000,
      disposed: Number(before.massBalance['disposed']) + 60_000,
      recovered: Number(before.massBalance['recovered']) + 40_000,
      facilityStockEnd: 0,
    })
    expect(await treatable(first.number)).toBe(false)
  })

  test('custody shows the whole way of it, balanced', async () => {
    const asked = `{ custody(of: "${KEPT.lot}") { nodes { kind holder { code } grams open } balanced } }`
    const { custody } = await park.query<{
      custody: {
        balanced: boolean
        nodes: { kind: string; holder: { code: string } | null; grams: number; open: number }[]
      }
    }>(tokens.get('bureau') ?? '', asked)
    expect(custody.balanced).toBe(true)
    expect(
      custody.nodes.filter(({ kind }) => kind === 'DISPOSAL').map(({ holder, open }) => [holder?.code, open]),
    ).toContainEqual([FINAL, 0])
    expect(custody.nodes.filter(({ kind }) => kind === 'LOSS')).toMatchObject([{ grams: 60_000 }])
    expect(custody.nodes.filter(({ kind }) => kind === 'PRODUCT')).toMatchObject([{ grams: 40_000 }])
  })
})

describe('general waste that was received is sorted into fractions', () => {
  const [PLASTIC_PART, METAL_PART] = [chosenId('fraction', 1), chosenId('fraction', 2)]
  const METAL = '900-002-S17'
  const slip = chosenId('out-record')
  const industrial = async () => {
    await figures()
    const asked = `{ massBalance(${MONTH}, stream: INDUSTRIAL) { accepted handedOn treated recovered disposed reclassified facilityStockEnd balanced } }`
    const found = await park.query<{ massBalance: Readonly<Record<string, number>> }>(tokens.get('bureau') ?? '', asked)
    return found.massBalance
  }
  const received_ = { at: 'disposal', holder: RECEIVER, place: 'received', document: `${slip}#1` }

  beforeAll(async () => {
    const { receiver: _, ...record } = outShipment({ record: 'CC20251206009', grams: grams(1_000_000) })
    await done(CONSIGNOR, '/manifests/out-records', { ...record, receiver: RECEIVER, manifest: slip })
    await done(RECEIVER, `/manifests/${slip}/acceptance`, {
      lines: [{ line: 1, decision: 'accepted', accepted: 1_000_000 }],
      occurredAt: at(13),
    })
  }, 60_000)

  test('R28: into no more than lies there', async () => {
    const sorting = {
      at: received_,
      fractions: [{ stream: 'industrial', wasteCode: METAL, grams: 1_000_001 }],
      occurredAt: at(14),
    }
    expect(await post(RECEIVER, `/lots/${POOL}/sorting`, sorting)).toMatchObject({
      status: 422,
      answer: { errors: [{ rule: 'R28', pointer: '/fractions' }] },
    })
  })

  test('by code and grams, which is neither recovery nor disposal', async () => {
    const before = await industrial()
    await done(RECEIVER, `/lots/${POOL}/sorting`, {
      at: received_,
      fractions: [
        { child: PLASTIC_PART, stream: 'industrial', wasteCode: '900-003-S17', grams: 600_000 },
        { child: METAL_PART, stream: 'industrial', wasteCode: METAL, grams: 300_000 },
      ],
      occurredAt: at(14),
    })
    expect(await industrial()).toEqual(before)
    const asked = `{ lot(id: "${METAL_PART}") { wasteCode grams availableActions { action allowed } } }`
    const { lot } = await park.query<{ lot: { wasteCode: string; grams: number } }>(tokens.get(RECEIVER) ?? '', asked)
    expect(lot).toMatchObject({ wasteCode: METAL, grams: 300_000 })
  })

  test('each goes its own way: one is treated here, one shipped on with an out-record of its own', async () => {
    const before = await industrial()
    await done(RECEIVER, '/treatments', {
      treatment: 'LC20',
      method: 'GR-MAT',
      product: 600_000,
      loss: 0,
      inputs: [{ lot: PLASTIC_PART, grams: 600_000 }],
      occurredAt: at(15),
    })
    const on = outShipment({
      record: 'CC20251206010',
      grams: grams(300_000),
      unit: RECEIVER,
      code: METAL,
      occurredAt: at(16),
    })
    const last = chosenId('out-record', 2)
    await done(RECEIVER, '/manifests/out-records', { ...on, receiver: FINAL, lot: METAL_PART, manifest: last })
    await done(FINAL, `/manifests/${last}/acceptance`, {
      lines: [{ line: 1, decision: 'accepted', accepted: 300_000 }],
      occurredAt: at(17),
    })
    const between = await industrial()
    expect(between).toMatchObject({ balanced: true, handedOn: 300_000, treated: Number(before['treated']) + 600_000 })
    await done(FINAL, '/treatments', {
      treatment: 'F20',
      method: 'GR-MAT',
      product: 300_000,
      loss: 0,
      manifest: last,
      line: 1,
      treated: 300_000,
      occurredAt: at(18),
    })
    expect(await industrial()).toMatchObject({
      balanced: true,
      handedOn: 300_000,
      recovered: Number(between['recovered']) + 300_000,
      facilityStockEnd: 100_000,
    })
  })

  test('custody of a fraction leads up to its producer and down to its last facility', async () => {
    const asked = `{ custody(of: "${METAL_PART}") { nodes { kind holder { code } grams } edges { kind grams } balanced }
      near: custody(of: "${METAL_PART}", direction: UPSTREAM, depth: 1) { edges { kind } truncated } }`
    const { custody, near } = await park.query<
      Record<
        'custody' | 'near',
        {
          balanced: boolean
          truncated: boolean
          nodes: { kind: string; holder: { code: string } | null }[]
          edges: { kind: string; grams: number }[]
        }
      >
    >(tokens.get('bureau') ?? '', asked)
    const holders = custody.nodes.map(({ holder }) => holder?.code)
    expect(holders).toEqual(expect.arrayContaining([CONSIGNOR, CARRIER, RECEIVER, FINAL]))
    expect(custody.balanced).toBe(true)
    expect(near.edges.length).toBeLessThan(custody.edges.length)
  })
})

describe('what was received of several producers is mixed', () => {
  const [LARGE, SMALL] = MIXED
  let mix: Answer
  const body = (more: object = {}) => ({
    mixture: 'HH1',
    stream: 'hazardous',
    wasteCode: SOLVENT,
    inputs: [
      { lot: LARGE.lot, grams: 75_000 },
      { lot: SMALL.lot, grams: 15_000 },
    ],
    occurredAt: at(15),
    ...more,
  })
  beforeAll(async () => {
    await received(LARGE, 5)
    await received(SMALL, 6)
  }, 60_000)

  test('once, in one place, of no more than lies there', async () => {
    const [large] = body().inputs
    const tooMuch = body({ inputs: [large, { lot: SMALL.lot, grams: 20_001 }] })
    expect(await post(RECEIVER, '/mixtures', tooMuch)).toMatchObject({
      status: 422,
      answer: { errors: [{ rule: 'R28', pointer: '/inputs/1/grams' }] },
    })
    await done(RECEIVER, `/lots/${SMALL.lot}/storage-in`, { store: 'TS001', grams: 20_000, occurredAt: at(14) })
    expect(await post(RECEIVER, '/mixtures', body())).toMatchObject({
      answer: { errors: [{ code: 'not-in-one-place', pointer: '/inputs/1' }] },
    })
    await done(RECEIVER, `/lots/${LARGE.lot}/storage-in`, { store: 'TS001', grams: 80_000, occurredAt: at(14) })
    const before = await figures()
    mix = await done(RECEIVER, '/mixtures', body())
    const after = await figures(mix.position)
    expect([after.massBalance, after.recyclingRate]).toEqual([before.massBalance, before.recyclingRate])
    expect(await post(RECEIVER, '/mixtures', body())).toMatchObject({
      answer: { errors: [{ code: 'treatment-twice' }] },
    })
  })

  test('and treated: each producer’s part is a share of what comes out, upstream and downstream', async () => {
    const before = await figures()
    const { position } = await done(RECEIVER, '/treatments', {
      ...run,
      treatment: 'LC30',
      product: 60_000,
      residues: [],
      inputs: [{ lot: mix.id, grams: 60_000 }],
      occurredAt: at(16),
    })
    const after = await figures(position)
    expect(after.massBalance).toMatchObject({
      recovered: Number(before.massBalance['recovered']) + 60_000,
      facilityStockEnd: Number(before.massBalance['facilityStockEnd']) - 60_000,
    })
    const graph = 'nodes { kind grams open } edges { kind grams } balanced'
    const { down, up, near } = await park.query<
      Record<
        'down' | 'up' | 'near',
        {
          balanced: boolean
          nodes: { kind: string; grams: number; open: number }[]
          edges: { kind: string; grams: number }[]
        }
      >
    >(
      tokens.get('bureau') ?? '',
      `{ down: custody(of: "${SMALL.lot}", direction: DOWNSTREAM) { ${graph} }
         up: custody(of: "${mix.id}", direction: UPSTREAM) { ${graph} }
         near: custody(of: "${mix.id}", direction: UPSTREAM, depth: 1) { ${graph} } }`,
    )
    expect(down.edges).toContainEqual({ kind: 'handed to another lot', grams: 15_000 })
    expect(
      up.edges
        .filter(({ kind }) => kind === 'handed to another lot')
        .map((edge) => edge.grams)
        .sort(),
    ).toEqual([15_000, 75_000])
    expect(near.edges).toHaveLength(2)
    expect([down.balanced, up.balanced]).toEqual([true, true])
  })
})
