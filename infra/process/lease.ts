import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { atEnd } from './at-end.ts'
import { markOf, type ProcessId, stillRuns, thisProcess } from './identity.ts'

/** The right of one process to something, kept in a file that names it; a holder that runs no more holds nothing. */
export interface Holder extends ProcessId {
  /** Moment it was taken, ISO 8601 in UTC. */
  readonly since: string
  /** Where the holder is reached. */
  readonly url: string
}

/** Who holds it now. */
export function holderOf(file: string): Holder | undefined {
  try {
    const holder = JSON.parse(readFileSync(file, 'utf8')) as Holder
    return stillRuns(holder) ? holder : undefined
  } catch {
    return undefined
  }
}

/** Takes it for as long as this process runs; the answer is undefined then, or who was quicker. */
export function takeLease(file: string, url: string): Holder | undefined {
  mkdirSync(dirname(file), { recursive: true })
  const mark = markOf(thisProcess())
  const mine = `${file}.${mark}`
  const holder: Holder = { ...thisProcess(), since: new Date().toISOString(), url }
  writeFileSync(mine, JSON.stringify(holder))
  try {
    for (;;) {
      try {
        // A link is there whole or not at all, and never takes another's place.
        linkSync(mine, file)
        atEnd(() => {
          if (holderOf(file)?.pid === process.pid) rmSync(file, { force: true })
        })
        return undefined
      } catch (fault) {
        if ((fault as NodeJS.ErrnoException).code !== 'EEXIST') throw fault
      }
      const quicker = holderOf(file)
      if (quicker) return quicker
      discard(file, `${file}.dead-${mark}`)
    }
  } finally {
    rmSync(mine, { force: true })
  }
}

/** Moves a dead holder's file away; a living one that came in its place in the meantime is put back. */
function discard(file: string, away: string): void {
  try {
    renameSync(file, away)
    if (holderOf(away)) linkSync(away, file)
  } catch {
    // Somebody else did, or holds it: the next look says which.
  }
  rmSync(away, { force: true })
}
