import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { endWithUs } from '../../infra/process/end-with-us.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
/** What tools keep in a temp folder for themselves: tsx, Node's cache of compiled code, and Vitest 4, killed, its folder of code for workers. */
const CACHES = /^(tsx-\d+|node-compile-cache|v8-compile-cache-\d+|[\w-]{21})$/
/** Of DATA_DIR: what is to stay when everything has stopped. */
const DATA = new Set(['postgres', 'postgres.secret'])
const FORMER_PLACE = '/var/tmp'

/** Real commands in a world of their own: whatever they start or leave carries its mark and is found by it. Linux only. */
export interface World {
  readonly root: string
  /** DATA_DIR of the commands; made by them. */
  readonly data: string
  /** Begins with the data that stopped commands of another world have left, instead of none: a server is made once and copied. */
  takeDataOf(other: World): void
  run(script: string, words?: readonly string[], environment?: Readonly<Record<string, string>>): Running
  /** What lives or lies where nothing of ours should: processes, temp folders, marks and leases beside the data. */
  leftBehind(): readonly string[]
  /** Waits until nothing is left behind; answers what still is after that time. */
  nothingLeft(milliseconds?: number): Promise<readonly string[]>
  /** Pids of its processes whose command line holds a text. */
  pids(text: string): readonly number[]
  remove(): void
}

export interface Running {
  /** npm, which leads a process group of its own. */
  readonly child: ChildProcess
  readonly out: () => string
  readonly err: () => string
  /** Exit code, or the number that a shell gives for a signal. */
  readonly ended: Promise<number>
  /** Waits for a text in what it writes. @throws Error where it ends or 5 minutes pass without it. */
  says(text: string | RegExp): Promise<void>
  /** Sends a signal to the program alone, to npm alone or to the whole group, as a terminal does. */
  signal(target: 'node' | 'npm' | 'group', name: NodeJS.Signals): void
}

const SIGNALS: Readonly<Record<string, number>> = { SIGHUP: 129, SIGINT: 130, SIGKILL: 137, SIGTERM: 143 }
const PATIENCE_MS = 300_000

export function openWorld(): World {
  const root = mkdtempSync(join(tmpdir(), 'world-'))
  chmodSync(root, 0o711)
  const tmp = join(root, 'tmp')
  mkdirSync(tmp, { mode: 0o755 })
  // Sources are transformed once for all worlds, in the cache that every process of this user has.
  const cache = `tsx-${process.getuid?.() ?? ''}`
  mkdirSync(join(tmpdir(), cache), { recursive: true })
  symlinkSync(join(tmpdir(), cache), join(tmp, cache))
  const data = join(root, 'data')
  const mark = `WORLD=${randomUUID()}`
  const former = new Set(readdirSync(FORMER_PLACE))

  function processes(): readonly { readonly pid: number; readonly command: string }[] {
    return readdirSync('/proc')
      .map(Number)
      .filter((pid) => pid > 1 && pid !== process.pid)
      .flatMap((pid) => {
        const read = (file: string): string => {
          try {
            return file === 'cwd' ? readlinkSync(`/proc/${pid}/cwd`) : readFileSync(`/proc/${pid}/${file}`, 'latin1')
          } catch {
            return ''
          }
        }
        const command = read('cmdline').replaceAll('\0', ' ').trim()
        // A process that has ended and waits for its parent has no command line. Sessions of PostgreSQL overwrite their environment.
        const ours = read('environ').includes(mark) || read('cwd').startsWith(root) || command.includes(root)
        return command !== '' && ours ? [{ pid, command }] : []
      })
  }

  function leftBehind(): readonly string[] {
    const beside = existsSync(data) ? readdirSync(data).filter((name) => !DATA.has(name)) : []
    return [
      ...processes().map(({ pid, command }) => `process ${pid}: ${command.slice(0, 200)}`),
      ...readdirSync(tmp)
        .filter((name) => !CACHES.test(name))
        .map((name) => `in the temp folder: ${name}`),
      ...beside.map((name) => `in DATA_DIR: ${name}`),
      ...readdirSync(FORMER_PLACE)
        .filter((name) => name.startsWith('wufei-') && !former.has(name))
        .map((name) => `${FORMER_PLACE}/${name}`),
    ]
  }

  const pids = (text: string): readonly number[] =>
    processes()
      .filter(({ command }) => command.includes(text))
      .map(({ pid }) => pid)

  return {
    root,
    data,
    pids,
    leftBehind,
    async nothingLeft(milliseconds = 60_000) {
      for (const until = performance.now() + milliseconds; ; await pause(100)) {
        const left = leftBehind()
        if (left.length === 0 || performance.now() > until) return left
      }
    },
    takeDataOf(other) {
      // Its files belong to the user of the server.
      const { status, stderr } = spawnSync('cp', ['-a', other.data, data], { encoding: 'utf8' })
      if (status !== 0) throw new Error(stderr)
    },
    run: (script, words = [], environment = {}) => {
      const { DATABASE_URL: _url, npm_lifecycle_event: _event, ...own } = process.env
      const child = spawn('npm', ['run', '-s', script, ...(words.length > 0 ? ['--', ...words] : [])], {
        cwd: ROOT,
        detached: true,
        env: { ...own, DATA_DIR: data, PORT: '0', TMPDIR: tmp, WORLD: mark.slice('WORLD='.length), ...environment },
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      endWithUs(child, { group: true })
      return running(child, pids)
    },
    remove() {
      for (const { pid } of processes()) {
        try {
          process.kill(pid, 'SIGKILL')
        } catch {
          // It was quicker.
        }
      }
      rmSync(root, { recursive: true, force: true })
    },
  }
}

function running(child: ChildProcess, pids: (text: string) => readonly number[]): Running {
  let [out, err] = ['', '']
  child.stdout?.on('data', (chunk: Buffer) => (out += chunk.toString()))
  child.stderr?.on('data', (chunk: Buffer) => (err += chunk.toString()))
  let over = false
  const ended = new Promise<number>((done) =>
    child.once('exit', (code, signal) => {
      over = true
      done(code ?? SIGNALS[signal ?? ''] ?? -1)
    }),
  )
  return {
    child,
    out: () => out,
    err: () => err,
    ended,
    async says(text) {
      for (const until = performance.now() + PATIENCE_MS; ; await pause(20)) {
        if (typeof text === 'string' ? `${out}${err}`.includes(text) : text.test(`${out}${err}`)) return
        if (over || performance.now() > until) throw new Error(`it never said ${String(text)}:\n${out}\n${err}`)
      }
    },
    signal(target, name) {
      const pid = child.pid ?? 0
      if (target !== 'node') process.kill(target === 'group' ? -pid : pid, name)
      else for (const program of pids('--import tsx services/park/')) process.kill(program, name)
    },
  }
}
