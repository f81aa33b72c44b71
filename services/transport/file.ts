import { claimName } from '../../infra/commanding/claim.ts'
import { preliminary } from '../../infra/commanding/context.ts'
import { ReceiptElsewhere } from '../../infra/commanding/policies.ts'
import { execute, type Envelope, type Outcome, type Runtime } from '../../infra/commanding/execute.ts'
import { manifestIdOf, manifestOf } from '../../infra/commanding/stocks.ts'
import { refusal, refuse, type Decision, type Refusal } from '../../schemas/decision.ts'
import type { Lot } from '../../schemas/lot/state.ts'
import type { ManifestEvent } from '../../schemas/manifest/events.ts'
import { evolveManifest, noManifest, type Manifest } from '../../schemas/manifest/state.ts'
import { lotStream, manifestStream } from '../../schemas/values/identifiers.ts'
import { releaseReservation, reserveLot, type ReserveLot } from './decide/lots.ts'

/** A document that promises mass of lots before it is filed. */
export interface Filing {
  readonly manifest: string
  readonly occurredAt: string
  /** The one decision about it, against all that it names. Its first event is `ManifestFiled`. */
  decide(): Promise<Decision<ManifestEvent>>
  /** A number that only one document may bear. */
  readonly claim?: { readonly kind: 'manifest-number' | 'record'; readonly name: string; readonly taken: Refusal }
  /** Where in the command a lot stands. */
  pointer(line: number, lot: number): string
  /** The refusal where this document is filed already, under another command. */
  readonly filedAlready: Refusal
}

interface Promised {
  readonly lot: string
  readonly pointer: string
  readonly command: ReserveLot
}

/**
 * Files a document in the only order in which nothing is promised twice: decide, reserve every lot, claim the number, append. What was
 * reserved for a filing that then fails is released at once; for one that dies on the way, by the caretaker (`unfiledReservations`).
 *
 * Repeating it is safe at every point: a reservation that stands is found and left alone, and the append has the command's own id.
 */
export async function file(runtime: Runtime, filing: Filing, envelope: Envelope): Promise<Outcome<Manifest>> {
  const known = await manifestOf(runtime, filing.manifest)
  if (known.status !== 'none') return conclude(runtime, filing, refuse(taken(known, filing)), envelope)
  const decision = await filing.decide()
  if (!decision.accepted) return conclude(runtime, filing, decision, envelope)

  const promises = promisesOf(decision.events, filing)
  const answers = await Promise.all(promises.map((promised) => reserve(runtime, promised, envelope)))
  const refusals = answers.flatMap((answer, i) =>
    answer.status === 'refused' ? answer.refusals.map((why) => ({ ...why, pointer: promises[i]?.pointer ?? '' })) : [],
  )
  const failed = answers.some(({ status }) => status !== 'done')
  const clash = failed ? undefined : await claimed(runtime, filing, envelope)

  const outcome =
    failed && refusals.length === 0
      ? ({ status: 'conflict', revision: 0, state: noManifest } as const)
      : await conclude(runtime, filing, failed ? refuse(...refusals) : clash ? refuse(clash) : decision, envelope)
  if (outcome.status !== 'done')
    await releaseUnfiled(
      runtime,
      promises.filter((_, i) => answers[i]?.status === 'done'),
      filing,
      envelope,
    )
  return outcome
}

/** Appends what was decided, unless the document came to be or was given up meanwhile. */
function conclude(
  runtime: Runtime,
  filing: Filing,
  decision: Decision<ManifestEvent>,
  envelope: Envelope,
): Promise<Outcome<Manifest>> {
  const decider = {
    initial: noManifest,
    evolve: evolveManifest,
    decide: (decided: Decision<ManifestEvent>, manifest: Manifest) =>
      manifest.status === 'none' ? decided : refuse(taken(manifest, filing)),
  }
  return execute(
    runtime,
    { decider, stream: manifestStream(filing.manifest), command: decision, context: () => Promise.resolve(undefined) },
    envelope,
  )
}

