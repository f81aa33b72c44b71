import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { useOf, usersOf } from './users.ts'

const SCRIPT = fileURLToPath(new URL('last-out.sh', import.meta.url))

export interface Watched {
  readonly dir: string
  /** Link to the copy of the binaries that was made for the server, if one was. */
  readonly binaries: string
  /** Folder that goes with the server. */
  readonly temporary: string | undefined
  /** File of a lease (`infra/process/lease.ts`) that ends with the process. */
  readonly lease: string | undefined
}

/** Watches over this process for as long as it uses the server. The answer ends the watch. In a session of its own, so no Ctrl-C reaches it. */
export function watch({ dir, binaries, temporary = '', lease = '' }: Watched): () => void {
  if (process.platform === 'win32') return () => undefined
  const words = [SCRIPT, useOf(dir), usersOf(dir), dir, binaries, temporary, lease]
  const shell = spawn('sh', words, { cwd: '/', detached: true, stdio: ['pipe', 'ignore', 'ignore'] })
  shell.unref()
  shell.stdin.on('error', () => undefined)
  ;(shell.stdin as unknown as { unref(): void }).unref()
  return () => void shell.kill('SIGKILL')
}
