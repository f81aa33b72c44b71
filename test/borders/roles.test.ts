import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chosenId, testIds } from '../support/ids.ts'
import { grams } from '../../schemas/values/mass.ts'
import {
  accepting,
  at,
  CARRIER,
  CONSIGNOR,
  filing,
  furnish,
  given,
  NEXT_CARRIER,
  NEXT_PLATE,
  OUTSIDER,
  PACKAGES,
  pickingUp,
  PLASTIC,
  PLATE,
  RECEIVER,
  SOLVENT,
  treating,
} from '../support/transfers.ts'
import { openBorder, type Border, type Claims } from './harness.ts'
import { parkRoutes } from './park.ts'

const LOT = chosenId('roles', 'lot')
const OTHER = chosenId('roles', 'other lot')
const SENT = chosenId('roles', 'manifest')
const REFUSED = chosenId('roles', 'refused')
const CHOSEN = chosenId('roles', 'chosen')
const MISTAKEN = chosenId('roles', 'mistaken')
/** Corrections that others have proposed, one for each thing that may be done to one. */
const CORRECTIONS = {
  consent: chosenId('roles', 'consent'),
  refusal: chosenId('roles', 'refusal'),
  withdrawal: chosenId('roles', 'withdrawal'),
} as const
/** Commands of the consignor that wait, one for each thing that may be done to one. */
const HOLDS = {
  release: chosenId('roles', 'release'),
  rejection: chosenId('roles', 'rejection'),
  withdrawal: chosenId('roles', 'taking back'),
} as const
/** Of the finding that is the first event of the log. */
const CASE = testIds.derive('case', '1-0')

const bearers = {
  consignor: { sub: 'consignor', unit: CONSIGNOR, roles: ['producer'] },
  carrier: { sub: 'carrier', unit: CARRIER, roles: ['carrier', 'driver'] },
  'next carrier': { sub: 'next', unit: NEXT_CARRIER, roles: ['carrier', 'driver'] },
  receiver: { sub: 'receiver', unit: RECEIVER, roles: ['receiver', 'producer'] },
  'book-keeper': { sub: 'books', roles: ['admin'] },
  official: { sub: 'official', roles: ['bureau'], competence: ['hazardous', 'industrial'] },
} as const satisfies Readonly<Record<string, Claims>>
type Bearer = keyof typeof bearers

/** Nobody of these may do anything to what is not theirs, whatever role they claim in a unit of their own. */
const strangers: Readonly<Record<string, Claims>> = {
  'a foreign producer': { sub: 'f1', unit: OUTSIDER, roles: ['producer'] },
  'a foreign carrier': { sub: 'f2', unit: OUTSIDER, roles: ['carrier'] },
  'a foreign driver': { sub: 'f3', unit: OUTSIDER, roles: ['driver'] },
  'a foreign receiver': { sub: 'f4', unit: OUTSIDER, roles: ['receiver'] },
  'a foreigner with every role of a unit': {
    sub: 'f5',
    unit: OUTSIDER,
    roles: ['producer', 'carrier', 'driver', 'receiver'],
  },
  'someone of no unit': { sub: 'f6', roles: ['producer', 'carrier', 'driver', 'receiver'] },
  'someone without a role': { sub: 'f7', unit: OUTSIDER, roles: [] },
}

interface Row {
  readonly path: string
  /** The route that this row stands for, where the path names things. */
  readonly route: string
  readonly by: Bearer
  readonly body: object
  /** The same path for a thing that does not exist. */
  readonly absent?: string
}

