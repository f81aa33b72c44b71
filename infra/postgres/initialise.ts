import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { markOf, thisProcess } from '../process/identity.ts'
import { nameFor, type ServerUser } from './server-user.ts'

export const SUPERUSER = 'wufei'

const secretFile = (dir: string): string => `${dir}.secret`
export const readSecret = (dir: string): string => readFileSync(secretFile(dir), 'utf8').trim()

/**
 * Makes the data folder where it is missing. It is made beside its place and put there whole, so that neither a process that is ended meanwhile nor two
 * that start at once leave half a folder.
 * @throws Error with what initdb says
 */
export function initialise(dir: string, initdb: string, user: ServerUser): void {
  if (existsSync(join(dir, 'PG_VERSION'))) return
  makeSecret(dir, user)
  const made = `${dir}.new-${markOf(thisProcess())}`
  rmSync(made, { recursive: true, force: true })
  mkdirSync(made, { mode: 0o700 })
  if (user.uid !== undefined) chownSync(made, user.uid, user.gid ?? user.uid)
  const name = nameFor(made, user)
  const hidden = name !== made
  // Where its path is closed to the server's user, the secret reaches it as an open file.
  const secret = openSync(secretFile(dir), 'r')
  try {
    const words = ['-D', name, '-U', SUPERUSER, '--auth=scram-sha-256']
    // Collation C: byte order, the same on every machine, and the quickest; names are sorted by the browser anyway.
    words.push(
      `--pwfile=${hidden ? '/dev/stdin' : secretFile(dir)}`,
      '--no-locale',
      '--encoding=UTF8',
      '--no-instructions',
    )
    const { status, stderr, error } = spawnSync(initdb, words, {
      ...(user.uid === undefined ? {} : { uid: user.uid, gid: user.gid }),
      cwd: hidden ? made : '/',
      encoding: 'utf8',
      stdio: [secret, 'ignore', 'pipe'],
    })
    if (status !== 0) throw new Error(`initdb failed in ${dir}: ${stderr || String(error)}`)
    renameSync(made, dir)
  } catch (fault) {
    rmSync(made, { recursive: true, force: true })
    if (!existsSync(join(dir, 'PG_VERSION'))) throw notEmpty(fault, dir)
  } finally {
    closeSync(secret)
  }
}

/** One secret for all that start here at once: the folder of whichever comes first has it. */
function makeSecret(dir: string, { uid, gid }: ServerUser): void {
  try {
    writeFileSync(secretFile(dir), randomBytes(18).toString('base64url'), { mode: 0o600, flag: 'wx' })
    if (uid !== undefined) chownSync(secretFile(dir), uid, gid ?? uid)
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code !== 'EEXIST') throw fault
  }
}

function notEmpty(fault: unknown, dir: string): unknown {
  const { code } = fault as NodeJS.ErrnoException
  if (code !== 'ENOTEMPTY' && code !== 'EEXIST' && code !== 'ENOTDIR') return fault
  return new Error(
    `${dir} is in the way: it holds no data of PostgreSQL and is not empty; move it, or name another DATA_DIR`,
  )
}
