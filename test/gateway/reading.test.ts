import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { admin, bureau, openDoor, producer, type Answer, type Claims, type Door } from './door.ts'
import { F, FOREIGN_LOT, FOREIGN_POOL, LABEL, LOT, MANIFEST, NUMBER, P, POOL, RESIDUE, T, tellPark } from './park.ts'

const MONTH = 'from: "2025-12-01", to: "2025-12-31"'
const BATCH = 'HWCS20251201001'
const RECORD = 'CS20251202001'

let door: Door
beforeAll(async () => {
  door = await openDoor(tellPark)
})
afterAll(async () => {
  expect(door.faults).toEqual([])
  await door.close()
})

const codes = ({ errors }: Answer) => errors.map(({ extensions }) => extensions['code'])
const refusalOf = async (query: string, claims: Claims = admin) => codes(await door.ask(claims, `{ ${query} }`))

describe('a position that the log has not reached', () => {
  test.each([
    `ledger(${MONTH}, asOf: { position: "POSITION" }) { position }`,
    `ledger(${MONTH}, minPosition: "POSITION") { position }`,
    `massBalance(${MONTH}, stream: SLUDGE, asOf: { position: "POSITION" }) { position }`,
    `recyclingRate(${MONTH}, stream: SLUDGE, minPosition: "POSITION") { position }`,
    `stock(asOf: { position: "POSITION" }) { grams }`,
    `custody(of: "${LOT}", minPosition: "POSITION") { position }`,
    `lot(id: "${LOT}", minPosition: "POSITION") { id }`,
    `lots(minPosition: "POSITION") { totalCount }`,
    `manifest(number: "${NUMBER}", minPosition: "POSITION") { id }`,
    `manifests(minPosition: "POSITION") { totalCount }`,
    `findings(minPosition: "POSITION") { totalCount }`,
  ])('is refused with the end of the log and its epoch: %s', async (query) => {
    const head = await door.store.head()
    const answer = await door.ask(admin, `{ ${query.replace('POSITION', String(head + 1))} }`)
    expect(answer.errors[0]?.extensions).toMatchObject({
      code: 'position-beyond-head',
      facts: { position: String(head + 1), head: String(head), epoch: await door.store.epoch() },
    })
    expect((await door.ask(admin, `{ ${query.replace('POSITION', String(head))} }`)).errors).toEqual([])
  })

  test('is no position where it is negative, no number, or beyond what a number can say', async () => {
    for (const position of ['-1', 'x', '1e3', '', ' 1', '9007199254740993', '99999999999999999999999'])
      expect(await refusalOf(`ledger(${MONTH}, minPosition: "${position}") { position }`)).toEqual(['query-invalid'])
  })
})

describe('a word that means nothing', () => {
  test.each([
    [`ledger(${MONTH}, scope: { unit: "x" }) { position }`, 'unit-unknown'],
    [`massBalance(${MONTH}, stream: SLUDGE, scope: { unit: "91350100M000100Y43" }) { position }`, 'unit-unknown'],
    [`stock(scope: { unit: "" }) { grams }`, 'unit-unknown'],
    [`ledger(${MONTH}, scope: { site: "nowhere" }) { position }`, 'site-unknown'],
    [`ledger(${MONTH}, scope: { wasteCode: "nope" }) { position }`, 'waste-code-unknown'],
    [
      `recyclingRate(${MONTH}, stream: HAZARDOUS, scope: { wasteCode: "900-404-99" }) { position }`,
      'waste-code-unknown',
    ],
    [`findings(filter: { rule: "R999" }) { totalCount }`, 'rule-unknown'],
    [`findings(filter: { rule: "" }) { totalCount }`, 'rule-unknown'],
    [`findings(filter: { unit: "x" }) { totalCount }`, 'unit-unknown'],
    [`lots(filter: { unit: "x" }) { totalCount }`, 'unit-unknown'],
    [`lots(filter: { originUnit: "x" }) { totalCount }`, 'unit-unknown'],
    [`lots(filter: { code: "nope" }) { totalCount }`, 'waste-code-unknown'],
    [`manifests(filter: { unit: "x" }) { totalCount }`, 'unit-unknown'],
    [`manifests(filter: { consignor: "x" }) { totalCount }`, 'unit-unknown'],
    [`manifests(filter: { receiver: "x" }) { totalCount }`, 'unit-unknown'],
    [`manifests(filter: { wasteCode: "nope" }) { totalCount }`, 'waste-code-unknown'],
    [`custody(of: "${LOT}", depth: -1) { root }`, 'argument-out-of-range'],
    [`lots(after: "") { totalCount }`, 'cursor-invalid'],
  ])('is refused by name, never answered with zeros: %s', async (query, code) => {
    expect(await refusalOf(query)).toEqual([code])
  })

  test('is everything that exists only for others, and nothing that is one’s own', async () => {
    const asP = async (scope: string) => refusalOf(`ledger(${MONTH}, scope: { ${scope} }) { position }`, producer(P))
    expect(await asP(`unit: "${F}"`)).toEqual(['unit-unknown'])
    expect(await asP(`unit: "${P}"`)).toEqual([])
    expect(await asP(`unit: "${T}"`)).toEqual([])
    expect(await asP('site: "TS001"')).toEqual([])
    expect(await asP('site: "received"')).toEqual([])
    expect(await asP('wasteCode: "900-404-06"')).toEqual([])
    expect(await refusalOf(`ledger(${MONTH}, scope: { site: "received" }) { position }`, producer(F))).toEqual([])
    expect(
      await refusalOf(`ledger(${MONTH}, scope: { site: "苏E1A100" }) { position }`, producer('9132059491C099L727')),
    ).toEqual([])
  })
})

