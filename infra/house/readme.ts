import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Runs the commands that the README shows, as it shows them, and fails where one does not do what it says: `--check`. */
const root = new URL('../..', import.meta.url).pathname
const readme = readFileSync(join(root, 'README.md'), 'utf8')
const scripts = (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> })
  .scripts

/** Servers run until they say that they are ready; the test suite runs elsewhere in CI; a benchmark is no check but must start. */
const UNTIL_READY = new Set(['npm start', 'npm run demo'])
const ELSEWHERE = new Set(['npm test'])

const shown = [...readme.matchAll(/```sh\n([\s\S]*?)```/g)]
  .flatMap(([, block = '']) => block.split('\n'))
  .map((line) => line.replace(/\s+#.*$/, '').trim())
const commands = [...new Set([...shown.filter((line) => line.startsWith('npm ')), 'npm run demo'])]
const named = [...readme.matchAll(/`npm run (?:-s )?([a-z:-]+)/g)].map(([, script = '']) => script)

const problems = named
  .filter((script) => !(script in scripts))
  .map((script) => `README names npm run ${script}, which package.json does not have`)
const dataDir = mkdtempSync(join(tmpdir(), 'wufei-readme-'))
for (const command of commands) {
  if (ELSEWHERE.has(command)) continue
  const problem = await run(command, UNTIL_READY.has(command))
  process.stdout.write(`${command}: ${problem ?? 'works'}\n`)
  if (problem) problems.push(`${command}: ${problem}`)
}
rmSync(dataDir, { recursive: true, force: true })
for (const problem of problems) process.stderr.write(`${problem}\n`)
process.exit(problems.length === 0 ? 0 : 1)

/** What went wrong, or nothing. A missed line of a benchmark (exit 1) is a measurement, not a broken command. */
function run(command: string, untilReady: boolean): Promise<string | undefined> {
  return new Promise((done) => {
    const child = spawn(command, {
      cwd: root,
      shell: true,
      detached: true,
      env: { ...process.env, DATA_DIR: join(dataDir, 'data'), PORT: '0' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    let ready = false
    const timer = setTimeout(() => signal('SIGKILL'), 240_000)
    const signal = (name: NodeJS.Signals): void => {
      if (child.pid !== undefined) process.kill(-child.pid, name)
    }
    const onData = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-20_000)
      if (!untilReady || ready || !/^ready http/m.test(output)) return
      ready = true
      signal('SIGTERM')
    }
    child.stdout.on('data', onData)
    child.stderr.on('data', onData)
    child.once('exit', (code, killed) => {
      clearTimeout(timer)
      if (untilReady && !ready)
        done(`never said that it is ready; it ended with ${code ?? killed}:\n${output.slice(-3_000)}`)
      else if (
        untilReady
          ? code !== 0 && killed !== 'SIGTERM' && code !== 143
          : code !== 0 && !(command.includes(' bench ') && code === 1)
      )
        done(`ended with ${code ?? killed}:\n${output.slice(-3_000)}`)
      else done(undefined)
    })
  })
}
