import { preliminary } from '../../infra/commanding/context.ts'
import { execute, type Envelope, type Outcome, type Runtime } from '../../infra/commanding/execute.ts'
import { ReceiptElsewhere } from '../../infra/commanding/policies.ts'
import { refuse, type Decision, type Refusal } from '../../schemas/decision.ts'
import type { Lot } from '../../schemas/lot/state.ts'
import { evolveTreatment, noTreatment, type Treatment, type TreatmentEvent } from '../../schemas/treatment/events.ts'
import { grouped } from '../../schemas/values/grouped.ts'
import { lotStream, treatmentStream } from '../../schemas/values/identifiers.ts'
import type { Grams } from '../../schemas/values/mass.ts'
import type { Place } from '../../schemas/values/place.ts'
import { endSetAside, setAsideLot, type SetAside } from './decide/lots.ts'

/** A treatment that takes mass of lots. */
export interface Recording {
  readonly id: string
  /** The refusal where it was recorded before, under another command. */
  readonly taken: Refusal
  readonly occurredAt: string
  /** The one decision about it, against all that it names. */
  decide(state: Treatment): Promise<Decision<TreatmentEvent>>
  /** JSON pointer in the command to the mass that is taken of a lot. */
  pointer(lot: string): string
}

interface Kept {
  readonly lot: string
  readonly command: SetAside
}

/**
 * Records a treatment in the only order in which nothing is taken twice: decide, set the mass of every lot aside, append. What was set aside for
 * a treatment that then fails is free again at once; for one whose process dies on the way, by a deadline (`unrecorded-treatments`).
 *
 * Repeating it is safe at every point: what is set aside already is left alone, and the append has the command's own id.
 */
export async function record(runtime: Runtime, recording: Recording, envelope: Envelope): Promise<Outcome<Treatment>> {
  const { state } = await runtime.states.load(fold, treatmentStream(recording.id), runtime.contextMaxAge)
  const decision = await recording.decide(state)
  if (!decision.accepted) return conclude(runtime, recording, decision, envelope)

  const kept: Kept[] = []
  // In one order for all: of two treatments that want the same lots one gets all of them.
  for (const wanted of wantedBy(decision.events, recording).toSorted((a, b) => (a.lot < b.lot ? -1 : 1))) {
    const outcome = await setAside(runtime, wanted, envelope)
    if (outcome.status === 'done') {
      kept.push(wanted)
      continue
    }
    const pointer = recording.pointer(wanted.lot)
    const refused =
      outcome.status === 'refused'
        ? await conclude(runtime, recording, refuse(...outcome.refusals.map((why) => ({ ...why, pointer }))), envelope)
        : ({ status: 'conflict', revision: 0, state: noTreatment } as const)
    if (refused.status !== 'done') await letGo(runtime, recording, kept, envelope)
    return refused
  }
  const outcome = await conclude(runtime, recording, decision, envelope)
  if (outcome.status !== 'done') await letGo(runtime, recording, kept, envelope)
  return outcome
}

const fold = { initial: noTreatment, evolve: evolveTreatment }

/** Appends what was decided, unless the treatment came to be or was given up meanwhile. */
function conclude(
  runtime: Runtime,
  { id, taken }: Recording,
  decision: Decision<TreatmentEvent>,
  envelope: Envelope,
): Promise<Outcome<Treatment>> {
  const decider = {
    ...fold,
    decide: (decided: Decision<TreatmentEvent>, { status }: Treatment) =>
      decided.accepted && status !== 'none'
        ? refuse(status === 'recorded' ? taken : { ...taken, code: 'treatment-abandoned' })
        : decided,
  }
  const context = () => Promise.resolve(undefined)
  return execute(runtime, { decider, stream: treatmentStream(id), command: decision, context }, envelope)
}

interface Wanted {
  readonly lot: string
  readonly from: Place
  readonly grams: Grams
}

const wantedBy = (events: readonly TreatmentEvent[], { id, occurredAt }: Recording): readonly Kept[] =>
  events.flatMap((event) =>
    'inputs' in event.data
      ? [...grouped<Wanted, string>(event.data.inputs, ({ lot }) => lot)].map(([lot, parts]) => ({
          lot,
          command: { treatment: id, occurredAt, parts: parts.map(({ from, grams }) => ({ from, grams })) },
        }))
      : [],
  )

/** The id names the lot's revision: what was let go after an earlier attempt can be set aside again by a repeat of the same command. */
async function setAside(runtime: Runtime, { lot, command }: Kept, envelope: Envelope): Promise<Outcome<Lot>> {
  const stream = lotStream(lot)
  const { revision } = await runtime.states.load(setAsideLot, stream, runtime.contextMaxAge)
  const own = preliminary(envelope, runtime.ids.derive('set-aside', envelope.commandId, stream, revision))
  const context = () => Promise.resolve(undefined)
  const outcome = await execute(runtime, { decider: setAsideLot, stream, command, context }, own)
  if (outcome.status === 'reused') throw new ReceiptElsewhere(`what is set aside of ${stream} for ${command.treatment}`)
  return outcome
}

/** Of a treatment that someone else recorded under the same id meanwhile, what is set aside is its own. */
async function letGo(runtime: Runtime, { id }: Recording, kept: readonly Kept[], envelope: Envelope): Promise<void> {
  const { state } = await runtime.states.load(fold, treatmentStream(id), 0)
  if (state.status === 'recorded') return
  await Promise.all(
    kept.map(async ({ lot, command: { treatment, occurredAt } }) => {
      const outcome = await release(runtime, { treatment, lot }, occurredAt, (revision) =>
        preliminary(envelope, runtime.ids.derive('let-go', envelope.commandId, lot, revision)),
      )
      if (outcome.status !== 'done')
        throw new Error(`what is set aside of ${lot} for ${treatment} could not be let go: ${outcome.status}`)
    }),
  )
}

/** Ends what is set aside of a lot for a treatment. `own`: the envelope at that revision of the lot. */
export async function release(
  runtime: Runtime,
  { treatment, lot }: { readonly treatment: string; readonly lot: string },
  occurredAt: string,
  own: (revision: number) => Envelope,
): Promise<Outcome<Lot>> {
  const stream = lotStream(lot)
  const { revision } = await runtime.states.load(endSetAside, stream, runtime.contextMaxAge)
  const context = () => Promise.resolve(undefined)
  const command = { treatment, occurredAt }
  return execute(runtime, { decider: endSetAside, stream, command, context }, own(revision))
}
