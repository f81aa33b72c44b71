import { contextOf } from '../../infra/commanding/context.ts'
import type { Envelope, Runtime } from '../../infra/commanding/execute.ts'
import { upcast } from '../../infra/event-store/upcast.ts'
import { evolveClaim, noClaim } from '../../schemas/claim/events.ts'
import type { ProposeCorrection } from '../../schemas/commands/correction.ts'
import type { Change } from '../../schemas/correction/changes.ts'
import type { Recorded } from '../../schemas/correction/following.ts'
import { refusal, type Refusal } from '../../schemas/decision.ts'
import type { LotEvent } from '../../schemas/lot/events.ts'
import type { ManifestEvent } from '../../schemas/manifest/events.ts'
import { claimStream, lotStream, manifestStream } from '../../schemas/values/identifiers.ts'
import { askedIn, unknownEvent, type CorrectionContext, type LotProposal } from './decide/correction.ts'
import type { ManifestCorrectionContext, ManifestProposal } from './decide/manifest-correction.ts'

const LOT = lotStream('')
const MANIFEST = manifestStream('')

/** What a proposal is about: the lot that it names, or the lot or manifest whose events it names. */
export type Proposal =
  | { readonly document: 'lot'; readonly id: string; readonly proposal: LotProposal }
  | { readonly document: 'manifest'; readonly id: string; readonly proposal: ManifestProposal }

export async function proposalOf(
  runtime: Runtime,
  command: ProposeCorrection,
): Promise<Proposal | { readonly refusals: readonly Refusal[] }> {
  const { reason, lot, void: isVoid = false } = command
  const asked = askedIn(command)
  if (lot !== undefined) return { document: 'lot', id: lot, proposal: { lot, asked, isVoid, reason, isNamed: true } }
  const [first] = asked
  if (isVoid || first === undefined) return { refusals: [refusal('correction-names-nothing', isVoid ? '/lot' : '/of')] }
  const streams = await runtime.streamsOf(asked.map(({ of }) => of))
  const isKnown = (stream = ''): boolean => stream.startsWith(LOT) || stream.startsWith(MANIFEST)
  const unknown = asked.filter(({ of }) => !isKnown(streams.get(of)))
  if (unknown.length > 0) return { refusals: unknown.map(unknownEvent) }
  const stream = streams.get(first.of) ?? ''
  const others = asked.filter(({ of }) => streams.get(of) !== stream)
  if (others.length > 0)
    return { refusals: others.map(({ of, at }) => refusal('correction-of-several', `${at}/of`, { of })) }
  if (stream.startsWith(MANIFEST)) {
    const manifest = stream.slice(MANIFEST.length)
    return { document: 'manifest', id: manifest, proposal: { manifest, asked, reason } }
  }
  const id = stream.slice(LOT.length)
  return { document: 'lot', id, proposal: { lot: id, asked, isVoid, reason, isNamed: false } }
}

async function historyOf<E>({ store }: Runtime, stream: string): Promise<readonly Recorded<E>[]> {
  return (await store.readStream(stream)).map((event) => ({
    id: event.id,
    revision: event.revision,
    event: upcast(event) as E,
  }))
}

export const lotHistory = (runtime: Runtime, lot: string): Promise<readonly Recorded<LotEvent>[]> =>
  historyOf<LotEvent>(runtime, lotStream(lot))
export const manifestHistory = (runtime: Runtime, manifest: string): Promise<readonly Recorded<ManifestEvent>[]> =>
  historyOf<ManifestEvent>(runtime, manifestStream(manifest))

export async function claimOf({ states }: Runtime, stream: string): Promise<string | undefined> {
  return (await states.load({ initial: noClaim, evolve: evolveClaim }, stream, 0)).state.by
}

/** The label that a correction would put on. */
export function labelIn(
  changes: readonly { readonly is?: Readonly<Record<string, unknown>> | undefined }[],
): string | undefined {
  const label = changes.map(({ is }) => is?.['label']).find((one) => one !== undefined)
  return typeof label === 'string' ? label : undefined
}

export async function lotContext(
  runtime: Runtime,
  envelope: Envelope,
  lot: string,
  changes: readonly Pick<Change, 'is'>[],
): Promise<CorrectionContext> {
  const label = labelIn(changes)
  const by = label === undefined ? undefined : await claimOf(runtime, claimStream('label', label))
  return {
    ...contextOf(runtime, envelope),
    actMass: runtime.bounds.actMass,
    history: await lotHistory(runtime, lot),
    labelTaken: by !== undefined && by !== lotStream(lot),
  }
}

/** Lots that a manifest was filed for. */
export const lotsOn = (history: readonly Recorded<ManifestEvent>[]): readonly string[] => [
  ...new Set(
    history.flatMap(({ event }) =>
      event.type === 'ManifestFiled' ? event.data.lines.flatMap(({ lots }) => lots.map(({ lot }) => lot)) : [],
    ),
  ),
]

export async function manifestContext(
  runtime: Runtime,
  envelope: Envelope,
  manifest: string,
): Promise<ManifestCorrectionContext> {
  const history = await manifestHistory(runtime, manifest)
  const lots = await Promise.all(lotsOn(history).map(async (lot) => [lot, await lotHistory(runtime, lot)] as const))
  return {
    ...contextOf(runtime, envelope),
    actMass: runtime.bounds.actMass,
    manifest,
    history,
    lots: new Map(lots),
  }
}
