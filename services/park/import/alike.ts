import { fill } from '../../../schemas/texts/fill.ts'
import { importErrors } from '../../../schemas/texts/errors/import.ts'
import type { Problem } from './report.ts'

/** A problem with its book's place in the order of the report. */
export type Placed = Problem & { readonly place: number }

// A column of which so many cells fail alike was written, or spoilt, as a whole. A short book must fail in every row.
const MANY = 20
const SHARE = 0.5
const EVERY_ROW_OF = 10
// Numbers are made of the codes of a column, never of one cell.
const NUMBERS_OF = 3
// What rests on refused rows is said row by row up to here: each names the row where its trouble began.
const MANY_DEPENDENTS = 100
const DEPENDS = 'depends-on-refused-row'
const FIRST_ROWS = 5

/** One message for each column of a file of which all or most cells fail alike, instead of one a row; everything else is left as it is. */
export function gathered(problems: readonly Placed[], rowsOf: (file: string) => number): Placed[] {
  const groups = new Map<string, Placed[]>()
  for (const problem of problems) {
    if (problem.row === 0 || !Object.hasOwn(importErrors, problem.code) || problem.code === 'finding') continue
    const { file, column, code, rule, severity } = problem
    const name = [file, column, code, rule, severity].join('\u001f')
    const group = groups.get(name)
    if (group) group.push(problem)
    else groups.set(name, [problem])
  }
  const spoken = new Set<Placed>()
  const messages: Placed[] = []
  for (const group of groups.values()) {
    const [first] = group
    if (first === undefined || !many(group.length, rowsOf(first.file), first.code)) continue
    for (const problem of group) spoken.add(problem)
    messages.push(messageOf(first, group))
  }
  return [...problems.filter((problem) => !spoken.has(problem)), ...messages]
}

function many(count: number, rows: number, code: string): boolean {
  if (code === DEPENDS) return count >= MANY_DEPENDENTS && count >= rows * SHARE
  if (code === 'code-became-number' && count >= NUMBERS_OF) return true
  return (count >= MANY && count >= rows * SHARE) || (count >= EVERY_ROW_OF && count === rows)
}

function messageOf(first: Placed, group: readonly Placed[]): Placed {
  const rows = group.slice(0, FIRST_ROWS).map(({ row }) => row)
  const facts = { count: group.length, rows: rows.join(', ') }
  const { zh, en } = importErrors['cells-alike']
  return {
    ...first,
    row: 0,
    key: '',
    zh: `${fill(zh, facts, 'zh')}${first.zh}`,
    en: `${fill(en, facts, 'en')}${first.en}`,
    count: group.length,
    rows,
  }
}
