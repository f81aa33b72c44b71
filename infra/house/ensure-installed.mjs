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

/** `engines.node` of package.json holds parts `^20.19.4` and `>=24.0.0` only, so that it is read here without a package. */
function supported(version, range) {
  const own = version.split('.').map(Number)
  return range.split('||').some((part) => {
    const least = part
      .replace(/^\s*(\^|>=)\s*/, '')
      .split('.')
      .map(Number)
    const at = [0, 1, 2].find((i) => own[i] !== (least[i] ?? 0))
    return (at === undefined || own[at] > least[at]) && (!part.includes('^') || own[0] === least[0])
  })
}

const { engines } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'))
if (!supported(process.versions.node, engines.node)) {
  process.stderr.write(`Wufei needs Node ${engines.node}; this is ${process.versions.node}\n`)
  process.exit(2)
}
if (!installed()) {
  process.stderr.write('installing what is missing (npm ci)\n')
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  })
  if (status !== 0) process.exit(status ?? 1)
}
