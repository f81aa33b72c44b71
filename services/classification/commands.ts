import { claimName } from '../../infra/commanding/claim.ts'
import type { PutOnLabel } from '../../schemas/rules/questions.ts'
import { because, contextOf } from '../../infra/commanding/context.ts'
import { execute, type Envelope, type Outcome, type Runtime } from '../../infra/commanding/execute.ts'
import type { ClassifyLot, LabelLot } from '../../schemas/commands/classification.ts'
import { refusal } from '../../schemas/decision.ts'
import { labelStem } from '../../schemas/lot/label.ts'
import type { Lot } from '../../schemas/lot/state.ts'
import { lotStream } from '../../schemas/values/identifiers.ts'
import { LABELS_A_DAY, labelWith } from '../../schemas/values/label-code.ts'
import { classify } from './decide/classify.ts'
import { putOnLabel } from './decide/label.ts'

export function classifyLot(runtime: Runtime, command: ClassifyLot, envelope: Envelope): Promise<Outcome<Lot>> {
  const context = () => Promise.resolve(contextOf(runtime, envelope))
  return execute(
    runtime,
    { decider: classify, stream: lotStream(command.lot), command, context },
    because(envelope, command),
  )
}

/**
 * A label is claimed for the lot before it is put on, and only when nothing else stands against it; so no two lots ever bear the same
 * (R31). What died in between leaves a claim by this very lot, which the next try finds and uses.
 */
export async function labelLot(runtime: Runtime, command: LabelLot, envelope: Envelope): Promise<Outcome<Lot>> {
  const stream = lotStream(command.lot)
  const putOn = (label: string, taken: boolean) =>
    execute(
      runtime,
      {
        decider: putOnLabel,
        stream,
        command: { ...command, label },
        context: () => Promise.resolve({ ...contextOf(runtime, envelope), taken }),
      },
      because(envelope, command),
    )

  const { state: lot } = await runtime.states.load(putOnLabel, stream, runtime.contextMaxAge)
  const stem = labelStem(lot)
  const wanted: PutOnLabel = { ...command, label: command.label ?? labelWith(stem, 1) }
  if (!putOnLabel.decide(wanted, lot, { ...contextOf(runtime, envelope), taken: false }).accepted)
    return putOn(wanted.label, false)

  const claimed = async (label: string) =>
    (await claimName(runtime, { kind: 'label', name: label, by: stream, occurredAt: command.occurredAt }, envelope)) ===
    stream
  if (command.label !== undefined) return putOn(command.label, !(await claimed(command.label)))
  for (let serial = 1; serial <= LABELS_A_DAY; serial++) {
    const label = labelWith(stem, serial)
    if (await claimed(label)) return putOn(label, false)
  }
  return { status: 'refused', refusals: [refusal('serials-used-up', '/label', { stem })] }
}
