import type { Outcome, Runtime } from '../../../infra/commanding/execute.ts'
import { lotsOf } from '../../../infra/commanding/stocks.ts'
import type { LabelLot } from '../../../schemas/commands/classification.ts'
import type { RecordOutShipment } from '../../../schemas/commands/transport.ts'
import { evolveLot, freeAt, noLot } from '../../../schemas/lot/state.ts'
import { lotStream, poolId } from '../../../schemas/values/identifiers.ts'

/** What the books know about a command beside the command: other rows of theirs bear on it. */
export interface Given {
  /** Of a shipment out of a pool: grams that come into the pool by rows after its own (`pools-ahead.ts`). */
  readonly ahead?: number
  /** Of a label: another row of the lot may have said it; then there is nothing left to do. */
  readonly perhapsLabelled?: boolean
}

/** The outcome of a command where that settles it already. */
export async function settledBy(
  runtime: Runtime,
  { ahead = 0, perhapsLabelled = false }: Given,
  command: object,
): Promise<Outcome<unknown> | undefined> {
  if (ahead > 0) return takenTooEarly(runtime, command as RecordOutShipment, ahead)
  return perhapsLabelled ? labelledBefore(runtime, command as LabelLot) : undefined
}

/** R28 in the order of business time: what comes into the pool by later rows, and was recorded before, is not there to be taken. */
async function takenTooEarly(
  runtime: Runtime,
  { unit, code, grams }: RecordOutShipment,
  ahead: number,
): Promise<Outcome<unknown> | undefined> {
  const pool = poolId(unit, code)
  const lot = (await lotsOf(runtime, [pool])).get(pool)
  if (lot === undefined) return undefined
  const free = Object.values(lot.held).reduce(
    (sum, { place }) => sum + (place.at === 'collection' && place.holder === unit ? freeAt(lot, place) : 0),
    0,
  )
  const balance = free - ahead
  return grams > balance
    ? {
        status: 'refused',
        refusals: [{ code: 'rule-broken', rule: 'R28', pointer: '/grams', facts: { taken: grams, balance, ahead } }],
      }
    : undefined
}

/** A lot of several rows is labelled by the first of them; whether the others name the same label is R31's. */
async function labelledBefore(runtime: Runtime, { lot }: LabelLot): Promise<Outcome<unknown> | undefined> {
  const stream = lotStream(lot)
  const { state, revision, position } = await runtime.states.load(
    { initial: noLot, evolve: evolveLot },
    stream,
    Number.POSITIVE_INFINITY,
  )
  return state.label === undefined
    ? undefined
    : { status: 'done', stream, revision, position, findings: [], events: 0, replayed: false, state }
}
