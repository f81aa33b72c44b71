// Installs what is missing before any command of the repository runs: a fresh clone needs Node and npm, nothing else.
// Plain JavaScript, because nothing is installed yet when it runs.
import { createHash } from 'node:crypto'
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const marker = `${root}node_modules/.installed-from`
const lock = createHash('sha256').update(readFileSync(`${root}package-lock.json`)).digest('hex')

if (!existsSync(marker) || readFileSync(marker, 'utf8') !== lock) {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major < 20 || (major === 20 && minor < 19)) {
    process.stderr.write(`Wufei needs Node 20.19 or newer; this is ${process.versions.node}\n`)
    process.exit(2)
  }
  process.stderr.write('installing what is missing (npm ci)\n')
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' })
  if (status !== 0) process.exit(status ?? 1)
  writeFileSync(marker, lock)
}
