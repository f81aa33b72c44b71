import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { composedPark, type TestPark } from '../support/composed-park.ts'

// Pinned and put aside: openapi-typescript 7 wants TypeScript 5 beside it, and this project has 7, so it is no dependency.
const NPM_TOOLS = ['openapi-typescript@7.13.0', 'openapi-fetch@0.17.0', 'typescript@5.9.3']
const PIP_TOOLS = ['openapi-python-client==0.29.1', 'openapi-spec-validator==0.9.0']

const run = promisify(execFile)
const cache = fileURLToPath(new URL('../../.cache/clients/', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'wufei-clients-'))
const document = join(folder, 'openapi.json')
const unit = '91350100M000100Y43'
const lot = { unit, waste: { stream: 'hazardous', code: '900-404-06' }, grams: 54_000, batch: 'HWCS20251204001' }
const at = '2025-12-04T09:00:00+08:00'
let park: TestPark
let origin: string
beforeAll(async () => {
  park = await composedPark()
  await park.app.listen({ host: '127.0.0.1', port: 0 })
  origin = `http://127.0.0.1:${(park.app.server.address() as AddressInfo).port}`
  writeFileSync(document, await (await fetch(`${origin}/api/v1/openapi.json`)).text())
  const registered = await park.app.inject({
    method: 'POST',
    url: '/api/v1/units',
    headers: { authorization: `Bearer ${await park.token('demo-admin')}`, 'idempotency-key': crypto.randomUUID() },
    payload: { unit, name: '甲厂', roles: ['producer'], inside: true, occurredAt: at },
  })
  expect(registered.statusCode, registered.body).toBe(201)
  mkdirSync(cache, { recursive: true })
})
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await park.close()
})

/** Runs a step that needs a registry or a program; says why where it cannot, and that the test is left out. */
async function prepared(what: string, step: () => Promise<unknown>): Promise<boolean> {
  try {
    await step()
    return true
  } catch (fault) {
    console.log(`skipped: ${what} could not be prepared here: ${(fault as Error).message.slice(0, 300)}`)
    return false
  }
}

// A program as a user writes it: a token, a call that succeeds, one that is refused by its form and one by a rule.
const PROGRAM = `
import createClient from 'openapi-fetch'
import type { paths } from './park.js'

const [origin = '', token = ''] = process.argv.slice(2)
const park = createClient<paths>({ baseUrl: origin, headers: { Authorization: \`Bearer \${token}\` } })
const post = (grams: number, batch: string) =>
  park.POST('/api/v1/lots', {
    params: { header: { 'Idempotency-Key': crypto.randomUUID(), 'Accept-Language': 'en' } },
    body: { unit: '${unit}', waste: { stream: 'hazardous', code: '900-404-06' }, grams, batch, occurredAt: '${at}' },
  })
const made = await post(54000, 'HWCS20251204001')
// 202: it waits for an official.
if (!made.data || 'hold' in made.data) throw new Error('it is held')
const again = await post(54000, 'HWCS20251204001')
const lists = await park.GET('/api/v1/code-lists/{name}', { params: { path: { name: 'methods' }, query: { search: 'R2' } } })
console.log(JSON.stringify({
  id: made.data.id, actions: made.data.availableActions.map(({ action }) => action),
  refused: again.response.status, code: again.error?.code, pointer: again.error?.errors[0]?.pointer, en: again.error?.errors[0]?.en,
  method: lists.data?.entries[0]?.code,
}))
`

