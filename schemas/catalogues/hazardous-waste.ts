import edition2021 from './data/hazardous-waste-2021.json' with { type: 'json' }
import edition2025 from './data/hazardous-waste-2025.json' with { type: 'json' }
import type { HazardousEntry } from './catalogue.ts'

/** One edition of the 国家危险废物名录, as it stands in its data file. */
interface Edition {
  readonly edition: string
  /** First and last day in force. */
  readonly from: string
  readonly to?: string
  readonly categories: ReadonlySet<string>
  readonly entries: ReadonlyMap<string, HazardousEntry>
}

interface Row {
  readonly code: string
  readonly hazards: string
  readonly description: string
}

interface EditionFile {
  readonly edition: string
  readonly from: string
  readonly to?: string
  readonly categories: readonly { readonly code: string }[]
  readonly entries: readonly Row[]
}

/** The category that an eight-digit code belongs to, by its last two digits (名录 第四条), whether or not there is one. */
export const categoryOf = (code: string): string => `HW${code.slice(-2)}`

// A comma: surely the first, possibly the others; a slash: one or more of them. Either way these are the letters that may stand.
const entry = ({ code, hazards, description }: Row): HazardousEntry => ({
  code,
  category: categoryOf(code),
  description,
  hazards,
  hazardSet: hazards.split(/[,/]/),
})

const load = ({ edition, from, to, categories, entries }: EditionFile): Edition => ({
  edition,
  from,
  ...(to === undefined ? {} : { to }),
  categories: new Set(categories.map(({ code }) => code)),
  entries: new Map(entries.map((row) => [row.code, entry(row)])),
})

/** Oldest first. A new edition is a new data file and a line here; an old one is never changed, because old acts are judged by it. */
const EDITIONS: readonly [Edition, ...Edition[]] = [load(edition2021), load(edition2025)]

/** The edition in force on that day; the oldest one for days before it, because the park's books know none older (readings R02). */
export const editionOn = (day: string): Edition => EDITIONS.findLast(({ from }) => from <= day) ?? EDITIONS[0]

/** The newest edition's row, or the row of the newest edition that still had it: what stock, plans and contracts may name. */
export const entryInAnyEdition = (code: string): HazardousEntry | undefined =>
  EDITIONS.findLast(({ entries }) => entries.has(code))?.entries.get(code)
