import { every, rowsOf, sql, type ReadDatabase, type Sql } from '../../sql.ts'
import type { WasteStream } from '../../../schemas/values/waste.ts'
import { streamCode } from '../kinds.ts'

/** What the reader may see; without either list, everything. A unit sees what it holds and its own waste, a bureau its streams. */
export interface VisibleTo {
  readonly units?: readonly string[]
  readonly streams?: readonly WasteStream[]
}
export const EVERYTHING: VisibleTo = {}

/** Which part of the park is asked for. */
export interface Scope {
  /** What this unit holds, and its own waste wherever that is. */
  readonly unit?: string
  /** What lies at this facility or store. */
  readonly site?: string
  /** Waste of units inside the park only. */
  readonly insideParkOnly?: boolean
  readonly wasteCode?: string
}

/** Whether the cube can tell; it knows no units, places or codes. */
export const isWholePark = ({ unit, site, wasteCode }: Scope, { units }: VisibleTo): boolean =>
  unit === undefined && site === undefined && wasteCode === undefined && units === undefined

/** Conditions on what both the cube and the journal have as columns. */
export const streamsIn = ({ streams }: VisibleTo): Sql | undefined =>
  streams ? sql`stream = any(${streams.map(streamCode)}::smallint[])` : undefined
export const insideOnly = ({ insideParkOnly }: Scope): Sql | undefined => (insideParkOnly ? sql`inside` : undefined)

/**
 * A side of an entry counts in a scope where its account does: a unit's are what it holds and its own waste. Every such account is taken
 * whole, entry for entry, so no cell of a scope goes below zero and each one closes.
 */
function side(holder: Sql, place: Sql, { unit, site }: Scope, { units }: VisibleTo): Sql {
  return every(
    unit === undefined ? undefined : sql`(${holder} is not distinct from ${unit}::text or origin_unit = ${unit}::text)`,
    site === undefined ? undefined : sql`${place} is not distinct from ${site}::text`,
    units === undefined
      ? undefined
      : sql`(coalesce(${holder} = any(${units}::text[]), false) or origin_unit = any(${units}::text[]))`,
  )
}
export const fromSide = (scope: Scope, visible: VisibleTo): Sql =>
  side(sql`from_holder`, sql`from_place`, scope, visible)
export const toSide = (scope: Scope, visible: VisibleTo): Sql => side(sql`to_holder`, sql`to_place`, scope, visible)

/** Entries of which at least one side may count, in words that the indexes know. */
export function entriesIn(scope: Scope, visible: VisibleTo): Sql {
  const { unit, site, wasteCode } = scope
  const { units } = visible
  return every(
    unit === undefined
      ? undefined
      : sql`(from_holder = ${unit}::text or to_holder = ${unit}::text or origin_unit = ${unit}::text)`,
    units === undefined
      ? undefined
      : sql`(from_holder = any(${units}::text[]) or to_holder = any(${units}::text[]) or origin_unit = any(${units}::text[]))`,
    site === undefined ? undefined : sql`(from_place = ${site}::text or to_place = ${site}::text)`,
    wasteCode === undefined ? undefined : sql`code = ${wasteCode}::text`,
    insideOnly(scope),
    streamsIn(visible),
  )
}

/** Whether any entry that this reader may see has a side at this facility, store or vehicle. */
export async function placeInJournal(database: ReadDatabase, site: string, visible: VisibleTo): Promise<boolean> {
  const rows = await rowsOf(database, sql`select from journal_entry where ${entriesIn({ site }, visible)} limit 1`)
  return rows.length > 0
}
