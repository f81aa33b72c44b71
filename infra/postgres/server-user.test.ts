import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  binariesLink,
  checkFormerPlace,
  copyOf,
  makeParent,
  nameFor,
  removeBinaries,
  serverUser,
} from './server-user.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wufei-reach-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('a copy of the binaries lies where everybody may pass, and goes with the server', () => {
  const native = join(folder, 'native')
  mkdirSync(join(native, 'bin'), { recursive: true })
  writeFileSync(join(native, 'bin/postgres'), '')
  const dir = join(folder, 'data')
  const copy = copyOf({ initdb: join(native, 'bin/initdb'), postgres: join(native, 'bin/postgres') }, dir)
  const place = dirname(dirname(copy.postgres))
  expect(existsSync(copy.postgres)).toBe(true)
  expect(readlinkSync(binariesLink(dir))).toBe(place)
  removeBinaries(dir)
  expect([existsSync(place), existsSync(binariesLink(dir))]).toEqual([false, false])
})

test('data that an earlier version put into /var/tmp are named with what to do, not passed over', () => {
  const dir = join(folder, 'postgres')
  const former = join('/var/tmp', `wufei-${createHash('sha256').update(dir).digest('hex').slice(0, 12)}`)
  expect(() => checkFormerPlace(dir)).not.toThrow()
  mkdirSync(former)
  writeFileSync(join(former, 'PG_VERSION'), '18\n')
  try {
    expect(() => checkFormerPlace(dir)).toThrow(`mv ${former} ${dir} && mv ${former}.secret ${dir}.secret`)
  } finally {
    rmSync(former, { recursive: true })
  }
})

describe.skipIf(process.getuid?.() !== 0)('where root starts it', () => {
  test('folders that are made for the data can be passed, whatever the umask; those that were there keep their mode', () => {
    const before = process.umask(0o077)
    try {
      makeParent(join(folder, 'a/b/postgres'))
    } finally {
      process.umask(before)
    }
    const mode = (path: string): string => spawnSync('stat', ['-c', '%a', path], { encoding: 'utf8' }).stdout.trim()
    expect([mode(folder), mode(join(folder, 'a')), mode(join(folder, 'a/b'))]).toEqual(['700', '711', '711'])
  })

  test('a closed folder above is gone around on Linux, and refused with its name elsewhere', () => {
    const closed = join(folder, 'closed')
    mkdirSync(join(closed, 'data'), { recursive: true })
    chmodSync(folder, 0o755)
    chmodSync(closed, 0o700)
    const user = serverUser()
    expect(nameFor(join(closed, 'data/postgres'), user, 'linux')).toBe('/proc/self/cwd')
    expect(() => nameFor(join(closed, 'data/postgres'), user, 'darwin')).toThrow(
      `${user.name} may not pass ${closed}: name a folder that it may pass, or use a server of your own by DATABASE_URL`,
    )
    expect(nameFor(join(folder, 'postgres'), user, 'darwin')).toBe(join(folder, 'postgres'))
  })
})
if (process.getuid?.() !== 0) process.stdout.write('skipped: what root needs a user of PostgreSQL for\n')