const taken = ({ status }: Manifest, { filedAlready }: Filing): Refusal =>
  status === 'abandoned' ? refusal('manifest-abandoned') : filedAlready

const promisesOf = (events: readonly ManifestEvent[], { manifest, occurredAt, pointer }: Filing): readonly Promised[] =>
  events.flatMap((event) =>
    event.type === 'ManifestFiled'
      ? event.data.lines.flatMap(({ line, lots }, i) =>
          lots.map(({ lot, from, grams }, j) => ({
            lot,
            pointer: pointer(i, j),
            command: { manifest, line, from, grams, occurredAt },
          })),
        )
      : [],
  )

/** The id names the lot's revision: what was released after an earlier attempt can be reserved again by a repeat of the same command. */
async function reserve(runtime: Runtime, { lot, command }: Promised, envelope: Envelope): Promise<Outcome<Lot>> {
  const stream = lotStream(lot)
  const { revision } = await runtime.states.load(reserveLot, stream, runtime.contextMaxAge)
  const own = preliminary(envelope, runtime.ids.derive('reserve', envelope.commandId, stream, command.line, revision))
  const outcome = await execute(
    runtime,
    { decider: reserveLot, stream, command, context: () => Promise.resolve(undefined) },
    own,
  )
  if (outcome.status === 'reused') throw new ReceiptElsewhere(`the reservation of ${stream} for ${command.manifest}`)
  return outcome
}

/** Claims the number; the refusal where another document bears it. One that was given up before it was filed does not keep its number. */
async function claimed(
  runtime: Runtime,
  { manifest, occurredAt, claim }: Filing,
  envelope: Envelope,
): Promise<Refusal | undefined> {
  return claim &&
    (await claimNumber(runtime, { kind: claim.kind, name: claim.name, manifest, occurredAt }, envelope)) !== undefined
    ? claim.taken
    : undefined
}

interface NumberClaim {
  readonly kind: 'manifest-number' | 'record'
  readonly name: string
  readonly manifest: string
  readonly occurredAt: string
}

/** The stream that bears the number, where it is not this manifest's. */
export async function claimNumber(
  runtime: Runtime,
  { kind, name, manifest, occurredAt }: NumberClaim,
  envelope: Envelope,
): Promise<string | undefined> {
  const by = manifestStream(manifest)
  const bearer = await claimName(runtime, { kind, name, by, occurredAt }, envelope)
  if (bearer === by) return undefined
  const other = manifestIdOf(bearer)
  if (other === undefined || (await manifestOf(runtime, other, 0)).status !== 'abandoned') return bearer
  const now = await claimName(runtime, { kind, name, by, occurredAt, insteadOf: bearer }, envelope)
  return now === by ? undefined : now
}

/** Releases what this filing had reserved, but for what belongs to a document that someone else filed under the same id meanwhile. */
async function releaseUnfiled(
  runtime: Runtime,
  promises: readonly Promised[],
  filing: Filing,
  envelope: Envelope,
): Promise<void> {
  const { lines } = await manifestOf(runtime, filing.manifest, 0)
  const kept = (promised: Promised) =>
    lines.some(({ line, lots }) => line === promised.command.line && lots.some(({ lot }) => lot === promised.lot))
  await Promise.all(
    promises.filter((promised) => !kept(promised)).map((promised) => release(runtime, promised, envelope)),
  )
}

async function release(
  runtime: Runtime,
  { lot, command: { manifest, line, occurredAt } }: Promised,
  envelope: Envelope,
): Promise<void> {
  const stream = lotStream(lot)
  const { revision } = await runtime.states.load(releaseReservation, stream, runtime.contextMaxAge)
  const own = preliminary(envelope, runtime.ids.derive('release', envelope.commandId, stream, line, revision))
  const command = { manifest, line, reason: 'never-filed', occurredAt } as const
  const outcome = await execute(
    runtime,
    { decider: releaseReservation, stream, command, context: () => Promise.resolve(undefined) },
    own,
  )
  if (outcome.status !== 'done')
    throw new Error(`the reservation of ${stream} for ${manifest}#${line} could not be released: ${outcome.status}`)
}