const { manifest: _m, ...pickup } = pickingUp()
const { manifest: _a, ...acceptance } = accepting({
  decision: 'partly-accepted',
  accepted: grams(400_000),
  refused: grams(100_000),
  difference: 'quantity',
  note: '短少',
})
const { manifest: _f, ...filed } = filing()
const occurredAt = at(5)
const absentId = randomUUID()
const ofLot = (action: string, body: object, lot = LOT): Row => ({
  route: `/lots/:lot/${action}`,
  path: `/lots/${lot}/${action}`,
  absent: `/lots/${absentId}/${action}`,
  by: 'consignor',
  body,
})
const ofManifest = (action: string, by: Bearer, body: object, manifest = SENT, route = action): Row => ({
  route: `/manifests/:manifest/${route}`,
  path: `/manifests/${manifest}/${action}`,
  absent: `/manifests/${absentId}/${action}`,
  by,
  body,
})
const ofCase = (action: string, by: Bearer, body: object): Row => ({
  route: `/cases/:case/${action}`,
  path: `/cases/${CASE}/${action}`,
  absent: `/cases/${absentId}/${action}`,
  by,
  body,
})
const ofCorrection = (action: keyof typeof CORRECTIONS, by: Bearer, body: object): Row => ({
  route: `/corrections/:correction/${action}`,
  path: `/corrections/${CORRECTIONS[action]}/${action}`,
  absent: `/corrections/${absentId}/${action}`,
  by,
  body,
})
const ofHold = (action: keyof typeof HOLDS, by: Bearer, body: object): Row => ({
  route: `/holds/:hold/${action}`,
  path: `/holds/${HOLDS[action]}/${action}`,
  absent: `/holds/${absentId}/${action}`,
  by,
  body,
})
const make = (path: string, by: Bearer, body: object): Row => ({ route: path, path, by, body })
const plastic = (record: string, more: object = {}) => ({
  record,
  unit: CONSIGNOR,
  code: PLASTIC,
  grams: 1_000,
  carrier: CARRIER,
  plate: PLATE,
  receiver: RECEIVER,
  occurredAt: at(10),
  ...more,
})

const ended = (route: string, path: string, by: Bearer, unit: string): Row => ({
  route,
  path,
  by,
  body: { unit, cause: '停用', effectiveFrom: '2026-12-31', occurredAt },
})