describe('an office', () => {
  const LEDGER = `{ ledger(${MONTH}) { notInYourCompetence cells { stage stream in } } }`
  interface Ledger {
    readonly notInYourCompetence: readonly string[]
    readonly cells: readonly { readonly stream: string }[]
  }
  const ledgerOf = async (claims: Claims) => (await door.ask(claims, LEDGER)).data?.['ledger'] as Ledger

  test('gets the cells of its streams and the names of the others, no zeros in their place', async () => {
    const city = await ledgerOf(bureau('municipal'))
    expect(city.notInYourCompetence).toEqual(['INDUSTRIAL', 'HAZARDOUS', 'CONSTRUCTION', 'SLUDGE'])
    expect(city.cells.map(({ stream }) => stream)).toEqual(Array(5).fill('MUNICIPAL'))
    const nobody = await ledgerOf(bureau())
    expect([nobody.notInYourCompetence.length, nobody.cells]).toEqual([5, []])
    for (const everybody of [
      admin,
      producer(P),
      bureau('industrial', 'hazardous', 'municipal', 'construction', 'sludge'),
    ])
      expect(await ledgerOf(everybody)).toMatchObject({ notInYourCompetence: [], cells: { length: 25 } })
  })

  test.each([
    `massBalance(${MONTH}, stream: HAZARDOUS) { generated }`,
    `recyclingRate(${MONTH}, stream: HAZARDOUS) { percent }`,
    `ledger(${MONTH}) { cells(stream: HAZARDOUS) { in } }`,
    `ledger(${MONTH}, scope: { wasteCode: "900-404-06" }) { position }`,
    `lots(filter: { stream: HAZARDOUS }) { totalCount }`,
    `lots(filter: { code: "900-404-06" }) { totalCount }`,
    `manifests(filter: { stream: HAZARDOUS }) { totalCount }`,
    `manifests(filter: { wasteCode: "900-404-06" }) { totalCount }`,
    `findings(filter: { stream: HAZARDOUS }) { totalCount }`,
  ])('is told that a stream of another office is not in its competence: %s', async (query) => {
    expect(await refusalOf(query, bureau('municipal'))).toEqual(['not-in-your-competence'])
    expect(await refusalOf(query, bureau('hazardous'))).toEqual([])
  })
})

interface Graph {
  readonly root: string
  readonly truncated: boolean
  readonly balanced: boolean
  readonly nodes: readonly { readonly id: string; readonly kind: string; readonly lotId: string }[]
  readonly edges: readonly { readonly from: string; readonly to: string; readonly kind: string }[]
}
const custody = async (of: string, more = '', claims: Claims = admin): Promise<Graph> => {
  const answer = await door.ask(
    claims,
    `query ($of: ID!) { custody(of: $of${more}) { root truncated balanced nodes { id kind lotId } edges { from to kind event { type } } } }`,
    { of },
  )
  expect(answer.errors).toEqual([])
  return answer.data?.['custody'] as Graph
}
const kinds = ({ nodes }: Graph, lot: string) =>
  new Set(nodes.filter(({ lotId }) => lotId === lot).map(({ kind }) => kind))

