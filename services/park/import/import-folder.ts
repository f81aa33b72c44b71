import { createReadStream } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Runtime } from '../../../infra/commanding/execute.ts'
import { derivedId } from '../../../infra/event-store/event-id.ts'
import { treatmentStream } from '../../../schemas/values/identifiers.ts'
import { businessDay } from '../../../schemas/values/time.ts'
import { BOOKS, MASTER_DATA } from './books.ts'
import { carryOut, failWith, type Desk } from './carry-out.ts'
import type { AwaitFigures } from './figures.ts'
import { fileKind } from './file-names.ts'
import { FailedGroups } from './failed-groups.ts'
import type { ImportPark } from './import-park.ts'
import { KeyedWindow } from './keyed-window.ts'
import { localPark } from './local-park.ts'
import { mappers } from './mapping/mappers.ts'
import { morning, type MappingContext } from './mapping/mapper.ts'
import { Row, type Plan } from './plans.ts'
import { nothingAhead, poolsAhead, type PoolsAhead } from './pools-ahead.ts'
import { readBooks, type BookFile, type Books } from './read-books.ts'
import { Report, type ImportResult } from './report.ts'
import type { ImportThreads } from './threads/import-threads.ts'

export interface Progress {
  readonly done: number
  readonly rows: number
}

interface Pace {
  /** Rows that may be under way at once. */
  readonly window?: number
  readonly onProgress?: (progress: Progress) => void
  /** Waited for at the end, so that who reads after the import misses nothing of it. */
  readonly figures?: AwaitFigures
}

/** The services in this process, where `dryRun` decides everything and writes nothing; or a park wherever it is. */
export type ImportOptions = Pace &
  (
    | {
        readonly runtime: Runtime
        readonly dryRun?: boolean
        readonly settle?: () => Promise<void>
        /** Threads of this process that decide and record instead of this one; on a trial run there are none. */
        readonly threads?: Pick<ImportThreads, 'park'> | undefined
      }
    | { readonly park: ImportPark }
  )

/** What was handed over holds no books at all, or cannot be read: nothing was done. */
export class NoBooks extends Error {
  override readonly name = 'NoBooks'
}

const UNSHOWN = { behind: 'figures-behind', 'not-folded': 'figures-not-folded' } as const

// Rows that are planned, and looked up among what was recorded before, at once.
const CHUNK = 512

/** Reads a folder of books and sends each row through the command path. @throws NoBooks; faults of the store. */
export async function importFolder(folder: string, options: ImportOptions): Promise<ImportResult> {
  let names: string[]
  try {
    names = await readdir(folder)
  } catch (cause) {
    throw new NoBooks(`the folder ${folder} cannot be read`, { cause })
  }
  const files = names.sort().map((name): BookFile => ({ name, bytes: () => createReadStream(join(folder, name)) }))
  const unread = files.filter(({ name }) => fileKind(name).is === 'unread').map(({ name }) => name)
  if (!files.some(({ name }) => fileKind(name).is === 'book'))
    throw new NoBooks(
      `there is no file of the books in ${folder}${unread.length === 0 ? '' : `; not read: ${unread.join(', ')}`}`,
    )
  return importFiles(files, options)
}

export async function importFiles(files: readonly BookFile[], options: ImportOptions): Promise<ImportResult> {
  const began = performance.now()
  const report = new Report()
  const books = await readBooks(files, report)
  try {
    const park = 'park' in options ? options.park : parkHere(options)
    await park.settle?.()
    const desk: Desk = {
      books,
      report,
      park,
      failed: new FailedGroups(books),
      putOff: { plans: [], rows: new Set(), open: false },
    }
    await carryOutAll(desk, options.window ?? park.window, options.onProgress)
    const { accepted } = report.totals()
    if (accepted > 0) report.sayOf('', 'recorded-from-books', { rows: accepted }, 'R106')
    const seconds = (performance.now() - began) / 1_000
    const position = await park.position()
    const shown = (await options.figures?.(position)) ?? 'shown'
    if (shown !== 'shown') report.note({ book: -1, row: 0, column: '', code: UNSHOWN[shown], facts: { position } })
    return report.result({ events: park.events(), seconds, position })
  } finally {
    books.rows.close()
  }
}

function parkHere({
  runtime,
  dryRun = false,
  settle,
  threads,
}: Extract<ImportOptions, { runtime: Runtime }>): ImportPark {
  const local = localPark(runtime, dryRun, settle)
  return threads && !dryRun ? threads.park(local) : local
}

