import { BOOKS, bookNamed } from './books.ts'
import type { Report } from './report.ts'

/** What a file of a folder, or of an upload, is by its name. */
export type FileKind =
  | { readonly is: 'book'; readonly book: number }
  /** Looks like a book and cannot be read as one. */
  | { readonly is: 'unread'; readonly code: UnreadCode; readonly nearest: string | undefined }
  /** Notes, figures to compare with, files of the system: none of an import's business. */
  | { readonly is: 'other' }

export type UnreadCode = 'file-unknown' | 'file-misnamed' | 'spreadsheet-not-read' | 'archive-not-read'

// Excel's "Unicode text" ends in .txt, and a table with tabs now and then in .tsv.
const TABLES = new Set(['csv', 'tsv', 'txt'])
const WORKBOOKS = new Set(['xlsx', 'xls', 'xlsm', 'xlsb', 'xltx', 'ods', 'et', 'numbers'])
const ARCHIVES = new Set(['zip', 'rar', '7z', 'gz', 'tgz', 'tar'])
// Files that a system or a spreadsheet puts beside others, and notes for people.
const ASIDE = /^(\.|~\$|readme|notes?\b|说明|备注|desktop\.ini$|thumbs\.db$)/i

/** Sorts a file by its name; case does not matter, as it does not on Windows. */
export function fileKind(name: string): FileKind {
  if (ASIDE.test(name)) return { is: 'other' }
  const dot = name.lastIndexOf('.')
  const ending = dot < 0 ? '' : name.slice(dot + 1).toLowerCase()
  const stem = (dot < 0 ? name : name.slice(0, dot)).toLowerCase()
  const book = bookNamed.get(stem)
  const table = TABLES.has(ending)
  if (table && book !== undefined) return { is: 'book', book }
  const nearest = nearestBook(stem)
  if (WORKBOOKS.has(ending)) return { is: 'unread', code: 'spreadsheet-not-read', nearest }
  if (ARCHIVES.has(ending)) return { is: 'unread', code: 'archive-not-read', nearest }
  // A text file of another name is a note; one without an ending, or with a strange one, is a book only by its whole name.
  if (ending === 'txt' ? nearest === undefined : !table && book === undefined) return { is: 'other' }
  return { is: 'unread', code: nearest === undefined ? 'file-unknown' : 'file-misnamed', nearest }
}

const KNOWN = BOOKS.map(({ name }) => name).join(', ')

/** Says that a file which looks like a book was not read: the import is then not whole. */
export function sayUnread(report: Report, name: string, code: UnreadCode | 'file-twice', nearest: string | undefined) {
  const facts = { known: KNOWN, nearest: nearest === undefined ? '*.csv' : `${nearest}.csv` }
  report.sayOf(name, code, facts, undefined, 'BLOCK')
}

/** The book whose name is meant: copies (`units (1)`, `units - 副本`), other hyphens, and slips of the pen up to a third of the name. */
export function nearestBook(stem: string): string | undefined {
  const plain = stem
    .normalize('NFKC')
    .replace(/\s*(\(\d+\)|- ?副本.*|-? ?copy.*|_?20\d{2,6}.*)$/i, '')
    .replace(/[\s_]+/g, '-')
    .trim()
  let best: { readonly name: string; readonly distance: number } | undefined
  for (const { name } of BOOKS) {
    const distance = editsBetween(plain, name)
    if (distance <= name.length / 3 && distance < (best?.distance ?? Number.POSITIVE_INFINITY))
      best = { name, distance }
  }
  return best?.name
}

/** Levenshtein's distance. */
function editsBetween(a: string, b: string): number {
  let before = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = (before[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1)
      row.push(Math.min((before[j] as number) + 1, (row[j - 1] as number) + 1, change))
    }
    before = row
  }
  return before[b.length] as number
}
