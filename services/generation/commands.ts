import { claimName } from '../../infra/commanding/claim.ts'
import { because, contextOf, sealed, unitOn } from '../../infra/commanding/context.ts'
import { execute, type Envelope, type Outcome, type Runtime } from '../../infra/commanding/execute.ts'
import { bookName, derivedId } from '../../infra/event-store/event-id.ts'
import type { GenerateIntoPool, GenerateLot, OpenLot } from '../../schemas/commands/generation.ts'
import { refusal } from '../../schemas/decision.ts'
import type { Lot } from '../../schemas/lot/state.ts'
import { lotStream, poolId } from '../../schemas/values/identifiers.ts'
import { businessDay, type Day } from '../../schemas/values/time.ts'
import { generate } from './decide/generate.ts'
import { open } from './decide/open.ts'
import { intoPool } from './decide/pool.ts'

/** The lot's id: given, else made from unit and batch code, else from the command, so that a repeat means the same lot. */
const idOf = (
  { ids }: Runtime,
  {
    lot,
    unit,
    batch,
  }: { readonly lot?: string | undefined; readonly unit: string; readonly batch?: string | undefined },
  { commandId }: Envelope,
): string => lot ?? (batch === undefined ? ids.derive('lot', commandId) : ids.ofBookName(bookName('lot', unit, batch)))

/** Whether its stream was named for this command and nothing else. */
const isMinted = ({
  lot,
  batch,
}: {
  readonly lot?: string | undefined
  readonly batch?: string | undefined
}): boolean => lot === undefined && batch === undefined

const contextWith = (runtime: Runtime, envelope: Envelope, unit: string, day: Day, lot: string) => async () => ({
  ...contextOf(runtime, envelope),
  unit: await unitOn(runtime, unit, day),
  lot,
})

export async function generateLot(runtime: Runtime, command: GenerateLot, envelope: Envelope): Promise<Outcome<Lot>> {
  const lot = idOf(runtime, command, envelope)
  const context = contextWith(runtime, envelope, command.unit, businessDay(command.occurredAt), lot)
  return execute(
    runtime,
    {
      decider: generate,
      stream: lotStream(lot),
      presumedNew: isMinted(command),
      command: await sealed(runtime, command, 'handler'),
      context,
    },
    because(envelope, command),
  )
}

export async function openLot(runtime: Runtime, command: OpenLot, envelope: Envelope): Promise<Outcome<Lot>> {
  const lot = idOf(runtime, command, envelope)
  const context = contextWith(runtime, envelope, command.unit, command.bornOn, lot)
  return execute(
    runtime,
    { decider: open, stream: lotStream(lot), presumedNew: isMinted(command), command, context },
    because(envelope, command),
  )
}

/**
 * A record's number stands once in its unit's books. It is claimed for this content before the pool hears of it, so that no two
 * records of one number get in, and only when nothing else stands against the record. The claim remembers under which command it
 * was made, and the pool is always filled under that one: whoever died in between, and whoever sends the same record again, adds
 * it exactly once.
 */
export async function generateIntoPool(
  runtime: Runtime,
  command: GenerateIntoPool,
  envelope: Envelope,
): Promise<Outcome<Lot>> {
  const { unit, waste, grams, record, name = '', facility = '', occurredAt } = command
  const lot = poolId(unit, waste.code)
  const stream = lotStream(lot)
  const context = contextWith(runtime, envelope, unit, businessDay(occurredAt), lot)
  const execution = { decider: intoPool, stream, command: await sealed(runtime, command, 'handler'), context }

  const { state } = await runtime.states.load(intoPool, stream, Number.POSITIVE_INFINITY)
  if (!intoPool.decide(execution.command, state, await context()).accepted)
    return execute(runtime, execution, because(envelope, command))

  const content = derivedId('record', stream, waste.stream, grams, occurredAt, name, facility)
  const bearer = await claimName(
    runtime,
    { kind: 'record', name: `${unit}-${record}`, by: `${stream}#${content}#${envelope.commandId}`, occurredAt },
    envelope,
  )
  const [, claimedContent, firstCommand = ''] = bearer.split('#')
  if (claimedContent !== content)
    return { status: 'refused', refusals: [refusal('record-reused', '/record', { record })] }
  if (firstCommand === envelope.commandId) return execute(runtime, execution, because(envelope, command))
  const { digest: _, ifMatch: __, ...first } = envelope
  return execute(runtime, execution, because({ ...first, commandId: firstCommand }, command))
}
