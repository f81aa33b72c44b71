// Checks that are no tests (types, lint, format, dead code, the commands of the README), and the closing line of a CI run.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const CHECKS = ['types', 'lint', 'format', 'dead-code', 'readme']
const scripts = JSON.parse(readFileSync(`${root}package.json`, 'utf8')).scripts

let passed = 0
let failed = 0
for (const check of CHECKS) {
  const script = `check:${check}`
  if (!(script in scripts)) throw new Error(`package.json has no script ${script}`)
  const { status, stdout, stderr } = spawnSync('npm', ['run', '--silent', script], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  if (status === 0) passed++
  else {
    failed++
    process.stdout.write(`${stdout}${stderr}`.slice(-20_000))
  }
  process.stdout.write(`check ${check}: ${status === 0 ? 'passed' : 'failed'}\n`)
}

const report = `${root}node_modules/.cache/wufei/tests.json`
if (!existsSync(report)) {
  process.stdout.write('no report of npm test was found\n')
  failed++
}
const {
  numPassedTests = 0,
  numFailedTests = 0,
  numPendingTests = 0,
  numTodoTests = 0,
  numFailedTestSuites = 0,
} = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : {}
passed += numPassedTests
// A file that could not even be loaded has no tests of its own to count.
failed += numFailedTests === 0 ? numFailedTestSuites : numFailedTests
process.stdout.write(`${passed} passed, ${failed} failed, ${numPendingTests + numTodoTests} skipped\n`)
process.exit(failed === 0 ? 0 : 1)
