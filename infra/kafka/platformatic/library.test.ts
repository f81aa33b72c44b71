import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { ConfigurationError } from '../../configuration/configuration.ts'
import { findPlatformatic, INSTALL, requirePlatformatic } from './library.ts'

const ROOT = join(import.meta.dirname, '../../..')
const folder = mkdtempSync(join(tmpdir(), 'platformatic-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A project with a package of that name and version in it, as npm leaves it. */
function projectWith(name: string, below: string, version: string): string {
  const home = join(folder, name, below, 'node_modules/@platformatic/kafka')
  mkdirSync(home, { recursive: true })
  const manifest = { name: '@platformatic/kafka', version, type: 'module', exports: './index.js' }
  writeFileSync(join(home, 'package.json'), JSON.stringify(manifest))
  writeFileSync(join(home, 'index.js'), 'export const Admin = undefined\n')
  return join(folder, name)
}

test('without the package the client is refused in one line with the command that installs it', () => {
  const root = join(folder, 'empty')
  expect(findPlatformatic(root)).toBeUndefined()
  expect(() => requirePlatformatic(root)).toThrow(ConfigurationError)
  try {
    requirePlatformatic(root)
  } catch (refusal) {
    expect((refusal as ConfigurationError).problems).toEqual([
      'KAFKA_CLIENT: platformatic needs a package that is not installed; ' +
        'run: npm install --prefix .cache/platformatic-kafka @platformatic/kafka@1.35.0',
    ])
  }
})

test.each(['', '.cache/platformatic-kafka'])('the package is found below "%s" of the project', (below) => {
  const root = projectWith(`in-${below.length}`, below, '1.35.0')
  expect(findPlatformatic(root)).toBe(join(root, below, 'node_modules/@platformatic/kafka/index.js'))
})

test('a version that stops sending when a leader dies counts as missing', () => {
  expect(findPlatformatic(projectWith('old', '', '1.22.0'))).toBeUndefined()
})

test('README and CI install it by the same command', () => {
  for (const file of ['infra/kafka/README.md', 'README.md'])
    expect(readFileSync(join(ROOT, file), 'utf8'), file).toContain(INSTALL)
  const [command = '', spec = ''] = INSTALL.split(/ (?=@)/)
  const line = readFileSync(join(ROOT, '.ci/run'), 'utf8')
    .split('\n')
    .find((one) => one.includes(command))
  expect(line).toContain(spec)
})

const installed = findPlatformatic()
if (installed === undefined) process.stdout.write(`skipped: types of @platformatic/kafka need it; run: ${INSTALL}\n`)

test.skipIf(installed === undefined)('what surface.ts says of the package is what its own types say', () => {
  const file = join(folder, 'holds.ts')
  const surface = join(import.meta.dirname, 'surface.ts')
  const library = (installed ?? '').replace(/\.js$/, '.d.ts')
  writeFileSync(
    file,
    `import type { Library } from ${JSON.stringify(surface)}\n` +
      `export const holds = (library: typeof import(${JSON.stringify(library)})): Library => library\n`,
  )
  const options = '--noEmit --strict --skipLibCheck --module nodenext --target es2023 --allowImportingTsExtensions'
  const types = ['--types', 'node', '--typeRoots', join(ROOT, 'node_modules/@types')]
  const tsc = join(ROOT, 'node_modules/.bin/tsc')
  const { stdout, status } = spawnSync(tsc, [...options.split(' '), ...types, file], { encoding: 'utf8', cwd: folder })
  expect({ stdout, status }).toEqual({ stdout: '', status: 0 })
})
