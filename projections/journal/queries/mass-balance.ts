import type { Position } from '../../../infra/event-store/port.ts'
import { isRecovery, recyclingFormula } from '../../../schemas/rules/indicators.ts'
import type { WasteStream } from '../../../schemas/values/waste.ts'
import type { Kind } from '../kinds.ts'
import { readFlows, type Flow, type Period } from './flows.ts'
import { knownAt, type AsOf, type Reading } from './reading.ts'
import type { Scope, VisibleTo } from './scope.ts'

export interface MassBalanceQuestion extends Period {
  readonly stream: WasteStream
  readonly scope?: Scope
  readonly asOf?: AsOf
  readonly visible?: VisibleTo
}

/** Mass treated by one method in the period, and what of it was 往年贮存. Grams. */
export interface MethodMass {
  readonly method: string
  readonly recovery: boolean
  readonly grams: number
  readonly priorYear: number
}

/** The words of the park's books. Grams in the period; `...StockEnd` at its end. */
export interface MassBalance extends Period {
  readonly stream: WasteStream
  /** Producers' stock when the period began, with stock of earlier years that the books opened within it. */
  readonly openingStock: number
  /** Residues of treatments among it. */
  readonly generated: number
  readonly residueGenerated: number
  readonly storedIn: number
  readonly shipped: number
  readonly accepted: number
  readonly refused: number
  /** Refused mass that came back. */
  readonly returned: number
  /** What was weighed on arrival less what was weighed on departure. */
  readonly variance: number
  /** 盘盈盘亏 and differences between weighings before departure. */
  readonly stockAdjusted: number
  readonly treated: number
  readonly product: number
  readonly residue: number
  readonly loss: number
  readonly landfilled: number
  readonly recovered: number
  readonly recoveredPriorYear: number
  readonly disposed: number
  /** Generated, classified or in store and not yet shipped, residues apart. */
  readonly producerStockEnd: number
  /** Accepted and not yet treated. */
  readonly facilityStockEnd: number
  readonly residueStockEnd: number
  readonly byMethod: readonly MethodMass[]
  /** Whether every mass that came is where the figures say. */
  readonly balanced: boolean
  readonly position: Position
}

type Side = Pick<Flow, 'from' | 'to' | 'fromCounts' | 'toCounts'>

const AT_PRODUCER: ReadonlySet<Kind> = new Set(['generation', 'classification', 'collection'])
const isProducers = (kind: Kind): boolean => AT_PRODUCER.has(kind)
/** An entry counts where the account that its word is about belongs to the scope. */
const cameFrom = (from: (kind: Kind) => boolean, to: (kind: Kind) => boolean) => (flow: Side) =>
  (flow.fromCounts || flow.toCounts) && from(flow.from) && to(flow.to)
const is =
  (...kinds: readonly Kind[]) =>
  (kind: Kind) =>
    kinds.includes(kind)
const onTheRoad = is('transport', 'refused')

export async function readMassBalance(reading: Reading, question: MassBalanceQuestion): Promise<MassBalance> {
  const { from, to, stream, scope = {}, asOf, visible } = question
  const known = await knownAt(reading, asOf)
  const flows = await readFlows(reading, {
    from,
    to,
    known,
    scope,
    stream,
    detailed: true,
    ...(visible ? { visible } : {}),
  })
  return balanceOf(flows, { from, to }, stream, known.position)
}

