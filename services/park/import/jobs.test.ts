import { expect, test } from 'vitest'
import { policies } from '../process/parts.ts'
import { testRuntime } from '../../../test/support/runtime.ts'
import type { Runtime } from '../../../infra/commanding/execute.ts'
import { ImportUpload, openImports, type ParkFor } from './jobs.ts'
import { localPark } from './local-park.ts'

const units =
  '统一社会信用代码,单位名称,角色,行业代码,地址,园区内,管理类别,联系人,联系电话\n91350100M000100Y43,虚拟甲,产生单位,3973,,是,,,\n91350100M000100Y44,虚拟乙,产生单位,3973,,是,,,\n'
const runtime = () => testRuntime({ policies })
const into =
  (park: Runtime): ParkFor =>
  ({ dryRun }) =>
    localPark(park, dryRun)
const shown = () => Promise.resolve('shown' as const)
const SENDER = 'Bearer of-a-test'

test('books that are uploaded are imported, and their report is kept', async () => {
  const imports = openImports(into(runtime()), shown, () => undefined)
  const outcome = imports.start(ImportUpload.parse({ files: [{ name: 'units.csv', content: units }] }), SENDER)
  if (!('started' in outcome)) throw new Error('the import was not started')
  expect(outcome.started.state).toBe('running')
  await imports.idle()
  expect(imports.find(outcome.started.id)).toMatchObject({
    state: 'done',
    progress: { done: 2, rows: 2 },
    report: {
      rows: 2,
      accepted: 1,
      refused: 1,
      problems: [{ rule: 'R106' }, { file: 'units.csv', row: 2, rule: 'R01' }],
    },
  })
})

test('bytes that are not UTF-8 come as base64', async () => {
  const imports = openImports(into(runtime()), shown, () => undefined)
  const content = Buffer.concat([Buffer.from(units), Buffer.from([0xd0, 0xe9, 0x0a])]).toString('base64')
  const outcome = imports.start(
    ImportUpload.parse({ files: [{ name: 'units.csv', content, encoding: 'base64' }], dryRun: true }),
    SENDER,
  )
  await imports.idle()
  const job = 'started' in outcome ? imports.find(outcome.started.id) : undefined
  expect(job?.report?.problems).toContainEqual(expect.objectContaining({ row: 3, code: 'not-utf-8' }))
})

test('one import at a time, and only of books', async () => {
  const imports = openImports(into(runtime()), shown, () => undefined)
  expect(
    imports.start(ImportUpload.parse({ files: [{ name: 'other.csv', content: 'a\n1\n' }] }), SENDER),
  ).toMatchObject({ refusals: [{ code: 'no-books' }] })
  imports.start(ImportUpload.parse({ files: [{ name: 'units.csv', content: units }] }), SENDER)
  expect(imports.start(ImportUpload.parse({ files: [{ name: 'units.csv', content: units }] }), SENDER)).toMatchObject({
    refusals: [{ code: 'import-busy' }],
  })
  await imports.idle()
  expect(imports.find('unknown')).toBeUndefined()
})

test('an import that breaks off is reported as failed', async () => {
  const broken = runtime()
  const faults: unknown[] = []
  const imports = openImports(
    into({ ...broken, store: { ...broken.store, append: () => Promise.reject(new Error('the store is gone')) } }),
    shown,
    (fault) => faults.push(fault),
  )
  const outcome = imports.start(ImportUpload.parse({ files: [{ name: 'units.csv', content: units }] }), SENDER)
  await imports.idle()
  expect('started' in outcome && imports.find(outcome.started.id)?.state).toBe('failed')
  expect(faults).toMatchObject([{ message: 'the store is gone' }])
})

test('an import is done once the figures hold it, and its report names the position to read at', async () => {
  let show: (shown: 'shown' | 'behind') => void = () => undefined
  const asked: number[] = []
  const park = runtime()
  const imports = openImports(
    into(park),
    (position) => {
      asked.push(position)
      return new Promise((resolve) => {
        show = resolve
      })
    },
    () => undefined,
  )
  const outcome = imports.start(ImportUpload.parse({ files: [{ name: 'units.csv', content: units }] }), SENDER)
  if (!('started' in outcome)) throw new Error('the import was not started')
  while (asked.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  expect(imports.find(outcome.started.id)?.state).toBe('running')
  show('behind')
  await imports.idle()
  const { state, report } = imports.find(outcome.started.id) ?? {}
  expect(state).toBe('done')
  expect(report?.position).toBe(String(await park.store.head()))
  expect(asked).toEqual([Number(report?.position)])
  expect(report?.notices.map(({ code }) => code)).toEqual(['figures-behind'])
})
