import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { undoAll } from './at-end.ts'
import { thisProcess } from './identity.ts'
import { holderOf, takeLease } from './lease.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wufei-lease-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** The number of a process that has ended. */
const ended = (): number => spawnSync('true').pid

test('one process holds it, another is told who does, and it is free again at the end', async () => {
  const file = join(folder, 'park.json')
  expect(takeLease(file, 'http://a')).toBeUndefined()
  expect(holderOf(file)).toMatchObject({ ...thisProcess(), url: 'http://a' })
  expect(takeLease(file, 'http://b')).toMatchObject({ pid: process.pid, url: 'http://a' })
  await undoAll()
  expect(existsSync(file)).toBe(false)
})

test.each([
  ['whose number nobody has', () => ({ pid: ended(), began: '1' })],
  ['whose number another process has now', () => ({ pid: process.pid, began: '1' })],
])('a holder %s holds nothing', async (_, dead) => {
  const file = join(folder, 'park.json')
  writeFileSync(file, JSON.stringify({ ...dead(), since: '2026-11-30T00:00:00.000Z', url: 'http://dead' }))
  expect(holderOf(file)).toBeUndefined()
  expect(takeLease(file, 'http://a')).toBeUndefined()
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ url: 'http://a' })
  await undoAll()
})

test('what is no lease is nobody’s', async () => {
  const file = join(folder, 'park.json')
  writeFileSync(file, '{')
  expect(takeLease(file, 'http://a')).toBeUndefined()
  await undoAll()
})
