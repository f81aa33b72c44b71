import { monthOf } from '../../schemas/values/time.ts'
import { plus, type Total } from '../../schemas/values/total.ts'
import type { Cell, Changes, Rows } from '../projection.ts'
import { kindCode, streamCode } from './kinds.ts'
import type { Entry } from './book.ts'
import { blockTable, dayTable, entryTable, monthTable } from './tables.ts'

/**
 * Blocks of entries: level l holds 2^bits[l] entries, and every block of a level is made of whole blocks of the level below. So the first
 * n entries, for any n, are at most 15 blocks of each level and less than one lowest block of single entries: what was known at any
 * moment costs as much as what is known now, however much came in on one day.
 */
export const LEVELS: readonly number[] = [10, 14, 18, 22, 26]

// Levels are numbered in the high part of a block's number; entry numbers never come near 2^40.
const LEVEL = 2 ** 40
export const blockId = (level: number, index: number): number => level * LEVEL + index

export interface Blocks {
  /** Of the lowest level: they hold days only. */
  readonly lowest: readonly number[]
  /** Of the levels above it: they hold days and ends of months. */
  readonly higher: readonly number[]
  /** Number of the last entry that lies in one of them. */
  readonly covered: number
}

/** The blocks that make up the first `entries` entries. */
export function blocksUpTo(entries: number, levels: readonly number[] = LEVELS): Blocks {
  const [lowest, higher]: [number[], number[]] = [[], []]
  let covered = 0
  for (let level = levels.length - 1; level >= 0; level--) {
    const size = 2 ** (levels[level] ?? 0)
    for (; covered + size <= entries; covered += size)
      (level === 0 ? lowest : higher).push(blockId(level, covered / size))
  }
  return { lowest, higher, covered }
}

interface Sum {
  readonly dimensions: readonly Cell[]
  grams: Total
  entries: number
}
type Sums = Map<string, Sum>

const DIMENSIONS = 8

/** The same dimensions as one string: what is small is packed into one number, four bits a kind. */
function keyOf([day, stream, from, to, method, inside, prior, derived]: readonly Cell[]): string {
  const packed =
    ((Number(stream) * 16 + Number(from)) * 16 + Number(to)) * 8 +
    (inside ? 4 : 0) +
    (prior ? 2 : 0) +
    (derived ? 1 : 0)
  return `${day}|${packed}|${method}`
}

function add(sums: Sums, dimensions: readonly Cell[], grams: Total, entries: number): void {
  const key = keyOf(dimensions)
  const sum = sums.get(key)
  if (sum) {
    sum.grams = plus(sum.grams, grams)
    sum.entries += entries
  } else sums.set(key, { dimensions, grams, entries })
}

/**
 * Rows of what a block holds up to the end of each month that it has entries of. What was before a month, or in a row of months, is then one
 * or the difference of two of them, however many months there are.
 */
function monthEnds(days: Sums): readonly (readonly Cell[])[] {
  const months = new Map<string, Sum[]>()
  for (const sum of days.values()) {
    const month = monthOf(String(sum.dimensions[0]))
    const list = months.get(month)
    if (list) list.push(sum)
    else months.set(month, [sum])
  }
  const held: Sums = new Map()
  return [...months]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([month, sums]) => {
      for (const { dimensions, grams, entries } of sums) add(held, dimensions.with(0, ''), grams, entries)
      return Array.from(held.values(), ({ dimensions, grams, entries }) => [
        ...dimensions.with(0, month),
        grams,
        entries,
      ])
    })
}

/** Day, stream, from, to, method, inside, prior, derived of an entry. */
export function dimensionsOf({ day, from, to, method, layer }: Entry): readonly Cell[] {
  return [
    day,
    streamCode(layer.stream),
    kindCode(from.kind),
    kindCode(to.kind),
    method,
    layer.inside,
    layer.day.slice(0, 4) < day.slice(0, 4),
    layer.derived,
  ]
}

/** Sums of the blocks that are not full yet, one a level. */
export interface Cube {
  /** Takes in entry number `entryNo`, at (or after) `position`. */
  add(entryNo: number, position: number, dimensions: readonly Cell[], grams: number): void
  /** Rows of the blocks that became full since it was last asked. */
  changes(): readonly Changes[]
}

/** Opens the cube behind entry `entries`, reading what is open of each level from the blocks and entries below it. */
export async function openCube(entries: number, rows: Rows, levels: readonly number[] = LEVELS): Promise<Cube> {
  const open: Sums[] = levels.map(() => new Map())
  const days: Cell[][] = []
  const months: Cell[][] = []
  const blocks: Cell[][] = []
  const sizes = levels.map((bits) => 2 ** bits)
  const [lowest = 1] = sizes

  // A level's open block holds the full blocks of the level below, its open one not yet.
  for (let level = 1; level < levels.length; level++) {
    const below = sizes[level - 1] ?? 1
    const start = Math.floor(entries / (sizes[level] ?? 1)) * (sizes[level] ?? 1)
    const full = Array.from({ length: Math.floor((entries - start) / below) }, (_, i) =>
      blockId(level - 1, start / below + i),
    )
    for (const row of await rows.byKey(dayTable, full))
      add(
        open[level] ?? new Map(),
        row.slice(1, 1 + DIMENSIONS),
        row[1 + DIMENSIONS] as Total,
        Number(row[2 + DIMENSIONS]),
      )
  }
  const start = Math.floor(entries / lowest) * lowest
  const columns = Object.keys(entryTable.columns)
  const at = (row: readonly Cell[], column: string): Cell => row[columns.indexOf(column)] ?? null
  for (const row of await rows.byKey(
    entryTable,
    Array.from({ length: entries - start }, (_, i) => start + 1 + i),
  )) {
    const day = String(at(row, 'business_day'))
    const prior = String(at(row, 'origin_day')).slice(0, 4) < day.slice(0, 4)
    add(
      open[0] ?? new Map(),
      [
        day,
        at(row, 'stream'),
        at(row, 'from_kind'),
        at(row, 'to_kind'),
        at(row, 'method'),
        at(row, 'inside'),
        prior,
        at(row, 'derived'),
      ],
      Number(at(row, 'grams')),
      1,
    )
  }

  function close(level: number, index: number): void {
    const sums = open[level] ?? new Map<string, Sum>()
    open[level] = new Map()
    const id = blockId(level, index)
    for (const { dimensions, grams, entries: count } of sums.values()) days.push([id, ...dimensions, grams, count])
    // A lowest block has a day or two, so the ends of its months would be its days once more.
    if (level > 0) for (const row of monthEnds(sums)) months.push([id, ...row])
    const above = open[level + 1]
    if (above) for (const { dimensions, grams, entries: count } of sums.values()) add(above, dimensions, grams, count)
  }

  return {
    add(entryNo, position, dimensions, grams) {
      add(open[0] ?? new Map(), dimensions, grams, 1)
      for (const [level, size] of sizes.entries()) {
        if (entryNo % size !== 0) break
        if (level === 0) blocks.push([entryNo / size - 1, position])
        close(level, entryNo / size - 1)
      }
    },
    changes() {
      const made: readonly Changes[] = [
        [dayTable, days],
        [monthTable, months],
        [blockTable, blocks],
      ].map(([table, inserts]) => ({ table, inserts, upserts: [], deletes: [] }) as Changes)
      const taken = made.map((change) => ({ ...change, inserts: [...change.inserts] }))
      for (const list of [days, months, blocks]) list.length = 0
      return taken
    },
  }
}