/** One command for every route, in an order in which each of them can be done. */
const rows: readonly Row[] = [
  make('/units', 'book-keeper', {
    unit: '91350100M000100Y43',
    name: '新单位',
    roles: ['producer'],
    inside: true,
    occurredAt,
  }),
  make('/sites', 'consignor', { unit: CONSIGNOR, site: 'S1', name: '一厂', address: '示例路2号', occurredAt }),
  make('/facilities', 'consignor', { unit: CONSIGNOR, facility: 'TS009', name: '二库', kind: 'warehouse', occurredAt }),
  make('/licences', 'official', {
    unit: RECEIVER,
    number: 'JSSZ0571TEST99',
    kind: 'comprehensive',
    covers: ['HW08'],
    methods: ['R9'],
    annual: 1_000_000,
    from: '2025-01-01',
    to: '2027-12-31',
    occurredAt,
  }),
  {
    route: '/licences/:number/renewal',
    path: '/licences/JSSZ0571TEST99/renewal',
    by: 'official',
    body: { unit: RECEIVER, validFrom: '2031-01-01', validTo: '2035-12-31', occurredAt },
  },
  {
    route: '/licences/:number/revocation',
    path: '/licences/JSSZ0571TEST99/revocation',
    by: 'official',
    body: { unit: RECEIVER, from: '2026-01-01', cause: '吊销', occurredAt },
  },
  make('/vehicles', 'carrier', {
    unit: CARRIER,
    plate: '苏E9Z999',
    permit: '3205',
    validTo: '2028-12-31',
    dangerousGoods: true,
    occurredAt,
  }),
  make('/drivers', 'carrier', {
    unit: CARRIER,
    driver: { name: '示例乙' },
    permit: 'D2',
    validTo: '2028-12-31',
    dangerousGoods: true,
    occurredAt,
  }),
  make('/contracts', 'consignor', {
    unit: CONSIGNOR,
    number: 'HT9',
    receiver: RECEIVER,
    code: '900-249-08',
    from: '2025-01-01',
    to: '2026-12-31',
    occurredAt,
  }),
  make('/plans', 'consignor', {
    unit: CONSIGNOR,
    year: 2025,
    lines: [{ code: '900-249-08', receiver: RECEIVER, method: 'R9', planned: 1_000_000, destination: 'in-province' }],
    occurredAt,
  }),
  make('/lots', 'consignor', {
    lot: LOT,
    unit: CONSIGNOR,
    waste: { stream: 'hazardous', code: SOLVENT },
    name: '废清洗溶剂',
    grams: 54_000,
    batch: 'HWCS20251206901',
    facility: 'MF0001',
    occurredAt: at(1),
  }),
  make('/lots', 'consignor', {
    lot: OTHER,
    unit: CONSIGNOR,
    waste: { stream: 'hazardous', code: SOLVENT },
    name: '废清洗溶剂',
    grams: 54_000,
    batch: 'HWCS20251206902',
    facility: 'MF0001',
    occurredAt: at(1),
  }),
  make('/lots', 'consignor', {
    lot: MISTAKEN,
    unit: CONSIGNOR,
    waste: { stream: 'hazardous', code: SOLVENT },
    name: '废清洗溶剂',
    grams: 54_000,
    batch: 'HWCS20251206903',
    facility: 'MF0001',
    occurredAt: at(1),
  }),
  make('/corrections', 'consignor', { lot: MISTAKEN, void: true, reason: '重复登记' }),
  ofCorrection('consent', 'receiver', {}),
  ofCorrection('refusal', 'receiver', { reason: '与我方过磅记录不符' }),
  ofCorrection('withdrawal', 'consignor', {}),
  make('/lots/pool', 'consignor', {
    unit: CONSIGNOR,
    waste: { stream: 'industrial', code: PLASTIC },
    grams: 10_000,
    record: 'YBCS20251206001',
    occurredAt: at(1),
  }),
  make('/lots/opening', 'consignor', {
    unit: CONSIGNOR,
    waste: { stream: 'hazardous', code: SOLVENT },
    grams: 10_000,
    batch: 'HWCS20241206001',
    store: 'TS001',
    bornOn: '2024-12-06',
  }),
  ofLot('classification', { category: 'HW06', hazards: ['T', 'I', 'R'], form: 'L', occurredAt: at(2) }),
  ofLot('label', { occurredAt: at(3) }),
  ofLot('storage-in', { store: 'TS001', grams: 54_000, batch: 'HWRK20251206901', occurredAt: at(4) }),
  ofLot('split', { at: { at: 'collection', holder: CONSIGNOR, place: 'TS001' }, grams: 3_000, occurredAt: at(5) }),
  ofLot('sorting', {
    at: { at: 'collection', holder: CONSIGNOR, place: 'TS001' },
    fractions: [{ stream: 'hazardous', code: SOLVENT, grams: 1_000 }],
    occurredAt: at(5),
  }),
  ofLot('stock-take', {
    at: { at: 'collection', holder: CONSIGNOR, place: 'TS001' },
    counted: 49_000,
    note: '盘点',
    occurredAt: at(6),
  }),
  ofLot('storage-out', { store: 'TS001', grams: 49_000, batch: 'HWCK20251206901', occurredAt: at(7) }),
  make('/collections', 'book-keeper', {
    trip: 'SHQY20251206001',
    stream: 'municipal',
    code: '900-001-S61',
    source: CONSIGNOR,
    carrier: CARRIER,
    plate: PLATE,
    departedAt: at(7),
    receiver: RECEIVER,
    arrivedAt: at(8),
    grossKg: 12_000,
    tareKg: 10_000,
    method: 'C1',
  }),
  make('/manifests', 'consignor', {
    ...filed,
    manifest: SENT,
    number: undefined,
    legs: [
      { carrier: CARRIER, plate: PLATE },
      { carrier: NEXT_CARRIER, plate: NEXT_PLATE },
    ],
  }),
  ofManifest('number', 'consignor', { number: '20253205000009', occurredAt: at(8) }),
  ofManifest('pickup', 'carrier', pickup),
  ofManifest('departure', 'carrier', { occurredAt: at(10) }),
  ofManifest(
    'legs/1/handover',
    'next carrier',
    {
      to: { carrier: NEXT_CARRIER, plate: NEXT_PLATE },
      place: '示例服务区',
      previousArrivedAt: at(10),
      occurredAt: at(10),
    },
    SENT,
    'legs/:leg/handover',
  ),
  ofManifest('arrival', 'next carrier', { occurredAt: at(11) }),
  ofManifest('weighing', 'receiver', { grossKg: 10_500, tareKg: 10_000, occurredAt: at(12) }),
  ofManifest('acceptance', 'receiver', acceptance),
  make('/mixtures', 'receiver', {
    mixture: 'HH1',
    stream: 'hazardous',
    code: SOLVENT,
    inputs: PACKAGES.map(({ lot }) => ({ lot, grams: 1_000 })),
    occurredAt: at(14),
  }),
  make('/treatments', 'receiver', {
    ...treating({ treated: grams(100_000), product: grams(60_000), residues: [], loss: grams(40_000) }),
    manifest: SENT,
  }),
  ofManifest('return', 'consignor', { line: 1, store: 'TS001', occurredAt: at(15) }),
  make('/manifests/out-records', 'consignor', plastic('CC20251206901', { manifest: REFUSED })),
  ofManifest('arrival', 'carrier', { occurredAt: at(11) }, REFUSED),
  ofManifest('refusal', 'receiver', { difference: 'nature', note: '与单据不符', occurredAt: at(12) }, REFUSED),
  ofManifest(
    'filing',
    'consignor',
    {
      ...filed,
      number: '20253205000011',
      lines: [{ ...filed.lines[0], packageCount: 1, lots: [{ lot: LOT, outBatch: 'HWCK20251206901' }] }],
    },
    CHOSEN,
  ),
  ofManifest('cancellation', 'consignor', { cause: '改期', occurredAt: at(9) }, CHOSEN),
  make('/cases', 'official', { finding: '1-0', demand: '说明去向', due: at(23), occurredAt: at(13) }),
  make('/outages', 'official', { startedAt: at(1), endedAt: at(3), cause: '机房停电', occurredAt: at(4) }),
  ofCase('answer', 'receiver', { answer: '已确认', occurredAt: at(14) }),
  ofCase('extension', 'official', { due: '2025-12-08T00:00:00+08:00', reason: '地磅检修', occurredAt: at(15) }),
  ofCase('closing', 'official', { result: 'rectified', occurredAt: at(16) }),
  ofHold('release', 'official', { reason: '同意' }),
  ofHold('rejection', 'official', { reason: '不同意' }),
  ofHold('withdrawal', 'consignor', {}),
  ended('/sites/:site/closure', '/sites/S1/closure', 'consignor', CONSIGNOR),
  ended('/facilities/:facility/closure', '/facilities/TS009/closure', 'consignor', CONSIGNOR),
  ended(
    '/vehicles/:plate/deregistration',
    `/vehicles/${encodeURIComponent('苏E9Z999')}/deregistration`,
    'carrier',
    CARRIER,
  ),
  ended('/drivers/:permit/deregistration', '/drivers/D2/deregistration', 'carrier', CARRIER),
  {
    route: '/contracts/:number/renewal',
    path: '/contracts/HT9/renewal',
    by: 'consignor',
    body: { unit: CONSIGNOR, validFrom: '2027-01-01', validTo: '2027-12-31', occurredAt },
  },
  ended('/contracts/:number/termination', '/contracts/HT9/termination', 'consignor', CONSIGNOR),
  {
    route: '/units/:unit/closure',
    path: '/units/91350100M000100Y43/closure',
    by: 'book-keeper',
    body: { cause: '注销', occurredAt },
  },
]

