import type { Position } from '../../../infra/event-store/port.ts'
import { minus, plus, totalOf, type Total } from '../../../schemas/values/total.ts'
import { rowsOf, sql } from '../../sql.ts'
import { type Account, accountOf, type Kind } from '../../../schemas/mass/account.ts'
import { kindNamed } from '../kinds.ts'
import { massRows } from './mass-rows.ts'
import { knownAt, type AsOf, type Reading } from './reading.ts'

export type Direction = 'upstream' | 'downstream' | 'both'

export interface CustodyQuestion {
  /** Where to begin; the caller found them by label, batch or manifest. */
  readonly lots: readonly string[]
  readonly direction?: Direction
  /** How many times from lot to lot; every one by default. An edge is at most one such step, so this holds every chain of so many edges. */
  readonly depth?: number
  readonly asOf?: AsOf
  /** Most edges of the answer; what goes beyond is cut off at the end of the history. */
  readonly maxEdges?: number
}

/** A lot in one account, or where its mass comes from or ends. */
export interface CustodyNode {
  readonly id: string
  readonly lot: string
  readonly kind: Kind
  readonly holder: string | null
  readonly place: string | null
  readonly document: string | null
  readonly wasteCode: string
  /** All that ever came in here; of an origin, all that went out. */
  readonly grams: Total
  /** What is still here. */
  readonly open: Total
  /** A lot next to the ones that were walked: its other edges are not in the graph. */
  readonly beyond: boolean
  /** Where its lot came to be: mass came in here from an origin or out of another lot. */
  readonly birth: boolean
}

export interface CustodyEdge {
  readonly from: string
  readonly to: string
  /** `<kind> -> <kind>`, or `split`, `mix`, `residue` between lots. */
  readonly kind: string
  readonly grams: Total
  /** When it happened, in Shanghai's time. */
  readonly at: string
  /** The event that moved it. */
  readonly position: Position
}

export interface CustodyGraph {
  readonly nodes: readonly CustodyNode[]
  readonly edges: readonly CustodyEdge[]
  /** In every node what came in is what went out and what the stock says is open. */
  readonly balanced: boolean
  readonly truncated: boolean
  readonly position: Position
}

interface EdgeRow {
  readonly position: number
  readonly at: string
  readonly code: string
  readonly lot_from: string
  readonly lot_to: string
  readonly from_kind: number
  readonly from_holder: string | null
  readonly from_place: string | null
  readonly from_document: string | null
  readonly to_kind: number
  readonly to_holder: string | null
  readonly to_place: string | null
  readonly to_document: string | null
  readonly grams: number | string
}

const MAX_EDGES = 5_000
const MAX_LOTS = 2_000
const EVERY = 1_000

/**
 * All that happened to some lots and to the lots on their way: places and ends as nodes, moves with grams as edges in the order of the journal, as
 * the system knew it at `asOf`. What of it lies upstream or downstream, and how near, is `chainOf` (chain.ts).
 */
export async function readCustody(
  reading: Reading,
  { lots, direction = 'both', depth = EVERY, asOf, maxEdges = MAX_EDGES }: CustodyQuestion,
): Promise<CustodyGraph> {
  const { position, entryNo } = await knownAt(reading, asOf)
  const walked = new Set(lots)
  if (direction !== 'upstream')
    for (const lot of await reach(reading, lots, 'downstream', depth, entryNo)) walked.add(lot)
  if (direction !== 'downstream')
    for (const lot of await reach(reading, lots, 'upstream', depth, entryNo)) walked.add(lot)
  const rows = await massRows<EdgeRow>(
    reading.database,
    ({ sum }) => sql`
    select of_position::float8 as position, to_char(min(occurred_at) at time zone 'Asia/Shanghai', 'YYYY-MM-DD"T"HH24:MI:SS.MS"+08:00"') as at, code, lot_from, lot_to,
      from_kind, from_holder, from_place, from_document, to_kind, to_holder, to_place, to_document, ${sum(sql`grams`)} as grams
    from journal_entry e
    where e.entry_no <= ${entryNo}::bigint and (lot_from = any(${[...walked]}::text[]) or (lot_to = any(${[...walked]}::text[]) and lot_from <> lot_to))
    group by e.of_position, code, lot_from, lot_to, from_kind, from_holder, from_place, from_document, to_kind, to_holder, to_place, to_document
    having sum(grams) <> 0
    order by ${direction === 'upstream' ? sql`of_position desc, min(e.entry_no) desc` : sql`of_position, min(e.entry_no)`} limit ${maxEdges + 1}::integer`,
    ({ grams }) => Number(grams),
  )
  const truncated = rows.length > maxEdges || walked.size > MAX_LOTS
  // What is too much is cut off at the far end: the newest where the way goes downstream, the oldest upstream.
  const kept = rows.slice(0, maxEdges)
  const graph = graphOf(direction === 'upstream' ? kept.toReversed() : kept, walked)
  // The stock says nothing about a graph of which a part was cut off.
  const stock = truncated ? undefined : await openIn(reading, [...walked], position)
  return { ...graph, balanced: balances(graph.nodes, graph.edges, stock), truncated, position }
}

