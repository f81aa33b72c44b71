import { type ChildProcess, spawn } from 'node:child_process'

export interface EndWithUsOptions {
  /** The child was started detached; whatever it started itself is killed with it. */
  readonly group?: boolean
  /** What it leaves behind, removed after the kill. */
  readonly folder?: string
}

/**
 * A process of ours that is killed must not leave behind what it started: a shell reads from us until we are gone, however that came about,
 * and then kills.
 */
export function endWithUs(child: ChildProcess, { group = false, folder = '' }: EndWithUsOptions = {}): void {
  const words = [
    '-c',
    'read -r _; kill -s KILL -- "$0"; [ -z "$1" ] || rm -rf -- "$1"',
    `${group ? '-' : ''}${child.pid}`,
    folder,
  ]
  const watcher = spawn('sh', words, { stdio: ['pipe', 'ignore', 'ignore'] })
  watcher.unref()
  child.once('exit', () => watcher.kill('SIGKILL'))
}