let border: Border
const token = (claims: Claims) => border.token(claims)
const post = (claims: Claims | undefined, row: Row, path = row.path) =>
  Promise.resolve(claims && token(claims)).then((bearer) => border.post(bearer, path, row.body))
const refusalOf = (answer: { json(): { code: string; status: number; title: string } }, path: string) =>
  JSON.stringify(answer.json()).replaceAll(path, '')

beforeAll(async () => {
  border = await openBorder()
  await given(border.runtime.store, `finding-R71-manifest-${absentId}`, [
    {
      type: 'FindingRaised',
      occurredAt: at(1),
      data: {
        rule: 'R71',
        subject: `manifest-${absentId}`,
        units: [CONSIGNOR, RECEIVER],
        streams: ['hazardous'],
        severity: 'ALERT',
        facts: {},
        owner: RECEIVER,
      },
    },
  ])
  for (const correction of Object.values(CORRECTIONS))
    await given(border.runtime.store, `correction-${correction}`, [
      {
        type: 'CorrectionProposed',
        occurredAt: at(1),
        data: {
          lot: MISTAKEN,
          units: [CONSIGNOR, RECEIVER, NEXT_CARRIER],
          streams: ['hazardous'],
          changes: [{ of: absentId, revision: 1, was: { grams: grams(54_000) }, is: { grams: grams(53_000) } }],
          reason: '抄错',
          by: CONSIGNOR,
          // A further unit, whose answer is still awaited after that of the receiver.
          mustAgree: [RECEIVER, NEXT_CARRIER],
        },
      },
    ])
  for (const hold of Object.values(HOLDS))
    await given(border.runtime.store, `hold-${hold}`, [
      {
        type: 'CommandHeld',
        occurredAt: at(6),
        data: {
          route: '/lots',
          command: {
            unit: CONSIGNOR,
            waste: { stream: 'hazardous', code: SOLVENT },
            grams: 54_000,
            batch: 'HWCS20251206909',
            facility: 'MF0001',
            occurredAt: at(5),
          },
          sender: { subject: 'consignor', unit: CONSIGNOR, roles: ['producer'] },
          provenance: 'live',
          findings: [{ rule: 'R04', severity: 'HOLD', pointer: '/report', facts: { code: '900-000-06' } }],
          subject: `lot-${absentId}`,
          units: [CONSIGNOR, RECEIVER],
          streams: ['hazardous'],
        },
      },
    ])
  await furnish(border.runtime.store)
})
afterAll(() => border.close())

