import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ImportJob } from '../../services/park/import/jobs.ts'
import { composedPark, type TestPark } from '../support/composed-park.ts'

let park: TestPark
let admin: string

beforeAll(async () => {
  park = await composedPark()
  admin = await park.token('demo-admin')
})
afterAll(() => park.close())

const units =
  '统一社会信用代码,单位名称,角色,行业代码,地址,园区内,管理类别,联系人,联系电话\n91350100M000100Y43,虚拟甲,产生单位,3973,,是,,,\n91350100M000100Y44,虚拟乙,产生单位,3973,,是,,,\n'

const post = (token: string, payload: object) =>
  park.app.inject({
    method: 'POST',
    url: '/api/v1/imports',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    payload,
  })
const get = (token: string, id: string) =>
  park.app.inject({ method: 'GET', url: `/api/v1/imports/${id}`, headers: { authorization: `Bearer ${token}` } })

/** The import once it is over; it is asked again until it is. */
async function finished(id: string): Promise<ImportJob> {
  for (;;) {
    const job = (await get(admin, id)).json<ImportJob>()
    if (job.state !== 'running') return job
    await delay(20)
  }
}

test('books that are posted are imported, and the report tells row by row', async () => {
  const answer = await post(admin, { files: [{ name: 'units.csv', content: units }] })
  expect(answer.statusCode).toBe(202)
  const { id } = answer.json<ImportJob>()
  expect(answer.headers['location']).toBe(`/api/v1/imports/${id}`)
  expect(await finished(id)).toMatchObject({
    state: 'done',
    report: { rows: 2, accepted: 1, refused: 1, files: { 'units.csv': { rows: 2 } } },
  })
  expect((await finished(id)).report?.problems).toContainEqual(
    expect.objectContaining({ file: 'units.csv', row: 2, column: '统一社会信用代码', rule: 'R01', severity: 'BLOCK' }),
  )
})

test('whoever does not keep the books of the park may not import, and sees no import', async () => {
  const answer = await post(admin, { files: [{ name: 'units.csv', content: units }], dryRun: true })
  const { id } = answer.json<ImportJob>()
  await finished(id)
  for (const program of ['demo-bureau', 'unit-91350100M000100Y43']) {
    const token = await park.token(program)
    expect((await post(token, { files: [{ name: 'units.csv', content: units }] })).statusCode).toBe(403)
    expect((await get(token, id)).statusCode).toBe(404)
  }
  expect((await park.app.inject({ method: 'POST', url: '/api/v1/imports', payload: {} })).statusCode).toBe(401)
})

test('what is no upload of books is a clear problem', async () => {
  for (const [payload, status] of [
    [{}, 400],
    [{ files: [] }, 400],
    [{ files: [{ name: '../etc/passwd', content: '' }] }, 400],
    [{ files: [{ name: 'other.csv', content: 'a\n' }] }, 400],
  ] as const) {
    const answer = await post(admin, payload)
    expect(answer.statusCode).toBe(status)
    expect(answer.headers['content-type']).toContain('application/problem+json')
  }
  expect((await get(admin, 'unknown')).statusCode).toBe(404)
})
