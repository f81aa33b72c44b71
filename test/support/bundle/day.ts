import { formatTonnes } from '../../../schemas/values/mass.ts'
import type { BookWriter } from './books.ts'
import type { Chance } from './chance.ts'
import type { Park } from './park.ts'
import type { Sums } from './sums.ts'

/** What one day of the books is written with. */
export interface Day {
  readonly books: BookWriter
  readonly chance: Chance
  readonly park: Park
  readonly sums: Sums
  /** Day since the first. */
  readonly no: number
  readonly date: string
  /** `20261001` */
  readonly digits: string
  /** RFC 3339 of a minute of this day. */
  at(minute: number): string
  /** The next code of that kind for that unit on this day. */
  code(letters: string, owner: string): string
}

export const tonnes = (grams: number): string => formatTonnes(grams)
export const someone = (chance: Chance): string => `经办${chance.whole(1, 60)}`

export function dayOf(books: BookWriter, chance: Chance, park: Park, sums: Sums, no: number, date: string): Day {
  const digits = date.replaceAll('-', '')
  const serials = new Map<string, number>()
  return {
    books,
    chance,
    park,
    sums,
    no,
    date,
    digits,
    at: (minute) =>
      `${date}T${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}:00+08:00`,
    code(letters, owner) {
      const serial = (serials.get(letters + owner) ?? 0) + 1
      serials.set(letters + owner, serial)
      return `${letters}${digits}${String(serial).padStart(3, '0')}`
    },
  }
}