describe('custody', () => {
  test('of a producer’s lot has nothing upstream but where it came to be', async () => {
    const up = await custody(LOT, ', direction: UPSTREAM')
    expect(up.nodes.map(({ kind }) => kind)).toEqual(['ORIGIN', 'GENERATION'])
    expect(up).toMatchObject({ truncated: false, balanced: true, edges: [{ kind: 'origin -> generation' }] })
  })

  test('downstream follows the lot to its ends and to what came of it, and not to where it came from', async () => {
    const down = await custody(LOT, ', direction: DOWNSTREAM')
    expect(kinds(down, LOT)).toEqual(
      new Set([
        'GENERATION',
        'CLASSIFICATION',
        'COLLECTION',
        'TRANSPORT',
        'DISPOSAL',
        'REFUSED',
        'VARIANCE',
        'PROCESS',
        'PRODUCT',
        'LOSS',
      ]),
    )
    expect(kinds(down, RESIDUE)).toEqual(new Set(['GENERATION']))
  })

  test('of a residue leads upstream by what was treated alone, never to what was refused on the way', async () => {
    const up = await custody(RESIDUE, ', direction: UPSTREAM')
    expect(kinds(up, LOT)).toEqual(
      new Set(['ORIGIN', 'GENERATION', 'CLASSIFICATION', 'COLLECTION', 'TRANSPORT', 'DISPOSAL', 'PROCESS']),
    )
    expect((await custody(RESIDUE, ', direction: DOWNSTREAM')).edges).toEqual([])
  })

  test('goes no more edges than asked for, and says that there are more', async () => {
    const near = await custody(LOT, ', direction: DOWNSTREAM, depth: 1')
    expect(near).toMatchObject({ truncated: true, edges: [{ kind: 'generation -> classification' }] })
    expect((await custody(LOT, ', depth: 1')).edges.map(({ kind }) => kind)).toEqual([
      'origin -> generation',
      'generation -> classification',
    ])
    expect((await custody(LOT, ', depth: 2, direction: DOWNSTREAM')).edges).toHaveLength(2)
    expect(await custody(LOT, ', depth: 0')).toMatchObject({
      truncated: true,
      edges: [],
      nodes: [{ kind: 'GENERATION' }],
    })
    expect(await custody(LOT, ', depth: 50')).toMatchObject({ truncated: false })
    expect(await custody(RESIDUE, ', depth: 1, direction: UPSTREAM')).toMatchObject({
      truncated: true,
      edges: { length: 1 },
    })
  })

  test('in both directions is what is upstream and what is downstream', async () => {
    const all = async (lot: string, direction: string) =>
      (await custody(lot, `, direction: ${direction}`)).edges.map((edge) => JSON.stringify(edge)).toSorted()
    for (const lot of [LOT, RESIDUE, FOREIGN_LOT, POOL])
      expect([...(await all(lot, 'UPSTREAM')), ...(await all(lot, 'DOWNSTREAM'))].toSorted()).toEqual(
        await all(lot, 'BOTH'),
      )
  })

  test('begins at the node that it names as its root', async () => {
    for (const more of ['', ', depth: 0', ', direction: UPSTREAM', ', direction: DOWNSTREAM']) {
      const { root, nodes } = await custody(LOT, more)
      expect(nodes.find(({ id }) => id === root)).toMatchObject({ kind: 'GENERATION', lotId: LOT })
    }
  })
})

