import { formatTonnes } from '../../../schemas/values/mass.ts'
import type { Person } from '../../../schemas/values/person.ts'
import { BOOKS, words } from './books.ts'
import type { Answer, ImportPark, KnownUnit } from './import-park.ts'
import { Row, type Operation } from './plans.ts'
import type { Books } from './read-books.ts'
import type { Report } from './report.ts'

/** Where a unit keeps what a book of master data says, and the column of its key there. */
const KEPT: Readonly<Record<string, readonly [part: keyof KnownUnit, key: string]>> = {
  units: ['registration', ''],
  facilities: ['facilities', '设施编码'],
  licences: ['licences', '许可证编号'],
  vehicles: ['vehicles', '车牌'],
  contracts: ['contracts', '合同编号'],
}

/** Whether master data was refused only because the park knows it otherwise: then the known stays in force, and the row is no fault. */
export const knownOtherwise = (row: Row, answer: Answer): boolean =>
  Object.hasOwn(KEPT, row.name) &&
  answer.status === 'refused' &&
  answer.refusals.every(({ code }) => code === 'already-registered')

/**
 * Says field by field what a row of master data would change and does not: the park keeps no history of master data yet, so what was
 * registered first stays in force, and all rows that name the unit go on.
 */
export async function sayKept(
  { books, report, park }: { readonly books: Books; readonly report: Report; readonly park: ImportPark },
  ordinal: number,
  { origins, command }: Operation,
): Promise<void> {
  const row = new Row(books, ordinal)
  const [part, key] = KEPT[row.name] ?? ['registration', '']
  const unit = await park.unit(row.must(BOOKS[row.book]?.units[0] ?? '统一社会信用代码'))
  const kept = unit[part] as Readonly<Record<string, unknown>> | undefined
  const was = key === '' ? kept : (kept?.[row.must(key)] as Readonly<Record<string, unknown>> | undefined)
  const is = command as Readonly<Record<string, unknown>>
  const say = (column: string, facts: { readonly was: string; readonly is: string }): void =>
    report.say({
      book: row.book,
      row: books.rows.row(ordinal),
      column,
      key: books.keyOf(ordinal),
      code: 'master-data-kept',
      severity: 'WARN',
      facts,
    })
  let said = 0
  for (const [pointer, column] of was === undefined ? [] : origins) {
    const field = pointer.slice(1)
    // Whose it is.
    if (field === 'unit') continue
    if (!(await differs(park, was?.[field], is[field]))) continue
    said++
    say(column, { was: shown(was?.[field]), is: row.may(column) ?? '—' })
  }
  // A park elsewhere does not show all that it knows of a unit.
  if (said === 0) say('', { was: '—', is: books.keyOf(ordinal) })
}

async function differs({ personOf }: ImportPark, was: unknown, is: unknown): Promise<boolean> {
  if (isPerson(is) && isSealed(was)) return personOf !== undefined && (await personOf(is)) !== was.id
  return JSON.stringify(was) !== JSON.stringify(is)
}

const isSealed = (value: unknown): value is { readonly id: string } =>
  typeof value === 'object' && value !== null && 'sealed' in value && 'id' in value
const isPerson = (value: unknown): value is Person =>
  typeof value === 'object' && value !== null && 'name' in value && !('sealed' in value)

const WORDS: readonly Readonly<Record<string, unknown>>[] = [
  words.roles,
  words.management,
  words.facility,
  words.licence,
  words.inside,
]

/** What is registered, as a book would write it; who is registered stays sealed. */
function shown(value: unknown): string {
  if (value === undefined) return '—'
  if (isSealed(value)) return '（已登记的人员，不显示）'
  if (Array.isArray(value)) return value.map(shown).join('|')
  if (typeof value === 'number') return formatTonnes(value)
  for (const list of WORDS) for (const [word, meaning] of Object.entries(list)) if (meaning === value) return word
  return typeof value === 'string' ? value : JSON.stringify(value)
}
