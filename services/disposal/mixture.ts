import { because } from '../../infra/commanding/context.ts'
import type { Envelope, Outcome, Runtime } from '../../infra/commanding/execute.ts'
import type { RecordMixture } from '../../schemas/commands/disposal.ts'
import type { MixtureRequest } from '../../schemas/rules/questions.ts'
import type { Treatment } from '../../schemas/treatment/events.ts'
import { recordMixture as mixtureDecider } from './decide/mixture.ts'
import { record } from './record.ts'
import { contextOfInputs, treaterOf } from './treatment.ts'

/** Several lots of one place become one. Without an id of the client's own, the new lot's is made of the mixture's. */
export async function recordMixture(
  runtime: Runtime,
  command: RecordMixture,
  envelope: Envelope,
): Promise<Outcome<Treatment>> {
  const own = because(envelope, command)
  const unit = command.unit ?? (await treaterOf(runtime, command.inputs, envelope))
  const id = runtime.ids.derive('mixture', unit, command.mixture)
  const request: MixtureRequest = {
    ...command,
    id,
    unit,
    lot: command.lot ?? runtime.ids.derive('lot-of-mixture', id),
    inputs: command.inputs.map((input, i) => ({
      ...input,
      pointer: `/inputs/${i}`,
      massPointer: `/inputs/${i}/grams`,
    })),
  }
  return record(
    runtime,
    {
      id,
      taken: { code: 'treatment-twice', pointer: '/mixture', facts: { treatment: command.mixture } },
      occurredAt: command.occurredAt,
      decide: async (state) =>
        mixtureDecider.decide(request, state, await contextOfInputs(runtime, { ...request, lots: [request.lot] }, own)),
      pointer: (lot) => request.inputs.find((input) => input.lot === lot)?.massPointer ?? '',
    },
    own,
  )
}
