import { MASTER_DATA } from '../books.ts'
import { Row, type Plan } from '../plans.ts'
import type { Books } from '../read-books.ts'

/** Columns that name the unit whose lots a row moves, by book. Slips of one load meet in the stream of their vehicle. */
const TOGETHER: Readonly<Record<string, string>> = {
  'hw-manifests': '移出人代码',
  'gisw-receipts': '移出单位代码',
  trips: '车牌',
}

/**
 * Which thread decides a plan. Rows of one unit keep to one thread, because most of what they read was written by rows of the same unit, and is
 * remembered there. It is never needed for truth: a thread that decides on an outdated state finds out when it appends. Master data all go to
 * the first thread, and nothing else is decided before they are in, so no thread remembers a unit as it was before.
 */
export function routing(threads: number): (books: Books, plan: Plan) => number {
  const threadOf = new Map<string, number>()
  const load = Array.from({ length: threads }, () => 0)

  return (books, { rows }) => {
    const row = new Row(books, rows[0] as number)
    if (row.book < MASTER_DATA) return 0
    const unit = unitOf(books, row)
    const known = threadOf.get(unit)
    const thread = known ?? load.indexOf(Math.min(...load))
    if (known === undefined) threadOf.set(unit, thread)
    load[thread] = (load[thread] ?? 0) + rows.length
    return thread
  }
}

function unitOf(books: Books, row: Row): string {
  if (row.name !== 'hw-treatment') return row.must(TOGETHER[row.name] ?? '单位代码')
  const manifest = books.find('manifest', row.must('联单编号'))
  return manifest === undefined ? row.must('单位代码') : new Row(books, manifest).must('移出人代码')
}
