import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { RecordedEvent } from '../../infra/event-store/port.ts'
import { correctedHistory, type Change } from '../../schemas/correction/changes.ts'
import type { Place } from '../../schemas/values/place.ts'
import { pastOf } from '../../test/support/past.ts'
import type { Cell, Table } from '../projection.ts'
import { openMemoryTables, type MemoryTables } from '../runner/memory-tables.ts'
import { journalWith } from './projection.ts'
import { inStreams, wildHistory } from './random-history.ts'
import { balanceTable, entryTable, inflowTable, lotBookTable, pastTable, shortageTable } from './tables.ts'

// Small blocks and foldings kept often, so that short histories meet both.
const projection = journalWith([2, 4, 6], 4)
const SEED = 20_251_201

/** Numbers from 0 to below `n`, the same for the same seed. */
function chance(seed: number): (n: number) => number {
  let state = seed >>> 0
  return (n) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * n)
  }
}

async function folded(history: readonly RecordedEvent[], pageSize = 1_000, crashing = false): Promise<MemoryTables> {
  const tables = openMemoryTables()
  const past = pastOf(history)
  let folding = projection.open()
  for (let at = 0; at < history.length; at += pageSize) {
    tables.apply(await folding.fold(history.slice(at, at + pageSize), tables.rows, past))
    if (crashing) folding = projection.open()
  }
  return tables
}

const MASSES = ['grams', 'accepted', 'refused', 'counted', 'product', 'loss', 'landfilled'] as const
const OTHER = { stream: 'hazardous', code: '900-041-49' }

/** One thing about an event said otherwise: a mass, what the waste is, where it went, what was left of it, or that it never happened. */
function changeOf({ id, revision, data }: RecordedEvent, random: (n: number) => number): Change {
  const was = data as Record<string, Change['was'][string]>
  const masses = MASSES.filter((name) => typeof was[name] === 'number')
  const mass = masses[random(masses.length)]
  const kind = random(14)
  // The vehicle of a load, and the residues of a treatment, as a corrected manifest says them.
  const to = was['to'] as Place | undefined
  if (kind === 12 && to !== undefined)
    return { of: id, revision, was: { to }, is: { to: { ...to, place: `苏E${random(3)}A100` } } }
  const residues = was['residues'] as readonly { readonly grams: number }[] | undefined
  if (kind === 13 && residues !== undefined && residues.length > 0)
    return {
      of: id,
      revision,
      was: { residues },
      is: { residues: residues.map((one) => ({ ...one, grams: 1 + random(90) })) },
    }
  if (kind === 0 || (mass === undefined && was['waste'] === undefined)) return { of: id, revision, was }
  if (mass === undefined || kind === 1) return { of: id, revision, was: {}, is: { waste: OTHER } }
  return {
    of: id,
    revision,
    was: { [mass]: was[mass] ?? 0 },
    is: { [mass]: Math.max(1, Number(was[mass]) + random(201) - 100) },
  }
}

/** The same history with about so many corrections of what came before, here and there. */
function withCorrections(
  history: readonly RecordedEvent[],
  corrections: number,
  random: (n: number) => number,
): readonly RecordedEvent[] {
  const placed = inStreams(history)
  const out: RecordedEvent[] = []
  const add = (event: RecordedEvent) => out.push(event)
  for (const event of placed) {
    add(event)
    for (let more = random(1 + Math.ceil((2 * corrections) / history.length)); more > 0; more--) {
      const target = placed[random(placed.indexOf(event) + 1)]
      if (!target) continue
      add({
        ...target,
        id: `00000000-0000-8000-9000-${String(out.length).padStart(12, '0')}`,
        type: 'LotCorrected',
        recordedAt: event.recordedAt,
        data: { changes: [changeOf(target, random)] },
      })
    }
  }
  return renumbered(out)
}

/** Positions and revisions as they came; a correction names the place that its event has now. */
function renumbered(history: readonly RecordedEvent[]): readonly RecordedEvent[] {
  const numbered = inStreams(history)
  const places = new Map(numbered.map(({ id, revision }) => [id, revision]))
  return numbered.map((event) =>
    event.type === 'LotCorrected'
      ? {
          ...event,
          data: {
            changes: (event.data as { changes: readonly Change[] }).changes.map((change) => ({
              ...change,
              revision: places.get(change.of) ?? 0,
            })),
          },
        }
      : event,
  )
}

/** What the corrections of a history make of it: events of the same places, without the corrections. */
function asCorrected(history: readonly RecordedEvent[]): readonly RecordedEvent[] {
  const streams = new Map<string, RecordedEvent[]>()
  for (const event of history) streams.set(event.stream, [...(streams.get(event.stream) ?? []), event])
  return [...streams.values()]
    .flatMap((events) =>
      correctedHistory(events.map((event) => ({ revision: event.revision, event }))).map(({ event }) => event),
    )
    .filter(({ type }) => type !== 'LotCorrected')
    .toSorted((a, b) => a.position - b.position)
}