export function balanceOf(
  flows: readonly Flow[],
  period: Period,
  stream: WasteStream,
  position: Position,
): MassBalance {
  const formula = recyclingFormula(stream, period.to)
  const within = flows.filter(({ opening }) => !opening)
  const earlier = flows.filter(({ opening }) => opening)
  const sum = (of: readonly Flow[], test: (flow: Flow) => boolean): number =>
    of.reduce((total, flow) => (test(flow) ? total + flow.grams : total), 0)
  const during = (from: (kind: Kind) => boolean, to: (kind: Kind) => boolean): number => sum(within, cameFrom(from, to))
  /** What lies in accounts of these kinds: all that came less all that went. */
  const held = (of: readonly Flow[], kinds: (kind: Kind) => boolean, derived?: boolean): number =>
    sum(of, (flow) => kinds(flow.to) && flow.toCounts && (derived === undefined || flow.derived === derived)) -
    sum(of, (flow) => kinds(flow.from) && flow.fromCounts && (derived === undefined || flow.derived === derived))

  const opened =
    during(is('origin'), is('collection', 'classification')) - during(is('collection', 'classification'), is('origin'))
  const residueGenerated = during(is('process'), isProducers)
  const generated = during(is('origin'), is('generation')) - during(is('generation'), is('origin')) + residueGenerated
  const shipped = during(isProducers, onTheRoad)
  const accepted = during(onTheRoad, is('disposal'))
  const refused = during(is('transport'), is('refused'))
  const returned = during(onTheRoad, isProducers)
  const variance = during(is('variance'), onTheRoad) - during(onTheRoad, is('variance'))
  const stockAdjusted = during(is('variance'), isProducers) - during(isProducers, is('variance'))
  const treatedFlows = within.filter(cameFrom(is('disposal'), is('process')))
  const treated = sum(treatedFlows, () => true)
  const recovered = sum(treatedFlows, ({ method }) => isRecovery(method, formula))
  const [product, loss, landfilled] = [
    during(is('process'), is('product')),
    during(is('process'), is('loss')),
    during(is('process'), is('landfill')),
  ]
  // Residues are new waste, maybe of another stream; what went into them is what the treatments did not put anywhere else.
  const misweighed = during(is('variance'), is('process')) - during(is('process'), is('variance'))
  const residue = treated + misweighed - product - loss - landfilled

  const stock = { before: held(earlier, isProducers, false), after: held(flows, isProducers, false) }
  const residues = { before: held(earlier, isProducers, true), after: held(flows, isProducers, true) }
  const road = { before: held(earlier, onTheRoad), after: held(flows, onTheRoad) }
  const facility = { before: held(earlier, is('disposal')), after: held(flows, is('disposal')) }
  const facilityAdjusted = during(is('variance'), is('disposal')) - during(is('disposal'), is('variance'))
  return {
    ...period,
    stream,
    position,
    openingStock: stock.before + opened,
    generated,
    residueGenerated,
    storedIn: during(is('generation', 'classification'), is('collection')),
    shipped,
    accepted,
    refused,
    returned,
    variance,
    stockAdjusted,
    treated,
    product,
    residue,
    loss,
    landfilled,
    recovered,
    recoveredPriorYear: sum(treatedFlows, ({ method, prior }) => prior && isRecovery(method, formula)),
    disposed: treated - recovered,
    producerStockEnd: stock.after,
    facilityStockEnd: facility.after,
    residueStockEnd: residues.after,
    byMethod: methodsOf(treatedFlows, (method) => isRecovery(method, formula)),
    // Of a part of the park a word may name flows whose other side is not in it; there it is only asked that nothing is below zero.
    balanced:
      residue >= 0 &&
      [stock, residues, road, facility].every(({ after }) => after >= 0) &&
      (!isWhole(flows) ||
        (stock.before + residues.before + opened + generated + returned + stockAdjusted - shipped ===
          stock.after + residues.after &&
          road.before + shipped + variance - accepted - returned === road.after &&
          facility.before + accepted + facilityAdjusted - treated === facility.after)),
  }
}

const isWhole = (flows: readonly Flow[]): boolean => flows.every(({ fromCounts, toCounts }) => fromCounts && toCounts)

function methodsOf(treated: readonly Flow[], recovery: (method: string) => boolean): readonly MethodMass[] {
  const methods = new Map<string, MethodMass>()
  for (const { method, grams, prior } of treated) {
    const mass = methods.get(method) ?? { method, recovery: recovery(method), grams: 0, priorYear: 0 }
    methods.set(method, { ...mass, grams: mass.grams + grams, priorYear: mass.priorYear + (prior ? grams : 0) })
  }
  return [...methods.values()].toSorted((a, b) => (a.method < b.method ? -1 : 1))
}