test('every route of the park has its row here', () => {
  const covered = new Set(rows.map(({ route }) => route))
  expect(parkRoutes.map(({ path }) => path).filter((path) => !covered.has(path))).toEqual([])
})

describe('each command, by everyone who may not and then by who may', () => {
  test.each(rows.map((row) => [`${row.by}: ${row.path.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, '…')}`, row] as const))(
    '%s',
    async (_, row) => {
      const head = await border.runtime.store.head()
      expect((await post(undefined, row)).statusCode).toBe(401)
      expect((await post({ ...bearers[row.by], expires: -3_600 }, row)).statusCode).toBe(401)
      // Licences are an office's to grant and to revoke; in everything else it reads.
      if (row.by !== 'official')
        expect((await post(bearers.official, row)).statusCode, 'an official').toBeGreaterThanOrEqual(403)

      for (const [name, claims] of Object.entries(strangers)) {
        const answer = await post(claims, row)
        expect([403, 404], `${name}: ${answer.body}`).toContain(answer.statusCode)
        if (row.absent === undefined || row.route.endsWith('/filing')) continue
        // Not theirs and not there must look the same, with and without a guess of the revision.
        const absent = await post(claims, row, row.absent)
        expect([answer.statusCode, refusalOf(answer, row.path)], name).toEqual([404, refusalOf(absent, row.absent)])
        const guessed = await border.post(await token(claims), row.path, row.body, { 'if-match': '"1"' })
        expect(guessed.statusCode, name).toBe(404)
      }
      expect(await border.runtime.store.head(), 'refusals write nothing').toBe(head)

      const answer = await post(bearers[row.by], row)
      expect(answer.statusCode, `${row.path}: ${answer.body}`).toBeLessThan(300)
      expect(await border.runtime.store.head()).toBeGreaterThan(head)
    },
  )
})

test('who has done something finds the same answer under the same key, and a stranger with that key finds nothing', async () => {
  const [row] = rows.filter(({ route }) => route === '/lots/pool')
  if (!row) throw new Error('no row')
  const key = { 'idempotency-key': randomUUID() }
  const body = { ...row.body, record: 'YBCS20251206777' }
  const first = await border.post(await token(bearers.consignor), row.path, body, key)
  expect(first.statusCode, first.body).toBe(201)
  for (const claims of Object.values(strangers)) {
    const answer = await border.post(await token(claims), row.path, body, key)
    expect(answer.statusCode).toBeGreaterThanOrEqual(400)
    expect(answer.body).not.toContain(first.json().id)
  }
  expect((await border.post(await token(bearers.consignor), row.path, body, key)).body).toBe(first.body)
})
