import { claimName } from '../../infra/commanding/claim.ts'
import { execute, type Envelope, type Outcome, type Runtime } from '../../infra/commanding/execute.ts'
import { correctedHistory } from '../../schemas/correction/changes.ts'
import type { KnownCorrection } from '../../schemas/correction/events.ts'
import { followingOf } from '../../schemas/correction/following.ts'
import { accept, type Decider } from '../../schemas/decision.ts'
import type { LotEvent } from '../../schemas/lot/events.ts'
import { evolveLot, noLot, type Lot } from '../../schemas/lot/state.ts'
import type { ManifestEvent } from '../../schemas/manifest/events.ts'
import { evolveManifest, noManifest, type Manifest } from '../../schemas/manifest/state.ts'
import { lotStream, manifestStream } from '../../schemas/values/identifiers.ts'
import { labelIn, lotContext, lotHistory, manifestContext, manifestHistory } from './correction-context.ts'
import { findingsOf, type CorrectionContext } from './decide/correction.ts'
import {
  askedBy,
  changesOfManifest,
  judgeManifest,
  refusedBetween,
  type ManifestCorrectionContext,
} from './decide/manifest-correction.ts'

/** What an applied correction says in the event of its lot or manifest. */
export interface Applied extends Pick<KnownCorrection, 'reason' | 'agreed'> {
  readonly id: string
}

const lotDecider = (
  decide: Decider<Lot, undefined, LotEvent, CorrectionContext>['decide'],
): Decider<Lot, undefined, LotEvent, CorrectionContext> => ({ initial: noLot, evolve: evolveLot, decide })

/** The reaction to an applied correction: the lot's own event. What it leaves short came about in between, and is a finding. */
export async function correctLot(
  runtime: Runtime,
  lot: string,
  { id, reason, agreed, changes }: Applied & Pick<KnownCorrection, 'changes'>,
  occurredAt: string,
  envelope: Envelope,
): Promise<Outcome<Lot>> {
  const stream = lotStream(lot)
  const decider = lotDecider((_command, _lot, context) =>
    accept(
      [
        {
          type: 'LotCorrected',
          occurredAt,
          data: { correction: id, changes: [...changes], reason, agreed: [...agreed] },
        },
      ],
      findingsOf(changes, context).map((finding) => ({ ...finding, severity: 'WARN' as const })),
    ),
  )
  const label = labelIn(changes)
  // A label that is put on instead is the lot's from here on.
  if (label !== undefined) await claimName(runtime, { kind: 'label', name: label, by: stream, occurredAt }, envelope)
  const context = () => lotContext(runtime, envelope, lot, changes)
  return execute(runtime, { decider, stream, command: undefined, context }, envelope)
}

/** The reaction to an applied correction: the manifest decides again by its history as it is now, so nothing that came in between is lost. */
export async function correctManifest(
  runtime: Runtime,
  manifest: string,
  { id, reason, agreed, changes: proposed }: Applied & Pick<KnownCorrection, 'changes'>,
  occurredAt: string,
  envelope: Envelope,
): Promise<Outcome<Manifest>> {
  const decider: Decider<Manifest, undefined, ManifestEvent, ManifestCorrectionContext> = {
    initial: noManifest,
    evolve: evolveManifest,
    decide(_command, before, context) {
      const result = changesOfManifest(context.history, askedBy(proposed, context.history))
      if (result.changes.length === 0) return accept([])
      const { findings } = judgeManifest(result, context)
      return accept(
        [
          {
            type: 'ManifestCorrected',
            occurredAt,
            data: {
              correction: id,
              changes: [...result.changes],
              refused: refusedBetween(before, result.manifest),
              reason,
              agreed: [...agreed],
            },
          },
        ],
        findings.map((finding) => ({ ...finding, severity: 'WARN' as const })),
      )
    },
  }
  const context = () => manifestContext(runtime, envelope, manifest)
  return execute(runtime, { decider, stream: manifestStream(manifest), command: undefined, context }, envelope)
}

/** The reaction to a corrected manifest: a lot says what its manifest says now. Nothing where it does so already. */
export async function followManifest(
  runtime: Runtime,
  { manifest, lot }: { readonly manifest: string; readonly lot: string },
  { id, reason, agreed }: Applied,
  occurredAt: string,
  envelope: Envelope,
): Promise<Outcome<Lot>> {
  const context = async () => {
    const [known, history] = await Promise.all([
      lotContext(runtime, envelope, lot, []),
      manifestHistory(runtime, manifest),
    ])
    return { ...known, changes: followingOf(manifest, correctedHistory(history), lot, known.history) }
  }
  const decider: Decider<Lot, undefined, LotEvent, Awaited<ReturnType<typeof context>>> = {
    initial: noLot,
    evolve: evolveLot,
    decide(_command, _lot, known) {
      const { changes } = known
      if (changes.length === 0) return accept([])
      return accept(
        [
          {
            type: 'LotCorrected',
            occurredAt,
            data: { correction: id, changes: [...changes], reason, agreed: [...agreed] },
          },
        ],
        findingsOf(changes, known).map((finding) => ({ ...finding, severity: 'WARN' as const })),
      )
    },
  }
  return execute(runtime, { decider, stream: lotStream(lot), command: undefined, context }, envelope)
}

/** Lots of a manifest whose events do not say what it says. */
export async function lotsToFollow(
  runtime: Runtime,
  manifest: string,
  lots: readonly string[],
): Promise<readonly string[]> {
  const history = correctedHistory(await manifestHistory(runtime, manifest))
  const found = await Promise.all(
    lots.map(async (lot) =>
      followingOf(manifest, history, lot, await lotHistory(runtime, lot)).length > 0 ? [lot] : [],
    ),
  )
  return found.flat()
}