const cell = (table: Table) => {
  const names = Object.keys(table.columns)
  return (row: readonly Cell[], name: string): Cell => row[names.indexOf(name)] ?? null
}
const entry = cell(entryTable)
const HOW_AND_WHEN_POSTED = ['entry_no', 'position', 'seq', 'recorded_at', 'grams']
const WHAT = Object.keys(entryTable.columns).filter((name) => !HOW_AND_WHEN_POSTED.includes(name))

function sums(
  rows: readonly (readonly Cell[])[],
  key: (row: readonly Cell[]) => string,
  grams: (row: readonly Cell[]) => number,
) {
  const all = new Map<string, number>()
  for (const row of rows) all.set(key(row), (all.get(key(row)) ?? 0) + grams(row))
  return [...all].filter(([, sum]) => sum !== 0).toSorted()
}

/** Everything that must be the same as in a fresh folding: not when it was posted. */
const compared = (tables: MemoryTables) => ({
  entries: sums(
    tables.all(entryTable),
    (row) => WHAT.map((name) => entry(row, name)).join('|'),
    (row) => Number(entry(row, 'grams')),
  ),
  balances: tables.all(balanceTable).map((row) => [...row.slice(0, -2), row.at(-1)]),
  lots: tables.all(lotBookTable).filter((row) => row[1] !== '' || row[7] === true),
  shortages: sums(
    tables.all(shortageTable),
    (row) => `${row[2]} ${row[3]}`,
    (row) => Number(row[4]),
  ),
  inflows: tables.all(inflowTable),
})

/** Grams by lot and account after an event, by the entries up to it, and by the spans of the stock. */
function stockAt(
  tables: MemoryTables,
  position: number,
): readonly [readonly (readonly [string, number])[], readonly (readonly [string, number])[]] {
  const known = tables.all(entryTable).filter((row) => Number(entry(row, 'position')) <= position)
  const sides = (side: 'from' | 'to', sign: number) =>
    known.map((row) => [
      `${entry(row, `lot_${side}`)} ${entry(row, `${side}_kind`)} ${entry(row, `${side}_holder`)} ${entry(row, `${side}_place`)} ${entry(row, `${side}_document`)}`,
      sign * Number(entry(row, 'grams')),
    ])
  const held = (row: readonly Cell[]) => `${row[0]} ${row[2]} ${row[3]} ${row[4]} ${row[5]}`
  const spans = [
    ...tables.all(balanceTable).filter((row) => Number(row[12]) <= position),
    ...tables.all(pastTable).filter((row) => Number(row[12]) <= position && Number(row[13]) > position),
  ]
  const stock = sums(spans, held, (row) => Number(row[8]))
  const posted = sums(
    [...sides('from', -1), ...sides('to', 1)],
    ([key]) => String(key),
    ([, grams]) => Number(grams),
  )
  return [posted.filter(([key]) => !key.includes(' null null ')), stock]
}

/** Histories with corrections of earlier events, until there are so many of them. */
function* corrected(corrections: number, each: number, deeds: number): Generator<readonly RecordedEvent[]> {
  const random = chance(SEED)
  let made = 0
  for (const wild of fc.sample(wildHistory(deeds), { numRuns: Math.ceil((2 * corrections) / each), seed: SEED })) {
    const history = withCorrections(wild, each, random)
    made += history.filter(({ type }) => type === 'LotCorrected').length
    yield history
    if (made >= corrections) return
  }
  throw new Error(`${made} of ${corrections} corrections`)
}

describe('a correction posts the difference of two foldings', () => {
  test('100,000 corrections: the journal is that of the corrected history, and nothing is below zero', async () => {
    for (const history of corrected(100_000, 400, 40)) {
      const tables = await folded(history)
      const fresh = compared(await folded(asCorrected(history)))
      expect(JSON.stringify(compared(tables))).toBe(JSON.stringify(fresh))
      expect(tables.all(balanceTable).filter((row) => Number(row[8]) <= 0)).toEqual([])
    }
  }, 240_000)

  test('in pages of any size, after a crash between any two of them', async () => {
    let i = 0
    for (const history of corrected(500, 20, 30)) {
      const [whole, paged] = [await folded(history), await folded(history, [1, 7][i++ % 2], true)]
      for (const table of projection.tables) expect(paged.all(table), table.name).toEqual(whole.all(table))
    }
  }, 60_000)

  test('what was known before a correction stays: entries, and what lay where', async () => {
    const random = chance(SEED)
    for (const history of corrected(1_000, 20, 40)) {
      const tables = await folded(history)
      const at = 1 + random(history.length)
      const before = await folded(history.slice(0, at))
      const entries = before.all(entryTable)
      expect(tables.all(entryTable).slice(0, entries.length)).toEqual(entries)
      const [posted, stock] = stockAt(tables, at)
      expect(stock).toEqual(posted)
      expect(stock).toEqual(stockAt(before, at)[1])
    }
  }, 60_000)
})
