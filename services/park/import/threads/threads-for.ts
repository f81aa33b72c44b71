import { readdir, stat } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { fileKind } from '../file-names.ts'
import { startImportThreads, type ImportThreads } from './import-threads.ts'

/** Books of so many bytes are worth the start of threads, which takes about a second of processor each. */
const WORTH = 512 * 1_024
// With more of them the thread that reads, and the log, set the pace.
const MOST = 4

/** Threads for the books of a folder; undefined where this thread alone is as quick. */
export async function threadsFor(folder: string): Promise<ImportThreads | undefined> {
  const names = await readdir(folder).catch(() => [])
  const books = names.filter((name) => fileKind(name).is === 'book')
  const sizes = await Promise.all(books.map(async (name) => (await stat(join(folder, name))).size))
  if (sizes.reduce((sum, size) => sum + size, 0) < WORTH) return undefined
  return startImportThreads(Math.min(availableParallelism(), MOST))
}
