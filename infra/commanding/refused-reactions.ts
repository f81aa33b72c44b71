import type { AboutFinding, RaisedFinding } from '../../schemas/finding/events.ts'
import { WASTE_STREAMS } from '../../schemas/values/waste.ts'
import { concernIn } from './concerning.ts'
import type { Appended, Envelope, Runtime } from './execute.ts'
import { findingRevision, raiseFinding, settleFinding } from './findings.ts'

/*
 * Raises a finding where a reaction to a committed event is refused, and settles it once the reaction is done. The sender was answered already, so
 * the finding goes to the offices that are competent for the waste and to the operator.
 */
const RULE = 'REACTION-REFUSED'

/** A policy's step after an event, with the envelope of whatever is recorded about it. */
interface Step {
  readonly policy: string
  readonly cause: Appended
  readonly envelope: Omit<Envelope, 'commandId'>
}

const about = ({ policy, cause }: Step): Omit<AboutFinding, 'units' | 'streams'> => ({
  rule: RULE,
  subject: cause.stream,
  part: `${policy}.${cause.id}`,
})

/** Raises the finding; answers its position. */
export async function reportRefusal(runtime: Runtime, step: Step, why: string): Promise<number> {
  const { stream, event } = step.cause
  const { streams } = await concernIn(runtime.store, { type: event.type, stream, data: event.data })
  const finding: RaisedFinding = {
    ...about(step),
    units: [],
    streams: [...(streams.length > 0 ? streams : WASTE_STREAMS)],
    severity: 'ALERT',
    facts: { step: step.policy, why: why.slice(0, 500) },
  }
  const outcome = await raiseFinding(runtime, finding, event.occurredAt, await envelopeOf(runtime, step, finding))
  if (outcome.status === 'done') return outcome.position
  throw new Error(`the finding about ${step.policy} on ${stream} could not be raised: ${outcome.status}`)
}

/** Settles the finding where there is one: the step was done after all, now. */
export async function reportDone(runtime: Runtime, step: Step): Promise<void> {
  const named = { ...about(step), units: [], streams: [] }
  if ((await findingRevision(runtime, named)) === 0) return
  const { streams } = await concernIn(runtime.store, {
    type: step.cause.event.type,
    stream: step.cause.stream,
    data: step.cause.event.data,
  })
  const finding: AboutFinding = { ...named, streams: [...(streams.length > 0 ? streams : WASTE_STREAMS)] }
  await settleFinding(runtime, { finding }, runtime.clock.now(), await envelopeOf(runtime, step, finding))
}

async function envelopeOf(
  runtime: Runtime,
  { policy, cause, envelope }: Step,
  finding: AboutFinding,
): Promise<Envelope> {
  const revision = await findingRevision(runtime, finding)
  return { ...envelope, commandId: runtime.ids.derive('refused-reaction', cause.id, policy, revision) }
}