describe('a lot', () => {
  test.each([LOT, LOT.toUpperCase(), LABEL, ` ${LABEL.toLowerCase()}\n`, `${P}/${BATCH}`, NUMBER, MANIFEST])(
    'is found by its id, its label, its batch code and the manifest it went on: %s',
    async (name) => {
      const answer = await door.ask(
        admin,
        'query ($name: ID!) { lot(id: $name) { id } lots(filter: { identifier: $name }) { totalCount nodes { id } } custody(of: $name) { root } }',
        { name },
      )
      expect(answer.errors).toEqual([])
      expect(answer.data).toMatchObject({ lot: { id: LOT }, lots: { totalCount: 1, nodes: [{ id: LOT }] } })
    },
  )

  test('is in lists by each of its names alone, and by all together', async () => {
    for (const filter of [
      `label: "${LABEL}"`,
      `batch: "${P}/${BATCH}"`,
      `number: "${NUMBER}"`,
      `label: "${LABEL}", number: "${NUMBER}"`,
    ])
      expect((await door.ask(admin, `{ lots(filter: { ${filter} }) { totalCount nodes { id } } }`)).data).toEqual({
        lots: { totalCount: 1, nodes: [{ id: LOT }] },
      })
    const none = await door.ask(
      admin,
      `{ a: lots(filter: { label: "${NUMBER}" }) { totalCount } b: lots(filter: { label: "${LABEL}", batch: "${RECORD}" }) { totalCount } }`,
    )
    expect(none.data).toEqual({ a: { totalCount: 0 }, b: { totalCount: 0 } })
  })

  test('whose code several units use is asked for by unit and code, and every unit finds its own', async () => {
    expect(await refusalOf(`lot(id: "${BATCH}") { id }`)).toEqual(['identifier-ambiguous'])
    const both = await door.ask(admin, `{ lots(filter: { batch: "${BATCH}" }) { totalCount } }`)
    expect(both.data).toEqual({ lots: { totalCount: 2 } })
    const own = await door.ask(
      producer(P),
      `{ lot(id: "${BATCH}") { id } lots(filter: { batch: "${BATCH}" }) { totalCount } }`,
    )
    expect(own.data).toEqual({ lot: { id: LOT }, lots: { totalCount: 1 } })
  })

  test('of others is not there by any of its names', async () => {
    const { data } = await door.ask(
      producer(F),
      `{ a: lot(id: "${LOT}") { id } b: lot(id: "${LABEL}") { id } c: lot(id: "${P}/${BATCH}") { id } d: lot(id: "${NUMBER}") { id }
         lots(filter: { label: "${LABEL}" }) { totalCount } }`,
    )
    expect(data).toEqual({ a: null, b: null, c: null, d: null, lots: { totalCount: 0 } })
  })
})

describe('an argument in whatever spelling it was scanned, typed or copied', () => {
  const wide = (text: string) => text.replace(/[!-~]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0))
  const spellings = (code: string): readonly string[] => [
    ` ${code.toLowerCase()}\u3000`,
    wide(code),
    `${code.slice(0, 4)} ${code.slice(4)}\u200b`,
  ]
  /** What is asked with NAME finds something, and the same with every other spelling. */
  async function same(ask: string, name: string, others: readonly string[]): Promise<void> {
    const answerTo = (spelling: string) => door.ask(admin, `{ ${ask.replaceAll('NAME', JSON.stringify(spelling))} }`)
    const plain = await answerTo(name)
    expect(plain.errors).toEqual([])
    expect(JSON.stringify(plain.data)).not.toMatch(/:(?:null|0|\[\])[,}]/)
    for (const other of others) {
      const { errors, data } = await answerTo(other)
      expect([other, errors, data]).toEqual([other, [], plain.data])
    }
  }

  test.each([
    'unit(code: NAME) { code }',
    'units(filter: { search: NAME }) { totalCount }',
    'lots(filter: { unit: NAME, originUnit: NAME }) { totalCount }',
    'manifests(filter: { unit: NAME, consignor: NAME }) { totalCount }',
    'stock(scope: { unit: NAME }) { holder { code } grams }',
  ])('names the same unit: %s', (ask) => same(ask, P, spellings(P)))

  test.each([
    ['label', LABEL, spellings(LABEL)],
    ['number', NUMBER, [...spellings(NUMBER), '2025-3205-000001']],
    ['batch of a unit', `${P}/${BATCH}`, [wide(`${P}/${BATCH}`), `${P.toLowerCase()} / ${BATCH}`]],
    ['id', LOT, [wide(LOT), LOT.toUpperCase(), ` ${LOT}\u200b`]],
  ])('names the same lot by its %s', (_, name, others) =>
    same(
      'lot(id: NAME) { id } custody(of: NAME) { root } lots(filter: { identifier: NAME }) { totalCount }',
      name,
      others,
    ),
  )

  test('names the same manifest, waste and place', async () => {
    await same('manifest(number: NAME) { id }', NUMBER, spellings(NUMBER))
    await same('lots(filter: { code: NAME }) { totalCount }', '900-404-06', [wide('900-404-06'), ' 900-404 -06'])
    await same('manifests(filter: { wasteCode: NAME }) { totalCount }', '900-404-06', [wide('900-404-06')])
    for (const place of ['ts001', wide('TS001'), 'TS 001', '苏e·1A100', '苏E1A100\u3000'])
      expect([place, await refusalOf(`ledger(${MONTH}, scope: { site: "${place}" }) { position }`)]).toEqual([
        place,
        [],
      ])
  })

  test('is refused by the name that was given where nothing bears it in any spelling', async () => {
    expect(await refusalOf(`ledger(${MONTH}, scope: { unit: "${wide('91350100M000100Y43')}" }) { position }`)).toEqual([
      'unit-unknown',
    ])
    expect(await refusalOf(`custody(of: "${wide(LABEL.slice(0, -1))}") { root }`)).toEqual(['not-found'])
  })
})