async function carryOutAll(desk: Desk, width: number, onProgress: ImportOptions['onProgress']): Promise<void> {
  const { books, park } = desk
  const order = books.rows.order()
  const line = new KeyedWindow(width)
  const anything = await park.holdsAnything()
  desk.putOff.open = anything
  const ahead = anything ? await poolsAhead(books, park, (row) => firstCommandId(books, park, row)) : nothingAhead
  const context = mappingContext(books, ahead, park)
  let before = -1
  let done = 0
  for (let from = 0; from < order.length; from += CHUNK) {
    const planned: { readonly plan: Plan; readonly ids: readonly string[]; readonly book: number }[] = []
    for (const ordinal of order.subarray(from, from + CHUNK)) {
      const plan = await planOf(desk, ordinal, context)
      if (plan) planned.push({ plan, ids: commandIds(books, park, plan), book: books.rows.book(ordinal) })
    }
    const recorded = anything
      ? await park.recorded(planned.flatMap(({ ids }) => ids))
      : new Map<string, string | undefined>()
    for (const { plan, ids, book } of planned) {
      const phase = Math.min(book, MASTER_DATA + 1)
      // What has no business time comes book by book: a unit is registered before anything names it.
      if (phase !== before && before <= MASTER_DATA) await line.drained()
      before = phase
      const known = ids.length > 0 && ids.every((id) => recorded.has(id) && isOf(plan, recorded.get(id)))
      await line.enter(plan.streams, async () => {
        if (known) leaveUnchanged(desk, plan, ahead)
        else await carryOut(desk, plan, ids)
        done += plan.rows.length
        if (done % 64 < plan.rows.length) onProgress?.({ done, rows: books.rows.size })
      })
    }
  }
  await line.drained()
  desk.putOff.open = false
  for (const { plan, ids } of desk.putOff.plans) await carryOut(desk, plan, ids)
  onProgress?.({ done: books.rows.size, rows: books.rows.size })
}

/** Whether a row may have been recorded there. Under an id that was used elsewhere it is sent, and refused as used for something else. */
const isOf = ({ streams, operations }: Plan, stream: string | undefined): boolean =>
  stream === undefined ||
  streams.includes(stream) ||
  // Its id is made with the park's secret, of the manifest, the line and the number of the treatment.
  (stream.startsWith(TREATMENT) && operations.some(({ step }) => step === 'treat'))
const TREATMENT = treatmentStream('')

/** The plan of a row, unless it is decided already or is read with another. */
async function planOf(desk: Desk, ordinal: number, context: MappingContext): Promise<Plan | undefined> {
  const { books } = desk
  const { rows } = books
  const name = BOOKS[rows.book(ordinal)]?.name ?? ''
  if (rows.failed(ordinal)) desk.failed.note(ordinal)
  if (name === 'hw-manifest-lines') {
    if (rows.fate(ordinal) === 'pending') settleLine(desk, new Row(books, ordinal))
    return undefined
  }
  if (rows.fate(ordinal) !== 'pending') return undefined
  return mappers[name]?.(new Row(books, ordinal), context)
}

/** A line whose manifest is missing or no good goes no further; any other is read with its manifest. */
function settleLine(desk: Desk, line: Row): void {
  const number = line.must('联单编号')
  const manifest = desk.books.meant('manifest', number)
  if (manifest === undefined) {
    desk.books.refuse(line.ordinal, '联单编号', {
      code: 'line-without-manifest',
      rule: 'R47',
      facts: { value: number },
    })
    desk.books.strayLine(line.ordinal)
  } else if (desk.books.rows.failed(manifest))
    failWith(desk, { rows: [line.ordinal] }, line.ordinal, '联单编号', manifest)
}

/** One id for each command, out of the row's natural key, the step and the content: the same row again means the same commands. */
function commandIds(books: Books, park: ImportPark, { rows, operations }: Plan): readonly string[] {
  const [first = 0] = rows
  const all = rows.map((row) => new Row(books, row).content).join('\n')
  const name = BOOKS[books.rows.book(first)]?.name ?? ''
  return operations.map(({ step, content = all, rows: [owner] }) =>
    park.commandId(
      derivedId('import', name, books.keyOf(first), step, owner === first ? '' : books.keyOf(owner), content),
    ),
  )
}

/** The id of the one command of a row that asks for one only. */
function firstCommandId(books: Books, park: ImportPark, row: Row): string {
  const step = FIRST_STEP[row.name] ?? ''
  return park.commandId(derivedId('import', row.name, books.keyOf(row.ordinal), step, '', row.content))
}
const FIRST_STEP: Readonly<Record<string, string>> = { 'gisw-generation': 'generate', 'gisw-out': 'ship' }

function leaveUnchanged({ books, report }: Desk, { rows }: Plan, ahead: PoolsAhead): void {
  for (const row of rows) {
    ahead.pass(row)
    if (books.rows.fate(row) !== 'pending') continue
    books.rows.decide(row, 'unchanged')
    report.decided(books.rows.book(row), 'unchanged')
  }
}

function mappingContext(
  books: Books,
  ahead: PoolsAhead,
  { catalogues, booksFrom, unit, lotOfLabel, idOf }: ImportPark,
): MappingContext {
  const year = morning(`${books.year ?? new Date().getUTCFullYear()}-01-01`)
  const parkBegins = morning(booksFrom)
  return {
    books,
    catalogues,
    ahead,
    // A park may begin its books within a year.
    booksBegin: year < parkBegins ? parkBegins : year,
    period: books.period ?? businessDay(new Date().toISOString()),
    parkBegins,
    unit,
    lotOfLabel,
    idOf,
  }
}
