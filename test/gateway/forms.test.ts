import { afterAll, beforeAll, expect, test } from 'vitest'
import { allForms } from '../../schemas/forms/all.ts'
import { importFiles } from '../../services/park/import/import-folder.ts'
import { composedPark, type TestPark } from '../support/composed-park.ts'
import { emptyPark } from '../import/planted.ts'

let park: TestPark
let token: string
beforeAll(async () => {
  park = await composedPark()
  token = await park.token('demo-bureau')
})
afterAll(() => park.close())

const get = (path: string, headers: Readonly<Record<string, string>> = {}) =>
  park.app.inject({
    method: 'GET',
    url: `/api/v1/forms${path}`,
    headers: { authorization: `Bearer ${token}`, 'accept-language': 'en', ...headers },
  })

test('every official book is listed, in the order in which books are read', async () => {
  const listed = (await get('')).json<{ name: string; zh: string; key: string[] }[]>()
  expect(listed.map(({ name }) => name)).toEqual(allForms.map(({ name }) => name))
  for (const { zh, key } of listed) expect([zh.length > 1, key.length > 0]).toEqual([true, true])
})

test('a form says of each column how it is written, in what unit, whether it may be empty and since when', async () => {
  const answer = await get('/hw-manifest-lines')
  expect(answer.json()).toMatchObject({
    key: ['联单编号', '序号'],
    columns: expect.arrayContaining([
      { name: '移出量(吨)', type: 'tonnes', measure: '吨', need: 'must', rule: 'R52', since: expect.any(String) },
      expect.objectContaining({ name: '接受人处理意见', choices: ['接受', '部分接受', '拒收'], several: false }),
    ]),
  })
  expect((await get('/hw-manifest-lines', { 'if-none-match': String(answer.headers['etag']) })).statusCode).toBe(304)
})

test('every template is a book that the importer takes as it is, without a row and without a complaint', async () => {
  const files = await Promise.all(
    allForms.map(async ({ name }) => {
      const answer = await get(`/${name}/template`)
      expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8')
      expect(answer.headers['content-disposition']).toContain(`${name}.csv`)
      return {
        name: `${name}.csv`,
        bytes: async function* () {
          yield answer.rawPayload
        },
      }
    }),
  )
  const { rows, problems } = await importFiles(files, { runtime: emptyPark() })
  expect(rows).toBe(0)
  // Spreadsheets need the mark, and the report of an import names whatever was tidied up.
  expect(new Set(problems.map(({ code }) => code))).toEqual(new Set(['byte-order-mark', 'crlf']))
})

test.each(['/none', '/toString', '/none/template'])('%s is none', async (path) => {
  const answer = await get(path)
  expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([404, 'form-not-listed'])
})
