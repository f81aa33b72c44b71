import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { npmScript } from '../configuration/npm-script.ts'

/** One run of one process. The number alone would not do: systems hand numbers out again. */
export interface ProcessId {
  readonly pid: number
  /** When it began: clock ticks since boot on Linux, seconds since 1970 elsewhere; digits only. */
  readonly began: string
}

/** When the process of this number began; undefined where none runs. One that ended and waits for its parent (zombie) does not run. */
export function beganAt(pid: number): string | undefined {
  if (process.platform !== 'linux') return beganByPs(pid)
  try {
    // proc(5), /proc/<pid>/stat: the name in brackets may hold anything, blanks too; after it state is field 3, starttime field 22.
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19]
  } catch {
    return undefined
  }
}

function beganByPs(pid: number): string | undefined {
  const { status, stdout } = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' })
  const at = Date.parse(stdout)
  return status !== 0 || Number.isNaN(at) ? undefined : String(at / 1_000)
}

export const runs = (pid: number): boolean => beganAt(pid) !== undefined

export const stillRuns = ({ pid, began }: ProcessId): boolean => beganAt(pid) === began

let own: ProcessId | undefined

export function thisProcess(): ProcessId {
  own ??= { pid: process.pid, began: beganAt(process.pid) ?? '0' }
  return own
}

/** `1234-567890`: what folders and files of a process are marked with. */
export const markOf = ({ pid, began }: ProcessId): string => `${pid}-${began}`

export function fromMark(mark: string): ProcessId | undefined {
  const [, pid, began] = /^(\d+)-(\d+)$/.exec(mark) ?? []
  return pid === undefined || began === undefined ? undefined : { pid: Number(pid), began }
}

/** What a process is called where people read of it: its npm script, else the file that it runs. */
export const nameOfThisProcess = (): string =>
  npmScript() ?? process.argv[1]?.split(/[/\\]/).slice(-2).join('/') ?? 'node'
