import type { Position } from '../../../infra/event-store/port.ts'
import { minus, plus, type Total } from '../../../schemas/values/total.ts'
import { STAGES, WASTE_STREAMS, type Stage, type WasteStream } from '../../../schemas/values/waste.ts'
import { stageOf } from '../kinds.ts'
import { readFlows, type Flow, type Period } from './flows.ts'
import { knownAt, type AsOf, type Reading } from './reading.ts'
import { EVERYTHING, isWholePark, type Scope, type VisibleTo } from './scope.ts'

export interface LedgerQuestion extends Period {
  readonly scope?: Scope
  readonly asOf?: AsOf
  readonly visible?: VisibleTo
}

/** One of the 25: opening + in - out + adjusted = closing. Grams. */
export interface LedgerCell {
  readonly stage: Stage
  readonly stream: WasteStream
  readonly opening: Total
  readonly in: Total
  readonly out: Total
  readonly adjusted: Total
  readonly closing: Total
}

export interface Ledger extends Period {
  /** By stage, then stream, in the order in which waste passes them. */
  readonly cells: readonly LedgerCell[]
  /** What the sides of all entries sum to: 0. Mass left inside a treatment would show here too. */
  readonly trialBalance: Total
  /** The prefix of the log that these figures are of. */
  readonly position: Position
}

/** The five by five table of a period, as the system knew it at `asOf`. */
export async function readLedger(
  reading: Reading,
  { from, to, scope = {}, asOf, visible = EVERYTHING }: LedgerQuestion,
): Promise<Ledger> {
  const known = await knownAt(reading, asOf)
  const flows = await readFlows(reading, { from, to, known, scope, visible })
  return {
    from,
    to,
    cells: cellsOf(flows),
    trialBalance: trialBalance(flows, isWholePark(scope, visible) && !scope.insideParkOnly),
    position: known.position,
  }
}

/** What a flow does to a stage: it comes in, goes out, or neither where both sides lie in the same stage and scope. */
export function sidesAt(
  stage: Stage,
  { from, to, fromCounts, toCounts }: Pick<Flow, 'from' | 'to' | 'fromCounts' | 'toCounts'>,
): { readonly comes: boolean; readonly goes: boolean } {
  const comes = toCounts && stageOf(to) === stage
  const goes = fromCounts && stageOf(from) === stage
  return comes && goes ? { comes: false, goes: false } : { comes, goes }
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

export function cellsOf(flows: readonly Flow[]): readonly LedgerCell[] {
  return STAGES.flatMap((stage) =>
    WASTE_STREAMS.map((stream) => {
      const cell: Mutable<LedgerCell> = { stage, stream, opening: 0, in: 0, out: 0, adjusted: 0, closing: 0 }
      for (const flow of flows) {
        if (flow.stream !== stream) continue
        const { comes, goes } = sidesAt(stage, flow)
        if (!comes && !goes) continue
        const signed = comes ? flow.grams : minus(0, flow.grams)
        cell.closing = plus(cell.closing, signed)
        if (flow.opening) cell.opening = plus(cell.opening, signed)
        else if (flow.from === 'variance' || flow.to === 'variance') cell.adjusted = plus(cell.adjusted, signed)
        else if (comes) cell.in = plus(cell.in, flow.grams)
        else cell.out = plus(cell.out, flow.grams)
      }
      return cell
    }),
  )
}

/** Over the whole park nothing may be left inside a process; in a part of it, a process may have inputs and residues of different parts. */
function trialBalance(flows: readonly Flow[], wholePark: boolean): Total {
  let sum: Total = 0
  for (const { from, to, grams } of flows) {
    if (!wholePark || to !== 'process') sum = plus(sum, grams)
    if (!wholePark || from !== 'process') sum = minus(sum, grams)
  }
  return sum
}
