import type { Position } from '../../../infra/event-store/port.ts'
import { isRecovery, recyclingFormula } from '../../../schemas/rules/indicators.ts'
import { plus, total, type Total } from '../../../schemas/values/total.ts'
import type { WasteStream } from '../../../schemas/values/waste.ts'
import type { Kind } from '../../../schemas/mass/account.ts'
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
  readonly grams: Total
  readonly priorYear: Total
}

/** The words of the park's books. Grams in the period; `...StockEnd` at its end. */
export interface MassBalance extends Period {
  readonly stream: WasteStream
  /** Producers' stock when the period began, with stock of earlier years that the books opened within it. */
  readonly openingStock: Total
  /** Residues of treatments among it. */
  readonly generated: Total
  readonly residueGenerated: Total
  readonly storedIn: Total
  /** Out of producers' stock onto the road. */
  readonly shipped: Total
  /** Received mass that its receiver shipped on: neither recovered nor disposed of by that. */
  readonly handedOn: Total
  readonly accepted: Total
  readonly refused: Total
  /** Refused mass that came back, to producers and to those who had shipped it on. */
  readonly returned: Total
  /** What was weighed on arrival less what was weighed on departure. */
  readonly variance: Total
  /** 盘盈盘亏 and differences between weighings before departure. */
  readonly stockAdjusted: Total
  /** Received mass that got a code of this stream by sorting or mixing, less what got one of another; signed. */
  readonly reclassified: Total
  readonly treated: Total
  /** Of what was treated, what producers treated themselves: it was never received. */
  readonly selfTreated: Total
  readonly product: Total
  readonly residue: Total
  readonly loss: Total
  readonly landfilled: Total
  readonly recovered: Total
  readonly recoveredPriorYear: Total
  readonly disposed: Total
  /** Generated, classified or in store and not yet shipped, residues apart. */
  readonly producerStockEnd: Total
  /** Accepted and not yet treated. */
  readonly facilityStockEnd: Total
  readonly residueStockEnd: Total
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
  // A few hundred flows: bigint all through costs nothing, and there is nothing to be proven about its sums.
  const sum = (of: readonly Flow[], test: (flow: Flow) => boolean): bigint =>
    of.reduce((mass, flow) => (test(flow) ? mass + BigInt(flow.grams) : mass), 0n)
  const during = (from: (kind: Kind) => boolean, to: (kind: Kind) => boolean): bigint => sum(within, cameFrom(from, to))
  /** What lies in accounts of these kinds: all that came less all that went. */
  const held = (of: readonly Flow[], kinds: (kind: Kind) => boolean, derived?: boolean): bigint =>
    sum(of, (flow) => kinds(flow.to) && flow.toCounts && (derived === undefined || flow.derived === derived)) -
    sum(of, (flow) => kinds(flow.from) && flow.fromCounts && (derived === undefined || flow.derived === derived))

  const opened =
    during(is('origin'), is('collection', 'classification')) - during(is('collection', 'classification'), is('origin'))
  const residueGenerated = during(is('process'), isProducers)
  const generated = during(is('origin'), is('generation')) - during(is('generation'), is('origin')) + residueGenerated
  const shipped = during(isProducers, onTheRoad)
  const handedOn = during(is('disposal'), onTheRoad)
  const accepted = during(is('transport'), is('disposal'))
  const refused = during(is('transport'), is('refused'))
  const returned = during(onTheRoad, isProducers)
  const backAtFacility = during(is('refused'), is('disposal'))
  const selfTreated = during(isProducers, is('disposal'))
  const reclassified = during(is('origin'), is('disposal')) - during(is('disposal'), is('origin'))
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
    openingStock: total(stock.before + opened),
    generated: total(generated),
    residueGenerated: total(residueGenerated),
    storedIn: total(during(is('generation', 'classification'), is('collection'))),
    shipped: total(shipped),
    handedOn: total(handedOn),
    accepted: total(accepted),
    refused: total(refused),
    returned: total(returned + backAtFacility),
    variance: total(variance),
    stockAdjusted: total(stockAdjusted),
    reclassified: total(reclassified),
    treated: total(treated),
    selfTreated: total(selfTreated),
    product: total(product),
    residue: total(residue),
    loss: total(loss),
    landfilled: total(landfilled),
    recovered: total(recovered),
    recoveredPriorYear: total(sum(treatedFlows, ({ method, prior }) => prior && isRecovery(method, formula))),
    disposed: total(treated - recovered),
    producerStockEnd: total(stock.after),
    facilityStockEnd: total(facility.after),
    residueStockEnd: total(residues.after),
    byMethod: methodsOf(treatedFlows, (method) => isRecovery(method, formula)),
    // Of a part of the park a word may name flows whose other side is not in it; there it is only asked that nothing is below zero.
    balanced:
      residue >= 0n &&
      [stock, residues, road, facility].every(({ after }) => after >= 0n) &&
      (!isWhole(flows) ||
        (stock.before + residues.before + opened + generated + returned + stockAdjusted - shipped - selfTreated ===
          stock.after + residues.after &&
          road.before + shipped + handedOn + variance - accepted - returned - backAtFacility === road.after &&
          facility.before +
            accepted +
            backAtFacility +
            selfTreated +
            facilityAdjusted +
            reclassified -
            handedOn -
            treated ===
            facility.after)),
  }
}

const isWhole = (flows: readonly Flow[]): boolean => flows.every(({ fromCounts, toCounts }) => fromCounts && toCounts)

function methodsOf(treated: readonly Flow[], recovery: (method: string) => boolean): readonly MethodMass[] {
  const methods = new Map<string, MethodMass>()
  for (const { method, grams, prior } of treated) {
    const mass = methods.get(method) ?? { method, recovery: recovery(method), grams: 0, priorYear: 0 }
    methods.set(method, {
      ...mass,
      grams: plus(mass.grams, grams),
      priorYear: prior ? plus(mass.priorYear, grams) : mass.priorYear,
    })
  }
  return [...methods.values()].toSorted((a, b) => (a.method < b.method ? -1 : 1))
}
