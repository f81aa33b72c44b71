import { fork, type ChildProcess } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'
import type { ProcessPlan } from './layout.ts'
import type { Program } from './program.ts'

/** The processes of a park on one machine, each started again when it dies. What systemd or a cluster does for a real one. */
export interface Supervisor {
  /** Settles when every process has been ready once. @throws Error where one dies again and again before it is. */
  ready(): Promise<void>
  /** Process ids of those that are ready now, by label. */
  serving(): ReadonlyMap<string, number>
  /** How often processes were started again. */
  restarts(): number
  /** Stops all of them in order, gateways first; whoever does not end in time is killed. */
  stop(): Promise<void>
}

export interface SupervisorOptions {
  readonly program: Pick<Program, 'main' | 'execArgv'>
  readonly plans: readonly ProcessPlan[]
  /** What every process inherits; its own comes on top. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Hears every line that a process writes to its log, and of deaths. */
  readonly onLine?: (label: string, line: string) => void
}

const FIRST_PAUSE_MS = 50
const LONGEST_PAUSE_MS = 5_000
const STOP_MS = 15_000
// A process that dies so often before it was ever ready has something that starting again does not mend.
const HOPELESS = 8

export function supervise({ program, plans, environment, onLine = () => undefined }: SupervisorOptions): Supervisor {
  const children = new Map<string, ChildProcess>()
  const serving = new Map<string, number>()
  let stopping = false
  let restarts = 0

  /** One process for as long as the park runs; settles `ready` the first time that it says so. */
  function keep(plan: ProcessPlan): { readonly ready: Promise<void>; readonly ended: Promise<void> } {
    let cameUp = (): void => undefined
    let gaveUp = (_: Error): void => undefined
    const ready = new Promise<void>((resolve, reject) => {
      cameUp = resolve
      gaveUp = reject
    })
    async function run(): Promise<void> {
      let wasReady = false
      for (let failures = 0; !stopping; ) {
        const began = performance.now()
        const ended = await start(plan, () => {
          wasReady = true
          cameUp()
        })
        if (stopping) return
        onLine(plan.label, `ended with ${ended} and is started again`)
        failures = performance.now() - began > LONGEST_PAUSE_MS ? 0 : failures + 1
        if (!wasReady && failures >= HOPELESS)
          return gaveUp(new Error(`${plan.label} does not come up: it ended with ${ended}`))
        await pause(Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 1)))
        restarts++
      }
    }
    return { ready, ended: run() }
  }

  /** Runs a process once and answers how it ended. Its own process group, so that a Ctrl-C reaches it by us alone, and once. */
  function start({ label, command, environment: own }: ProcessPlan, onReady: () => void): Promise<string> {
    const child = fork(program.main, [...command], {
      execArgv: [...program.execArgv],
      env: { ...environment, ...own },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: true,
    })
    children.set(label, child)
    for (const stream of [child.stdout, child.stderr]) {
      let rest = ''
      stream?.setEncoding('utf8').on('data', (chunk: string) => {
        const lines = (rest + chunk).split('\n')
        rest = lines.pop() ?? ''
        for (const line of lines) {
          if (stream === child.stdout && line.startsWith('ready ')) {
            if (child.pid !== undefined) serving.set(label, child.pid)
            onReady()
          } else onLine(label, line)
        }
      })
    }
    return new Promise((resolve) => {
      const ended = (how: string): void => {
        children.delete(label)
        serving.delete(label)
        resolve(how)
      }
      child.once('exit', (code, signal) => ended(String(signal ?? code)))
      child.once('error', (error) => ended(error.message))
    })
  }

  const kept = plans.map(keep)
  const everyReady = Promise.all(kept.map(({ ready }) => ready))
  everyReady.catch(() => undefined)

  return {
    ready: async () => void (await everyReady),
    serving: () => serving,
    restarts: () => restarts,
    async stop() {
      stopping = true
      for (const { label } of [...plans].reverse()) children.get(label)?.kill('SIGTERM')
      const late = setTimeout(() => {
        for (const child of children.values()) child.kill('SIGKILL')
      }, STOP_MS)
      await Promise.all(kept.map(({ ended }) => ended))
      clearTimeout(late)
    },
  }
}
