import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { upcast } from '../../infra/event-store/upcast.ts'
import type { Actor } from '../../schemas/actor.ts'
import type { LotEvent } from '../../schemas/lot/events.ts'
import { lotActions } from '../../schemas/lot/actions.ts'
import { evolveLot, noLot } from '../../schemas/lot/state.ts'
import { manifestActions } from '../../schemas/manifest/actions.ts'
import type { ManifestEvent } from '../../schemas/manifest/events.ts'
import { evolveManifest, noManifest } from '../../schemas/manifest/state.ts'
import { errorCatalogue } from '../../schemas/texts/errors/catalogue.ts'
import { renderRefusal } from '../../schemas/texts/render.ts'
import {
  at,
  CARRIER,
  CONSIGNOR,
  filing,
  furnish,
  LICENCE,
  NUMBER,
  OUTSIDER,
  RECEIVER,
  SOLVENT,
} from '../support/transfers.ts'
import { openBorder, type Border } from './harness.ts'
import { parkRoutes } from './park.ts'
import { settle } from './settled-park.ts'

const GAPS = /—|undefined|NaN|\[object|\{\w+\}/
const HAN = /\p{Script=Han}/u

let border: Border
let admin: string
beforeAll(async () => {
  border = await openBorder()
  ;({ admin } = await settle(border))
})
afterAll(() => border.close())

interface Problem {
  readonly errors: readonly {
    readonly code: string
    readonly pointer: string
    readonly zh: string
    readonly en: string
  }[]
}
const errorsOf = async (token: string, path: string, body: object) =>
  (await border.post(token, path, body)).json<Problem>().errors

test('what may be done is told without gaps: of every lot and manifest, after each of its events, to each kind of user', async () => {
  const actors: readonly Actor[] = [
    { subject: 'a', roles: ['admin'] },
    { subject: 'b', roles: ['bureau'] },
    ...[CONSIGNOR, CARRIER, RECEIVER, OUTSIDER].map((unit) => ({
      subject: unit,
      unit,
      roles: ['producer', 'carrier', 'receiver'],
    })),
  ]
  const said = new Map<string, string>()
  const hear = (actions: readonly { readonly refusal?: Parameters<typeof renderRefusal>[0] }[]) => {
    for (const { refusal } of actions) {
      if (!refusal) continue
      const { zh, en } = renderRefusal(refusal)
      said.set(`${zh} / ${en}`, refusal.rule ?? refusal.code)
      expect.soft(zh, refusal.code).not.toMatch(GAPS)
      expect.soft(en, refusal.code).not.toMatch(GAPS)
      expect.soft(en, refusal.code).not.toMatch(HAN)
      expect.soft(zh, refusal.code).toMatch(HAN)
    }
  }
  const lots = new Map<string, typeof noLot>()
  const manifests = new Map<string, typeof noManifest>()
  for (const recorded of await border.runtime.store.readAll(0, 10_000)) {
    const { stream } = recorded
    if (stream.startsWith('lot-')) lots.set(stream, evolveLot(lots.get(stream) ?? noLot, upcast(recorded) as LotEvent))
    else if (stream.startsWith('manifest-'))
      manifests.set(stream, evolveManifest(manifests.get(stream) ?? noManifest, upcast(recorded) as ManifestEvent))
    const [lot, manifest] = [lots.get(stream), manifests.get(stream)]
    for (const actor of actors) {
      if (lot) hear(lotActions(lot, actor))
      if (manifest) hear(manifestActions(manifest, actor))
    }
  }
  const rules = new Set(said.values())
  expect([...rules]).toEqual(expect.arrayContaining(['R31', 'R69', 'R47', 'nothing-refused']))
})

describe('a malformed field', () => {
  const lot = {
    unit: CONSIGNOR,
    waste: { stream: 'hazardous', code: SOLVENT },
    name: '废清洗溶剂',
    grams: 54_000,
    batch: 'HWCS20251205950',
    facility: 'MF0001',
    occurredAt: at(9),
  }

  test('that is missing, unknown or of another kind is named with what is expected, once each', async () => {
    const { unit: _unit, occurredAt: _at, ...rest } = lot
    const errors = await errorsOf(admin, '/lots', {
      ...rest,
      occuredAt: at(9),
      grams: '54',
      waste: { stream: 'hazrdous', code: SOLVENT },
    })
    expect(errors.map(({ code, pointer }) => [code, pointer]).toSorted()).toEqual([
      ['field-choice', '/waste/stream'],
      ['field-missing', '/occurredAt'],
      ['field-missing', '/unit'],
      ['field-type', '/grams'],
      ['field-unknown', '/occuredAt'],
    ])
    const said = Object.fromEntries(errors.map(({ pointer, zh, en }) => [pointer, [zh, en]]))
    expect(said['/occuredAt']).toEqual([
      '没有字段 occuredAt，相近的有 occurredAt',
      'There is no field occuredAt here; like it are occurredAt',
    ])
    expect(said['/unit']).toEqual([
      '缺少“统一社会信用代码”（unit），例如 913205942CL12TH3BX',
      'unit is missing: Credit code of the unit, such as 913205942CL12TH3BX',
    ])
    expect(said['/grams']?.[0]).toBe('“质量，克”（grams）应为数字，例如 54000，不是 54')
    expect(said['/waste/stream']?.[1]).toContain('has no choice “hazrdous”; there are: industrial, hazardous,')
  })

  test('of a wrong form is told with the value and an example', async () => {
    const [error] = await errorsOf(admin, '/vehicles', {
      unit: CARRIER,
      plate: '苏EI0000',
      dangerousGoods: true,
      permit: '320500001234',
      validTo: '2027-12-31',
      occurredAt: at(9),
    })
    expect(error).toMatchObject({ code: 'not-a-plate' })
    expect([error?.zh, error?.en].join(' ')).toMatch(/“苏EI0000”.*苏E12345.*“苏EI0000”.*苏E12345/)
    const [moment] = await errorsOf(admin, '/lots', { ...lot, occurredAt: '2025-12-05 09:00' })
    expect(moment?.en).toBe(
      'occurredAt (When it happened) has not the form that it must have: 2025-12-05 09:00; expected is such as 2025-12-06T08:52:00+08:00',
    )
    const [mass] = await errorsOf(admin, '/lots', { ...lot, grams: -5 })
    expect(mass?.zh).toBe('“质量，克”（grams）应不小于 1，现为 -5')
    const [empty] = await errorsOf(admin, '/lots', { ...lot, name: '\u3000 ' })
    expect(empty).toMatchObject({
      code: 'field-empty',
      zh: expect.stringContaining('只有空格和不可见字符；应如 废有机溶剂'),
    })
  })

  test('of any command is told in our own words in both languages', async () => {
    const junk = [
      {},
      { '': 1, unit: 7, lot: [], lines: [{ line: 'x' }], grams: 1.5 },
      { occurredAt: 'tomorrow', unit: 'x', lines: 3 },
    ]
    for (const { path, params = [] } of parkRoutes)
      for (const body of junk) {
        const url = path.replace(/:(\w+)/g, 'x')
        const sent = Object.fromEntries(Object.entries(body).filter(([name]) => !params.includes(name)))
        for (const { code, pointer, zh, en } of await errorsOf(admin, url, sent)) {
          expect(errorCatalogue, `${url}${pointer}`).toHaveProperty([code])
          expect(zh, `${url}${pointer}`).not.toMatch(/—|undefined|\{\w+\}|期望|实际接收|无效|Invalid|expected/)
          expect(en, `${url}${pointer}`).not.toMatch(/—|undefined|\{\w+\}|Invalid input|received|Unrecognized/)
        }
      }
  })
})

describe('what stands against a filing', () => {
  let fresh: Border
  let clerk: string
  beforeAll(async () => {
    fresh = await openBorder()
    await furnish(fresh.runtime.store)
    clerk = await fresh.token({ sub: 'clerk', unit: CONSIGNOR, roles: ['producer'] })
  })
  afterAll(() => fresh.close())
  const again = async (changes: Parameters<typeof filing>[0]) => {
    const answer = await fresh.post(
      clerk,
      '/manifests',
      filing({ manifest: randomUUID(), number: '20253205000002', ...changes }),
    )
    return answer.json<Problem>().errors.map(({ en }) => en)
  }

  test('is, of a mistyped licence number, that number, the licences in force and the receiver by name', async () => {
    expect(await again({ receiver: { unit: RECEIVER, licence: 'JS-TYPO' } })).toEqual([
      `Rule R08 is broken: Receiver 例${RECEIVER} (${RECEIVER}) holds no licence JS-TYPO in force on 2025-12-06; in force are ${LICENCE}`,
    ])
  })

  test('is, of a lot that is all promised, how much lies there and which manifest has it, by its number', async () => {
    const filed = await fresh.post(clerk, '/manifests', filing())
    expect(filed.statusCode, filed.body).toBe(201)
    expect(await again({})).toEqual([
      `Rule R28 is broken: 300 kg lie there, but 300 kg are promised to manifest ${NUMBER} and none are free: cancel that manifest first, or choose another lot`,
      `Rule R28 is broken: 200 kg lie there, but 200 kg are promised to manifest ${NUMBER} and none are free: cancel that manifest first, or choose another lot`,
    ])
  })
})
