import { LRUCache } from 'lru-cache'
import { v7 } from 'uuid'
import { z } from 'zod'
import { refusal, type Refusal } from '../../../schemas/decision.ts'
import { fileKind } from './file-names.ts'
import type { AwaitFigures } from './figures.ts'
import { importFiles, type Progress } from './import-folder.ts'
import type { ImportPark } from './import-park.ts'
import type { ImportResult } from './report.ts'

const MOST_FILES = 40

/** Books as they are uploaded: files with their text, or their bytes where they may not be UTF-8. */
export const ImportUpload = z.strictObject({
  files: z
    .array(
      z.strictObject({
        // A name, never a path.
        name: z.string().regex(/^[^/\\\u0000-\u001f]{1,100}$/),
        content: z.string(),
        encoding: z.enum(['utf-8', 'base64']).default('utf-8'),
      }),
    )
    .min(1)
    .max(MOST_FILES),
  dryRun: z.boolean().default(false),
})
export type ImportUpload = z.infer<typeof ImportUpload>

/** An import that was asked for. Kept in memory, so it is forgotten when the process ends; the books can then be sent again, and change nothing. */
export interface ImportJob {
  readonly id: string
  readonly state: 'running' | 'done' | 'failed'
  readonly dryRun: boolean
  readonly progress: Progress
  /** Once it is done. */
  readonly report?: ImportResult
}

export interface Imports {
  /** Starts an import in the name of whoever sends it, unless one is under way. */
  start(
    upload: ImportUpload,
    authorization: string,
  ): { readonly started: ImportJob } | { readonly refusals: readonly Refusal[] }
  find(id: string): ImportJob | undefined
  /** Settles when what is under way is done. */
  idle(): Promise<void>
}

const JOBS_KEPT = 20

/** The park for one import: `authorization` is the header of whoever asked for it. */
export type ParkFor = (asked: { readonly dryRun: boolean; readonly authorization: string }) => ImportPark

/** Imports run one at a time: two would only wait for each other’s streams. One is done when the park's figures hold it. `onFault` hears of an import that broke off. */
export function openImports(parkFor: ParkFor, figures: AwaitFigures, onFault: (fault: unknown) => void): Imports {
  const jobs = new LRUCache<string, ImportJob>({ max: JOBS_KEPT })
  let running: Promise<void> | undefined

  async function run(job: ImportJob, { files, dryRun }: ImportUpload, authorization: string): Promise<void> {
    const keep = (change: Partial<ImportJob>): void =>
      void jobs.set(job.id, { ...(jobs.get(job.id) ?? job), ...change })
    try {
      const books = files.map(({ name, content, encoding }) => ({
        name,
        bytes: () => bytesOf(Buffer.from(content, encoding)),
      }))
      const report = await importFiles(books, {
        park: parkFor({ dryRun, authorization }),
        ...(dryRun ? {} : { figures }),
        onProgress: (progress) => keep({ progress }),
      })
      keep({ state: 'done', report })
    } catch (fault) {
      keep({ state: 'failed' })
      onFault(fault)
    }
  }

  return {
    start(upload, authorization) {
      if (running) return { refusals: [refusal('import-busy')] }
      if (!upload.files.some(({ name }) => fileKind(name).is === 'book'))
        return { refusals: [refusal('no-books', '/files')] }
      const job: ImportJob = {
        id: v7(),
        state: 'running',
        dryRun: upload.dryRun,
        progress: { done: 0, rows: 0 },
      }
      jobs.set(job.id, job)
      running = run(job, upload, authorization).finally(() => {
        running = undefined
      })
      return { started: job }
    },
    find: (id) => jobs.get(id),
    idle: () => running ?? Promise.resolve(),
  }
}

async function* bytesOf(bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield bytes
}