describe('one cell of the ledger', () => {
  const CELL = (first: number) =>
    `query ($stage: Stage, $stream: WasteStream) { ledger(${MONTH}) { cells(stage: $stage, stream: $stream) { stage stream in postings(first: ${first}) { totalCount nodes { businessDay grams wasteCode method from { kind holderCode place } to { kind holderCode place } event { id type position data } } } } } }`

  test('is asked for alone, with 100 postings and their events', async () => {
    const answer = await door.ask(admin, CELL(100), { stage: 'DISPOSAL', stream: 'HAZARDOUS' })
    expect(answer.errors).toEqual([])
    expect(answer.data?.['ledger']).toMatchObject({
      cells: [{ stage: 'DISPOSAL', stream: 'HAZARDOUS', postings: { totalCount: 3 } }],
    })
  })

  test('costs a fifth where a stage or a stream is given, and is weighed by the variables it is asked with', async () => {
    expect(codes(await door.ask(admin, CELL(100), {}))).toEqual(['query-too-costly'])
    expect(codes(await door.ask(admin, CELL(100), { stage: null, stream: null }))).toEqual(['query-too-costly'])
    expect(codes(await door.ask(admin, CELL(100), { stage: 'DISPOSAL' }))).toEqual([])
    expect(codes(await door.ask(admin, CELL(100), { stream: 'HAZARDOUS' }))).toEqual([])
    const stages = await door.ask(admin, `{ ledger(${MONTH}) { cells(stage: TRANSPORT) { stream } } }`)
    expect(stages.data?.['ledger']).toMatchObject({ cells: { length: 5 } })
  })
})

test('a record whose number two units use is found as the refusal advises: by unit and number', async () => {
  const ids = [randomUUID(), randomUUID()]
  for (const [i, unit] of [P, F].entries()) {
    const commandId = randomUUID()
    const from = { at: 'generation', holder: unit, place: 'MF0001' } as const
    await door.store.append({
      stream: `manifest-${ids[i]}`,
      expected: 0,
      commandId,
      events: [
        {
          type: 'ManifestFiled',
          schemaVersion: 1,
          occurredAt: '2025-12-08T09:00:00+08:00',
          data: {
            form: 'out-record',
            number: 'CC20251208001',
            consignor: { unit },
            receiver: { unit: T },
            shipper: unit,
            legs: [{ carrier: '9132059491C099L727', plate: '苏E1A100' }],
            destination: 'in-province',
            lines: [
              {
                line: 1,
                waste: { stream: 'industrial', code: '900-003-S17' },
                name: '废塑料',
                hazards: [],
                planned: 5_000,
                lots: [{ lot: i === 0 ? POOL : FOREIGN_POOL, from, grams: 5_000, bornOn: '2025-12-02' }],
              },
            ],
          },
          metadata: { commandId, actor: { subject: 'books', roles: ['admin'] }, provenance: 'book' },
        },
      ],
    })
  }
  await door.settled()
  const refused = await door.ask(admin, '{ manifest(number: "CC20251208001") { id } }')
  expect(refused.errors[0]?.extensions).toMatchObject({ code: 'identifier-ambiguous', facts: { count: 2 } })
  expect(refused.errors[0]?.extensions['en']).toContain('unit/code')
  const found = await door.ask(
    admin,
    `{ p: manifest(number: "${P}/CC20251208001") { id } f: manifest(number: "${F}/CC20251208001") { id }
       none: manifest(number: "${T}/CC20251208001") { id } lots(filter: { number: "${P}/CC20251208001" }) { nodes { id } } }`,
  )
  expect(found.errors).toEqual([])
  expect(found.data).toEqual({ p: { id: ids[0] }, f: { id: ids[1] }, none: null, lots: { nodes: [{ id: POOL }] } })
  const own = `{ plain: manifest(number: "CC20251208001") { id } foreign: manifest(number: "${F}/CC20251208001") { id } }`
  expect((await door.ask(producer(P), own)).data).toEqual({ plain: { id: ids[0] }, foreign: null })
})