test('a client generated in TypeScript compiles strictly and works with the park', async (context) => {
  const there = await prepared('the generator of TypeScript clients', async () => {
    if (existsSync(join(cache, 'node_modules/.package-lock.json'))) return
    writeFileSync(join(cache, 'package.json'), '{"private":true,"type":"module"}')
    await run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', ...NPM_TOOLS], { cwd: cache })
  })
  if (!there) return context.skip()
  const work = mkdtempSync(join(cache, 'ts-'))
  try {
    const tool = (name: string) => join(cache, 'node_modules/.bin', name)
    await run(tool('openapi-typescript'), [document, '-o', join(work, 'park.ts')])
    writeFileSync(join(work, 'program.ts'), PROGRAM)
    const strict = [
      '--strict',
      '--exactOptionalPropertyTypes',
      '--target',
      'es2022',
      '--module',
      'nodenext',
      '--skipLibCheck',
    ]
    await run(tool('tsc'), [
      ...strict,
      '--lib',
      'es2022,dom',
      '--types',
      'node',
      '--typeRoots',
      TYPES,
      join(work, 'program.ts'),
    ])
    const token = await park.token('demo-admin')
    const { stdout } = await run(process.execPath, [join(work, 'program.js'), origin, token])
    expect(JSON.parse(stdout)).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      actions: expect.arrayContaining(['classification']),
      refused: 422,
      code: expect.stringMatching(/^[a-z-]+$/),
      pointer: expect.any(String),
      en: expect.stringMatching(/\w/),
      method: 'R2',
    })
  } finally {
    rmSync(work, { recursive: true })
  }
}, 300_000)
const TYPES = fileURLToPath(new URL('../../node_modules/@types', import.meta.url))

const SCRIPT = `
import datetime, json, sys, uuid
from wufei_api_client import AuthenticatedClient
from wufei_api_client.api.generation import lots
from wufei_api_client.models import LotsBody, LotsBodyWaste, Problem, CommandAnswer
origin, token = sys.argv[1:3]
body = LotsBody.from_dict(${JSON.stringify({ ...lot, batch: 'HWCS20251205001', occurredAt: at })})
with AuthenticatedClient(base_url=origin, token=token) as client:
    def post(): return lots.sync_detailed(client=client, body=body, idempotency_key=str(uuid.uuid4()), accept_language='en')
    made, again = post(), post()
assert isinstance(made.parsed, CommandAnswer), made
assert isinstance(again.parsed, Problem), again
print(json.dumps({'id': made.parsed.id, 'status': int(made.status_code), 'refused': int(again.status_code),
  'code': again.parsed.code, 'pointer': again.parsed.errors[0].pointer, 'en': again.parsed.errors[0].en}))
`

test('a client generated in Python is installed by pip and works with the park', async (context) => {
  const venv = join(cache, 'python')
  const python = join(venv, 'bin/python')
  const there = await prepared('the generator of Python clients', async () => {
    if (existsSync(join(venv, 'ready'))) return
    await run('python3', ['-m', 'venv', venv])
    await run(python, ['-m', 'pip', 'install', '-q', '--disable-pip-version-check', ...PIP_TOOLS, 'poetry-core==2.1.3'])
    writeFileSync(join(venv, 'ready'), '')
  })
  if (!there) return context.skip()
  await run(python, ['-m', 'openapi_spec_validator', document])
  const out = join(folder, 'python-client')
  const made = await run(
    // As a module: a script of a venv has the folder that it was made in for its interpreter.
    python,
    [
      '-m',
      'openapi_python_client',
      'generate',
      '--path',
      document,
      '--output-path',
      out,
      '--meta',
      'poetry',
      '--fail-on-warning',
    ],
    { env: { ...process.env, PATH: `${join(venv, 'bin')}:${process.env['PATH'] ?? ''}` } },
  ).catch((fault: unknown) => {
    const { stdout, stderr } = fault as { readonly stdout?: string; readonly stderr?: string }
    throw new Error(`${stdout}\n${stderr}`, { cause: fault })
  })
  expect(made.stdout).not.toMatch(/warning/i)
  const site = join(folder, 'site')
  await run(python, [
    '-m',
    'pip',
    'install',
    '-q',
    '--disable-pip-version-check',
    '--no-build-isolation',
    '--no-deps',
    '--target',
    site,
    out,
  ])
  const script = join(folder, 'program.py')
  writeFileSync(script, SCRIPT)
  const { stdout } = await run(python, [script, origin, await park.token('demo-admin')], {
    env: { ...process.env, PYTHONPATH: site },
  })
  expect(JSON.parse(stdout)).toMatchObject({ status: 201, refused: 422, code: expect.stringMatching(/^[a-z-]+$/) })
}, 300_000)
