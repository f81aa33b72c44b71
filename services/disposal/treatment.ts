import { because, contextOf, unitOn } from '../../infra/commanding/context.ts'
import type { Envelope, Outcome, Runtime } from '../../infra/commanding/execute.ts'
import { lotsOf, manifestOf } from '../../infra/commanding/stocks.ts'
import type { RecordTreatment } from '../../schemas/commands/disposal.ts'
import { refusal } from '../../schemas/decision.ts'
import type { Lot } from '../../schemas/lot/state.ts'
import type { Manifest } from '../../schemas/manifest/state.ts'
import type { InputRequest, TreatmentContext, TreatmentRequest } from '../../schemas/rules/questions.ts'
import type { Treatment } from '../../schemas/treatment/events.ts'
import { lineOf } from '../../schemas/values/place.ts'
import { businessDay } from '../../schemas/values/time.ts'
import { recordTreatment as treatmentDecider } from './decide/treatment.ts'
import { asOfManifest, unlessOfAnotherRevision } from './one-line.ts'
import { record } from './record.ts'

/**
 * One run of a facility: of one line of a manifest, which is what it then answers about, or of many lines and lots, which is a treatment of its
 * own. Residues without a lot of their own get one, made of the treatment, so that a repeat means the same lots.
 */
export async function recordTreatment(
  runtime: Runtime,
  command: RecordTreatment,
  envelope: Envelope,
): Promise<Outcome<Treatment | Manifest>> {
  const own = because(envelope, command)
  const { manifest, line, treated, inputs, treatment } = command
  if (inputs === undefined && manifest !== undefined && line !== undefined && treated !== undefined) {
    const raced = await unlessOfAnotherRevision(runtime, manifest, own)
    if (raced) return raced
    const { ifMatch: _, ...sent } = own
    const { receiver } = await manifestOf(runtime, manifest)
    const id = runtime.ids.derive('treatment-of-line', manifest, line, treatment)
    const request = requestOf(runtime, command, {
      id,
      unit: receiver,
      names: ['residue', manifest, line, treatment],
      inputs: [{ manifest, line, grams: treated, pointer: '', massPointer: '/treated' }],
    })
    return asOfManifest(runtime, manifest, await perform(runtime, request, sent), own)
  }
  if (inputs === undefined || manifest !== undefined || line !== undefined || treated !== undefined)
    return { status: 'refused', refusals: [refusal('treatment-of-what', inputs === undefined ? '' : '/inputs')] }
  const odd = inputs.findIndex((input) => (input.lot === undefined) === (input.manifest === undefined))
  if (odd >= 0) return { status: 'refused', refusals: [refusal('input-of-what', `/inputs/${odd}`)] }
  const unit = command.unit ?? (await treaterOf(runtime, inputs, envelope))
  const id = runtime.ids.derive('treatment', unit, treatment)
  const request = requestOf(runtime, command, {
    id,
    unit,
    names: ['residue-of-treatment', id],
    inputs: inputs.map((input, i) => ({ ...input, pointer: `/inputs/${i}`, massPointer: `/inputs/${i}/grams` })),
  })
  return perform(runtime, request, own)
}

/** The sender's unit; of the book-keeper, who has none, the receiver of what is treated first. */
export async function treaterOf(
  runtime: Runtime,
  [first]: readonly Partial<NonNullable<RecordTreatment['inputs']>[number]>[],
  { actor }: Envelope,
): Promise<string> {
  if (actor.unit !== undefined) return actor.unit
  if (first?.manifest !== undefined) return (await manifestOf(runtime, first.manifest)).receiver
  return first?.at?.holder ?? ''
}

interface Named {
  readonly id: string
  readonly unit: string
  readonly inputs: readonly InputRequest[]
  /** What ids of residues are made of. */
  readonly names: readonly (string | number)[]
}

function requestOf(
  { ids }: Runtime,
  { manifest: _manifest, line: _line, treated: _treated, ...command }: RecordTreatment,
  { names, ...named }: Named,
): TreatmentRequest {
  const residues = command.residues.map((residue, i) => ({ ...residue, lot: residue.lot ?? ids.derive(...names, i) }))
  return { ...command, ...named, residues }
}

function perform(runtime: Runtime, request: TreatmentRequest, envelope: Envelope): Promise<Outcome<Treatment>> {
  const { id, treatment, occurredAt, inputs } = request
  return record(
    runtime,
    {
      id,
      taken: refusal('treatment-twice', '/treatment', { treatment }),
      occurredAt,
      decide: async (state) => {
        const context = await contextOfInputs(
          runtime,
          { ...request, lots: request.residues.map(({ lot }) => lot) },
          envelope,
        )
        return treatmentDecider.decide(request, state, context)
      },
      pointer: (lot) => (inputs.find((input) => input.lot === lot) ?? inputs[0])?.massPointer ?? '',
    },
    envelope,
  )
}

/** What is known of inputs, and of lots that are to be. */
export async function contextOfInputs(
  runtime: Runtime,
  {
    unit,
    inputs,
    lots: toBe,
    occurredAt,
  }: Pick<TreatmentRequest, 'unit' | 'inputs' | 'occurredAt'> & { readonly lots: readonly string[] },
  envelope: Envelope,
): Promise<TreatmentContext> {
  const named = inputs.flatMap(({ manifest }) => (manifest === undefined ? [] : [manifest]))
  const manifests = new Map(await manifestsOf(runtime, named))
  const lots = await lotsOf(runtime, [
    ...inputs.flatMap(({ lot }) => (lot === undefined ? [] : [lot])),
    ...inputs.flatMap(({ manifest = '', line }) => lotsOnLine(manifests.get(manifest), line)),
    ...toBe,
  ])
  // A lot lies under lines of manifests that the command does not name.
  const under = inputs.flatMap(({ lot = '' }) => documentsOf(lots.get(lot), unit)).filter((id) => !manifests.has(id))
  for (const [id, manifest] of await manifestsOf(runtime, under)) manifests.set(id, manifest)
  const receiver = await unitOn(runtime, unit, businessDay(occurredAt))
  return { ...contextOf(runtime, envelope), receiver, lots, manifests }
}

const manifestsOf = (runtime: Runtime, ids: readonly string[]) =>
  Promise.all([...new Set(ids)].map(async (id) => [id, await manifestOf(runtime, id)] as const))

const lotsOnLine = (manifest: Manifest | undefined, no: number | undefined): readonly string[] =>
  manifest?.lines.find(({ line }) => line === no)?.lots.map(({ lot }) => lot) ?? []

const documentsOf = (lot: Lot | undefined, unit: string): readonly string[] =>
  Object.values(lot?.held ?? {}).flatMap(({ place }) => {
    const line = place.holder === unit ? lineOf(place) : undefined
    return line ? [line.manifest] : []
  })
