import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from './sources.ts'

/** SHA-256 of every migration that landed: databases hold them as they were. `infra/postgres/README.md` says how one is added. */
const LANDED = 'test/fixtures/migrations/landed.json'
const landed = JSON.parse(readFileSync(join(ROOT, LANDED), 'utf8')) as Readonly<Record<string, string>>

const here = ['infra', 'projections', 'services'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => /(^|\/)\d{4}-[a-z0-9-]+\.sql$/.test(path) && !path.includes('/formerly/'))
    .map((path) => join(folder, path)),
)
const sumOf = (path: string): string =>
  createHash('sha256')
    .update(readFileSync(join(ROOT, path)))
    .digest('hex')

test.each(Object.entries(landed))('%s is as it landed', (path, sum) => {
  expect(here, `${path} landed once; a database that has it cannot go on without: restore it`).toContain(path)
  expect(sumOf(path), `${path} landed once and is never edited: restore it and write a new one`).toBe(sum)
})

test(`every migration is in ${LANDED}`, () => {
  const missing = here.filter((path) => landed[path] === undefined)
  expect(Object.fromEntries(missing.map((path) => [path, sumOf(path)]))).toEqual({})
})

test('each part counts its migrations from 0001 without a hole', () => {
  for (const folder of new Set(here.map((path) => path.replace(/\/[^/]+$/, '')))) {
    const numbers = here
      .filter((path) => path.startsWith(`${folder}/`))
      .map((path) => Number(path.slice(folder.length + 1, folder.length + 5)))
      .sort((a, b) => a - b)
    expect({ folder, numbers }).toEqual({ folder, numbers: numbers.map((_, i) => i + 1) })
  }
})
