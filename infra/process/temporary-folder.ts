import { chmodSync, lstatSync, mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { atEnd } from './at-end.ts'
import { fromMark, markOf, runs, stillRuns, thisProcess } from './identity.ts'

/** `wufei-demo-1234-567890-x7Kq2a`: kind, mark of the process, chance. */
const NAME = /^wufei-[a-z]+-(\d+-\d+)-\w{6}$/
const STOP_MS = 10_000

export interface TemporaryFolder {
  readonly path: string
  remove(): void
}

/**
 * A folder of this process in the system's temp folder, gone with the process. What a process left that was killed together with
 * everything that could have cleaned up after it, the next one that wants such a folder removes. Other users may pass it but not look into it: a
 * server that root starts runs as one of them.
 */
export function temporaryFolder(kind: string): TemporaryFolder {
  removeLeftFolders()
  const path = mkdtempSync(join(tmpdir(), `wufei-${kind}-${markOf(thisProcess())}-`))
  chmodSync(path, 0o711)
  const removeNow = (): void => rmSync(path, { recursive: true, force: true })
  const forget = atEnd(removeNow)
  return {
    path,
    remove() {
      forget()
      removeNow()
    },
  }
}

/** Removes the folders of processes that run no more, and first ends a process that still works in one, such as a PostgreSQL. Answers what it removed. */
export function removeLeftFolders(): readonly string[] {
  const left = readdirSync(tmpdir())
    .filter((name) => {
      const owner = fromMark(NAME.exec(name)?.[1] ?? '')
      return owner !== undefined && !stillRuns(owner)
    })
    .map((name) => join(tmpdir(), name))
    .filter(isOurs)
  for (const path of left) {
    endProcessesIn(path)
    rmSync(path, { recursive: true, force: true })
  }
  return left
}

/** Anybody may write to a temp folder: only what this user made itself is believed. */
function isOurs(path: string): boolean {
  try {
    const { uid } = lstatSync(path)
    return lstatSync(path).isDirectory() && (process.getuid === undefined || uid === process.getuid())
  } catch {
    return false
  }
}

/** SIGQUIT, on which PostgreSQL ends at once and frees its shared memory; the data go anyway. Only Linux says where a process works. */
function endProcessesIn(path: string): void {
  const pause = new Int32Array(new SharedArrayBuffer(4))
  for (const until = performance.now() + STOP_MS; ; Atomics.wait(pause, 0, 0, 20)) {
    const found = processesIn(path)
    if (found.length === 0) return
    const patient = performance.now() < until
    for (const pid of found) signalled(pid, patient ? 'SIGQUIT' : 'SIGKILL')
    if (!patient) return
  }
}

function processesIn(path: string): readonly number[] {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => {
      if (!(pid > 1) || !runs(pid)) return false
      try {
        return `${readlinkSync(`/proc/${pid}/cwd`)}/`.startsWith(`${path}/`)
      } catch {
        return false
      }
    })
}

function signalled(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It was quicker.
  }
}
