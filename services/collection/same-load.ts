import { preliminary } from '../../infra/commanding/context.ts'
import { execute, type Envelope, type Runtime } from '../../infra/commanding/execute.ts'
import type { ClaimedLoad } from '../../schemas/claim/events.ts'
import type { RecordTrip } from '../../schemas/commands/collection.ts'
import { daysOfSameLoad } from '../../schemas/rules/labels.ts'
import { loadStream } from '../../schemas/values/identifiers.ts'
import { grams } from '../../schemas/values/mass.ts'
import { claimLoad } from './decide/claim-load.ts'

type Slip = Pick<RecordTrip, 'trip' | 'code' | 'plate' | 'receiver' | 'arrivedAt' | 'grossKg' | 'tareKg'>

/**
 * Claims the load of a slip and answers the same loads of other slips that were claimed before it. Slips of one vehicle, code, net mass and
 * day meet in one stream, so that of two that are recorded at the same moment, by whatever process, the later one in that stream sees the
 * other; most slips are alone in theirs, which costs one append and no read. Near midnight the neighbouring day is read after the own
 * claim is in the log: of two slips on either side of midnight at least one sees the other.
 * @param by stream of the slip's lot; a command that is repeated finds its own claim by it
 */
export async function earlierLoads(
  runtime: Runtime,
  { trip, code, plate, receiver, arrivedAt, grossKg, tareKg }: Slip,
  by: string,
  envelope: Envelope,
): Promise<readonly ClaimedLoad[]> {
  const net = grams((grossKg - tareKg) * 1_000)
  const [own, ...neighbours] = daysOfSameLoad(arrivedAt)
  const stream = loadStream(plate, code, net, own)
  const outcome = await execute(
    runtime,
    {
      decider: claimLoad,
      stream,
      presumedNew: true,
      command: { occurredAt: arrivedAt, load: { plate, wasteCode: code, grams: net, receiver, trip, by } },
      context: () => Promise.resolve(undefined),
    },
    preliminary(envelope, runtime.ids.derive('claim', stream, envelope.commandId)),
  )
  if (outcome.status !== 'done') throw new Error(`${stream} could not be claimed: ${outcome.status}`)
  const { loads } = outcome.state
  const before = loads.slice(
    0,
    loads.findIndex((load) => load.by === by),
  )
  for (const day of neighbours) {
    const { state } = await runtime.states.load(claimLoad, loadStream(plate, code, net, day), 0)
    before.push(...state.loads)
  }
  return before.filter((load) => load.by !== by)
}
