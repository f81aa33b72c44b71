import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { ensureDatabase, freePort, startCluster, type Cluster } from '../../../infra/postgres/cluster.ts'
import { temporaryFolder } from '../../../infra/process/temporary-folder.ts'
import type { Server } from './kind.ts'

/** A durable server for the stories of one kind, on a disk of its own where the kind wants to fill it. */
export interface StoryServer extends Server {
  /** An empty database. */
  database(name: string): Promise<string>
  close(): Promise<void>
}

export async function openServer(diskMiB?: number): Promise<StoryServer> {
  const temporary = temporaryFolder('faults')
  const root = temporary.path
  const disk = join(root, 'disk')
  mkdirSync(disk)
  if (diskMiB !== undefined) run('mount', '-t', 'tmpfs', '-o', `size=${diskMiB}m,mode=755`, 'none', disk)
  const dir = join(disk, 'data')
  const port = await freePort()
  const settings = [
    'shared_buffers=64MB',
    'max_connections=80',
    ...(diskMiB === undefined ? [] : ['max_wal_size=48MB', 'min_wal_size=32MB']),
  ]
  const start = (): Promise<Cluster> => startCluster({ dir, port, settings })
  let cluster = await start()

  /** A server that was killed may leave sessions behind for a moment; until they are gone the next one does not start. */
  async function startAgain(): Promise<void> {
    for (let tries = 0; ; tries++) {
      try {
        cluster = await start()
        return
      } catch (error) {
        if (tries === 100) throw error
        await delay(50)
      }
    }
  }

  return {
    dir,
    database: (name) => ensureDatabase(cluster, name),
    async restart(how) {
      process.kill(cluster.pid, how === 'immediate' ? 'SIGQUIT' : 'SIGKILL')
      while (isRunning(cluster.pid)) await delay(5)
      await startAgain()
    },
    async revive() {
      if (!isRunning(cluster.pid)) await startAgain()
    },
    async close() {
      await cluster.stop()
      if (diskMiB !== undefined) run('umount', disk)
      temporary.remove()
    },
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

function run(command: string, ...words: readonly string[]): void {
  const { status, stderr } = spawnSync(command, words, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} ${words.join(' ')}: ${stderr}`)
}
