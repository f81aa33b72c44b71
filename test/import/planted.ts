import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Runtime } from '../../infra/commanding/execute.ts'
import { importFolder } from '../../services/park/import/import-folder.ts'
import type { ImportResult, Problem } from '../../services/park/import/report.ts'
import { useCasesOf } from '../../infra/http/use-cases.ts'
import { routes } from '../../services/park/process/parts.ts'
import { testRuntime } from '../support/runtime.ts'

/** A copy of a folder of books in which things can be spoilt. Rows count from 1, as in the report. */
export class Books {
  readonly folder: string

  constructor(folder: string) {
    this.folder = folder
  }

  #path = (file: string): string => join(this.folder, `${file}.csv`)

  async lines(file: string): Promise<string[]> {
    return (await readFile(this.#path(file), 'utf8')).trimEnd().split('\n')
  }

  async rewrite(file: string, change: (lines: string[]) => readonly string[]): Promise<void> {
    await writeFile(this.#path(file), `${change(await this.lines(file)).join('\n')}\n`)
  }

  async bytes(file: string, change: (bytes: Buffer) => Buffer): Promise<void> {
    await writeFile(this.#path(file), change(await readFile(this.#path(file))))
  }

  /** Puts another text into one cell. Meant for files without quoted cells. */
  async put(file: string, row: number, column: string, value: (old: string) => string): Promise<void> {
    await this.rewrite(file, (lines) => {
      const at = (lines[0] ?? '').split(',').indexOf(column)
      const cells = (lines[row] ?? '').split(',')
      cells[at] = value(cells[at] ?? '')
      return lines.with(row, cells.join(','))
    })
  }

  /** The first row whose cells by name satisfy the test. */
  async rowWhere(file: string, test: (cell: (column: string) => string) => boolean): Promise<number> {
    const [header = '', ...rows] = await this.lines(file)
    const columns = header.split(',')
    const at = rows.findIndex((row) => test((column) => row.split(',')[columns.indexOf(column)] ?? ''))
    if (at < 0) throw new Error(`no such row in ${file}`)
    return at + 1
  }

  async cell(file: string, row: number, column: string): Promise<string> {
    const lines = await this.lines(file)
    return (lines[row] ?? '').split(',')[(lines[0] ?? '').split(',').indexOf(column)] ?? ''
  }
}

/** Imports a spoilt copy of a bundle into an empty park (or the one given). */
export async function importSpoilt(
  bundle: string,
  spoil: (books: Books) => Promise<void>,
  runtime: Runtime = emptyPark(),
): Promise<ImportResult> {
  const folder = await mkdtemp(join(tmpdir(), 'wufei-books-'))
  try {
    await cp(bundle, folder, { recursive: true })
    await spoil(new Books(folder))
    return await importFolder(folder, { runtime })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

export const emptyPark = (): Runtime => testRuntime({ now: '2026-11-22T00:00:00.000Z', useCases: useCasesOf(routes) })

const DEPENDS = 'depends-on-refused-row'

/** What stands against rows by their own content; the import as a whole and what only follows are left out. */
export const own = ({ problems }: ImportResult): readonly Problem[] =>
  problems.filter(({ code, file }) => code !== DEPENDS && file !== '')
export const dependants = ({ problems }: ImportResult): readonly Problem[] =>
  problems.filter(({ code }) => code === DEPENDS)

/** `file:row:column rule` of each, without repeats. */
export const places = (problems: readonly Problem[]): readonly string[] => [
  ...new Set(problems.map(({ file, row, column, rule }) => `${file}:${row}:${column} ${rule ?? '-'}`)),
]