/** Lots that mass went on to, or came from, by splits, mixes and residues. */
async function reach(
  { database }: Reading,
  lots: readonly string[],
  direction: Direction,
  depth: number,
  entryNo: number,
): Promise<readonly string[]> {
  const [near, far] = direction === 'downstream' ? [sql`lot_from`, sql`lot_to`] : [sql`lot_to`, sql`lot_from`]
  const found = new Set(lots)
  let edge: readonly string[] = lots
  // Hop by hop, so that a lot is walked once, whatever ways lead to it.
  for (let hop = 0; hop < depth && edge.length > 0 && found.size <= MAX_LOTS; hop++) {
    const next = await rowsOf<{ lot: string }>(
      database,
      sql`
      select distinct ${far} as lot from journal_entry where lot_from <> lot_to and ${near} = any(${[...edge]}::text[]) and entry_no <= ${entryNo}::bigint`,
    )
    edge = next.map(({ lot }) => lot).filter((lot) => !found.has(lot))
    for (const lot of edge) found.add(lot)
  }
  return [...found]
}

/** Grams in every account of these lots at a position, by the stock and not by the journal, so that one can be held against the other. */
async function openIn(
  { database }: Reading,
  lots: readonly string[],
  position: Position,
): Promise<ReadonlyMap<string, Total>> {
  const rows = await massRows<{ lot: string; account: string; grams: number | string }>(
    database,
    ({ value }) => sql`
    select lot, account, ${value(sql`grams`)} as grams from journal_balance where lot = any(${[...lots]}::text[]) and since <= ${position}::bigint
    union all
    select lot, account, ${value(sql`grams`)} from journal_balance_past where lot = any(${[...lots]}::text[]) and since <= ${position}::bigint and until > ${position}::bigint`,
    ({ grams }) => Number(grams),
  )
  return new Map(rows.map(({ lot, account, grams }) => [nodeId(lot, account), totalOf(grams)]))
}

const nodeId = (lot: string, account: string): string => `${lot}@${account}`

interface GrowingNode extends Omit<CustodyNode, 'grams' | 'open' | 'birth'> {
  into: Total
  out: Total
  birth: boolean
}

function graphOf(
  rows: readonly EdgeRow[],
  walked: ReadonlySet<string>,
): { readonly nodes: readonly CustodyNode[]; readonly edges: readonly CustodyEdge[] } {
  const nodes = new Map<string, GrowingNode>()
  const nodeOf = (lot: string, account: Account, wasteCode: string): GrowingNode => {
    const id = nodeId(lot, account.key)
    const known = nodes.get(id)
    if (known) return known
    const { kind, holder, place, document } = account
    const fresh: GrowingNode = {
      id,
      lot,
      kind,
      holder,
      place,
      document,
      wasteCode,
      into: 0,
      out: 0,
      beyond: !walked.has(lot),
      birth: false,
    }
    nodes.set(id, fresh)
    return fresh
  }
  const edges = rows.map((row): CustodyEdge => {
    const [fromKind, toKind] = [kindNamed(row.from_kind), kindNamed(row.to_kind)]
    // Mass comes to be and ends within a lot, so each lot has an origin and ends of its own.
    const from = nodeOf(row.lot_from, accountOf(fromKind, row.from_holder, row.from_place, row.from_document), row.code)
    const to = nodeOf(row.lot_to, accountOf(toKind, row.to_holder, row.to_place, row.to_document), row.code)
    const grams = totalOf(row.grams)
    from.out = plus(from.out, grams)
    to.into = plus(to.into, grams)
    if (from.kind === 'origin' || from.lot !== to.lot) to.birth = true
    return {
      from: from.id,
      to: to.id,
      kind: edgeKind(row, fromKind, toKind),
      grams,
      at: row.at,
      position: row.position,
    }
  })
  return {
    edges,
    nodes: [...nodes.values()].map(({ into, out, ...node }) => {
      const source = node.kind === 'origin' || node.kind === 'variance'
      return { ...node, grams: source && out > into ? out : into, open: source ? 0 : minus(into, out) }
    }),
  }
}

function edgeKind({ lot_from, lot_to }: EdgeRow, from: Kind, to: Kind): string {
  if (lot_from === lot_to) return `${from} -> ${to}`
  return from === 'process' ? 'residue' : 'handed to another lot'
}

/** Whether the sums of the edges say of every account just what the stock says lies there. Origins, ends and lots beyond have no stock. */
function balances(
  nodes: readonly CustodyNode[],
  edges: readonly CustodyEdge[],
  stock: ReadonlyMap<string, Total> | undefined,
): boolean {
  if (edges.some(({ grams }) => grams <= 0)) return false
  return nodes.every(({ id, kind, open, beyond }) => {
    if (
      beyond ||
      kind === 'origin' ||
      kind === 'variance' ||
      kind === 'product' ||
      kind === 'loss' ||
      kind === 'landfill'
    )
      return true
    if (open < 0) return false
    if (kind === 'process') return open === 0
    return stock === undefined || open === (stock.get(id) ?? 0)
  })
}
