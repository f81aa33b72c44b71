import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { minVersion, satisfies } from 'semver'
import { expect, test } from 'vitest'
import { ROOT } from './sources.ts'

interface Locked {
  readonly version?: string
  readonly optional?: boolean
  readonly engines?: { readonly node?: string }
}
const json = (file: string): unknown => JSON.parse(readFileSync(join(ROOT, file), 'utf8'))
const { engines } = json('package.json') as { readonly engines: { readonly node: string } }
const locked = Object.entries((json('package-lock.json') as { packages: Record<string, Locked> }).packages)
const floors = engines.node.split('||').map((part) => minVersion(part.trim())?.version ?? '')

test.each(floors)('every package of the lock takes Node %s, so npm ci warns of none', (floor) => {
  const other = locked
    .filter(([path, { optional }]) => path !== '' && optional !== true)
    .filter(([, { engines: asked }]) => asked?.node !== undefined && !satisfies(floor, asked.node))
    .map(([path, { version, engines: asked }]) => `${path}@${version} wants ${asked?.node}`)
  expect(other).toEqual([])
})

test('README, package.json and the lock name the same floor of Node', () => {
  expect(locked.find(([path]) => path === '')?.[1].engines).toEqual(engines)
  const [least, lts] = floors
  expect(readFileSync(join(ROOT, 'README.md'), 'utf8')).toContain(
    `Node ${least} or newer (22 from ${lts?.replace(/\.0$/, '')} on, 24 and later)`,
  )
})

test('the images are built on a Node that package.json takes', () => {
  const file = readFileSync(join(ROOT, 'infra/deploy/Dockerfile'), 'utf8')
  const versions = [...file.matchAll(/^FROM node:([\d.]+)/gm)].map(([, version = '']) => version)
  expect(versions).not.toEqual([])
  for (const version of versions) expect(satisfies(version, engines.node)).toBe(true)
})

test.each([
  ['20.19.3', 2],
  ['20.19.4', 0],
  ['21.7.3', 2],
  ['22.12.9', 2],
  ['22.13.0', 0],
  ['23.11.0', 2],
  ['24.0.0', 0],
  ['26.1.0', 0],
])('on Node %s a command says whether it can run there: exit %i', (version, code) => {
  const pretend = `Object.defineProperty(process.versions, 'node', { value: '${version}' })`
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--import', `data:text/javascript,${encodeURIComponent(pretend)}`, join(ROOT, 'infra/house/ensure-installed.mjs')],
    { encoding: 'utf8' },
  )
  expect({ status, said: stderr }).toEqual({
    status: code,
    said: code === 0 ? '' : `Wufei needs Node ${engines.node}; this is ${version}\n`,
  })
})
