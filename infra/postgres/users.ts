import { mkdirSync, readdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fromMark, markOf, nameOfThisProcess, stillRuns, thisProcess } from '../process/identity.ts'

/**
 * Who uses the server of a folder: one file a process in `<folder>.users`. The last one out stops the server, and who that is decides `rmdir`, which
 * takes only an empty folder: a process that enters its mark a moment earlier keeps the server, one that comes a moment later finds no folder
 * to enter it in and starts a server of its own.
 */
export const usersOf = (dir: string): string => `${dir}.users`

/** The file of this process. */
export const useOf = (dir: string): string => join(usersOf(dir), markOf(thisProcess()))

/** Enters this process. */
export function enter(dir: string): void {
  for (;;) {
    mkdirSync(usersOf(dir), { recursive: true })
    try {
      writeFileSync(useOf(dir), nameOfThisProcess())
      return
    } catch (fault) {
      // The last one went between the two lines.
      if ((fault as NodeJS.ErrnoException).code !== 'ENOENT') throw fault
    }
  }
}

/** Takes this process off; true where it was the last, and has to stop the server. */
export function leave(dir: string): boolean {
  rmSync(useOf(dir), { force: true })
  for (const mark of marks(dir)) {
    const user = fromMark(mark)
    if (user && !stillRuns(user)) rmSync(join(usersOf(dir), mark), { force: true })
  }
  try {
    rmdirSync(usersOf(dir))
    return true
  } catch (fault) {
    const { code } = fault as NodeJS.ErrnoException
    if (code === 'ENOTEMPTY' || code === 'EEXIST' || code === 'ENOENT') return false
    throw fault
  }
}

function marks(dir: string): readonly string[] {
  try {
    return readdirSync(usersOf(dir))
  } catch {
    return []
  }
}
