// Installs what is missing before any command of the repository runs: a fresh clone needs Node and npm, nothing else.
// Plain JavaScript, because nothing is installed yet when it runs.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const packagesIn = (file) => JSON.parse(readFileSync(`${root}${file}`, 'utf8')).packages

/** Whether everything that the lock names is there in its version; what is optional (binaries of other platforms) may be absent. */
function installed() {
  if (!existsSync(`${root}node_modules/.package-lock.json`)) return false
  const there = packagesIn('node_modules/.package-lock.json')
  return Object.entries(packagesIn('package-lock.json')).every(
    ([path, { version, optional }]) => path === '' || optional === true || there[path]?.version === version,
  )
}

if (!installed()) {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major < 20 || (major === 20 && minor < 19)) {
    process.stderr.write(`Wufei needs Node 20.19 or newer; this is ${process.versions.node}\n`)
    process.exit(2)
  }
  process.stderr.write('installing what is missing (npm ci)\n')
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  })
  if (status !== 0) process.exit(status ?? 1)
}
