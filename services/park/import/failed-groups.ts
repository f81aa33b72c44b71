import { parseTonnes } from '../../../schemas/values/mass.ts'
import { distanceOf, nearest } from './lost-names.ts'
import { Row } from './plans.ts'
import type { Books } from './read-books.ts'

/** What rows of a group have in common: a kind and two cells; an empty second one: whatever it is. */
export type Group = readonly [kind: string, first: string, second: string]

/** Books whose rows support others: of a group one or another is needed, not this very row. */
const GROUPED: Readonly<Record<string, readonly [kind: string, first: string, second: string]>> = {
  licences: ['licence', '单位代码', '许可证编号'],
  vehicles: ['vehicle', '承运人代码', '车牌'],
  plans: ['plan', '移出人代码', '废物代码'],
  contracts: ['contract', '移出人代码', '废物代码'],
  'gisw-generation': ['pool', '单位代码', '代码'],
}

const POOLED = '产生数量(吨)'
const UNTOLD = '\u0000'
const keyOf = (kind: string, first: string, second: string): string => [kind, first, second].join('\u001f')

/** Rows that failed, by the groups they belong to, for those who need one of a group. */
export class FailedGroups {
  readonly #books: Books
  readonly #rows = new Map<string, number[]>()

  constructor(books: Books) {
    this.#books = books
  }

  note(ordinal: number): void {
    const row = new Row(this.#books, ordinal)
    const grouped = GROUPED[row.name]
    if (grouped === undefined) return
    const [kind, one, other] = grouped
    const [first, second] = [row.must(one), row.must(other)]
    this.#add(keyOf(kind, first, second), ordinal)
    this.#add(keyOf(kind, first, ''), ordinal)
    if (this.#books.faulty(ordinal, one)) this.#add(keyOf(kind, UNTOLD, second), ordinal)
    if (this.#books.faulty(ordinal, other)) this.#add(keyOf(kind, first, UNTOLD), ordinal)
  }

  /** A failed row of that group, or one that was most likely meant to belong to it. */
  find([kind, first, second]: Group): number | undefined {
    const [exact] = this.#rows.get(keyOf(kind, first, second)) ?? []
    if (exact !== undefined) return exact
    return nearest([
      ...this.#likely(keyOf(kind, UNTOLD, second), 1, first),
      ...this.#likely(keyOf(kind, first, UNTOLD), 2, second),
    ])
  }

  /** Mass that the failed rows of a pool would have brought; unbounded where one of them does not say it. `cause`: the one that was found. */
  grams([kind, first, second]: Group, cause: number): number {
    const rows = this.#rows.get(keyOf(kind, first, second)) ?? [cause]
    return rows.reduce((sum, ordinal) => {
      const told = this.#books.sure(ordinal, POOLED)
        ? parseTonnes(new Row(this.#books, ordinal).must(POOLED))
        : undefined
      return sum + (told ?? Number.POSITIVE_INFINITY)
    }, 0)
  }

  #likely(key: string, at: 1 | 2, right: string) {
    return (this.#rows.get(key) ?? []).map((ordinal) => {
      const row = new Row(this.#books, ordinal)
      return { ordinal, distance: distanceOf(row.must(GROUPED[row.name]?.[at] ?? ''), right) }
    })
  }

  #add(key: string, ordinal: number): void {
    const known = this.#rows.get(key)
    if (known === undefined) this.#rows.set(key, [ordinal])
    else if (!known.includes(ordinal)) known.push(ordinal)
  }
}
