import { claimName } from '../../infra/commanding/claim.ts'
import { execute, type Envelope, type Outcome, type Runtime } from '../../infra/commanding/execute.ts'
import type {
  ConsentToCorrection,
  ProposeCorrection,
  RefuseCorrection,
  WithdrawCorrection,
} from '../../schemas/commands/correction.ts'
import { guardCorrection, partyOf, type CorrectionAction } from '../../schemas/correction/actions.ts'
import {
  awaited,
  evolveCorrection,
  noCorrection,
  type Correction,
  type CorrectionEvent,
  type CorrectionEventOf,
  type KnownCorrection,
} from '../../schemas/correction/events.ts'
import {
  accept,
  refusal,
  refusalsOf,
  refuse,
  type Decider,
  type Decision,
  type Refusal,
} from '../../schemas/decision.ts'
import { claimStream, correctionStream } from '../../schemas/values/identifiers.ts'
import { claimOf, lotContext, manifestContext, proposalOf, type Proposal } from './correction-context.ts'
import { findingsOf, propose } from './decide/correction.ts'
import { askedBy, changesOfManifest, judgeManifest, proposeForManifest } from './decide/manifest-correction.ts'

const fold = { initial: noCorrection, evolve: evolveCorrection }
const CLAIM_HOLDS_MS = 60_000

/** Applies the correction with the last consent, or with the proposal where no other unit is concerned. */
function appliedIfAgreed(correction: Correction, event: CorrectionEvent, now: string): readonly CorrectionEvent[] {
  const next = evolveCorrection(correction, event)
  if (next.status !== 'proposed' || awaited(next).length > 0) return [event]
  const { agreed } = next
  return [event, { type: 'CorrectionApplied', occurredAt: now, data: { ...about(next), agreed: [...agreed] } }]
}

const about = ({ lot, manifest, units, streams }: KnownCorrection) => ({
  ...(lot === undefined ? {} : { lot }),
  ...(manifest === undefined ? {} : { manifest }),
  units,
  streams,
})

/** What else is open of this document: its own correction, one that ended, or none does not count. */
async function openOther(runtime: Runtime, document: string, own: string): Promise<string | undefined> {
  const stream = claimStream('correction', document)
  const by = await claimOf(runtime, stream)
  if (by === undefined || by === own) return undefined
  const { state } = await runtime.states.load(fold, by, 0)
  if (state.status === 'proposed') return by
  if (state.status !== 'none') return undefined
  // Claimed and not proposed: under way in another request, or it died there.
  const claimed = (await runtime.store.readStream(stream)).at(-1)
  const age = Date.parse(runtime.clock.now()) - Date.parse(claimed?.recordedAt ?? '')
  return age < CLAIM_HOLDS_MS ? by : undefined
}

/** Judges a proposal as a whole, by the streams of its lot or manifest as they are now. */
async function judged(
  runtime: Runtime,
  { document, id, proposal }: Proposal,
  envelope: Envelope,
): Promise<Decision<CorrectionEventOf<'CorrectionProposed'>>> {
  return document === 'lot'
    ? propose(proposal, await lotContext(runtime, envelope, id, proposal.asked))
    : proposeForManifest(proposal, await manifestContext(runtime, envelope, id))
}

/** Proposes a correction; the only open one of its lot or manifest. Where no other unit must agree, it is applied at once. */
export async function proposeCorrection(
  runtime: Runtime,
  command: ProposeCorrection,
  envelope: Envelope,
): Promise<Outcome<Correction>> {
  const proposal = await proposalOf(runtime, command)
  if ('refusals' in proposal) return { status: 'refused', refusals: proposal.refusals }
  const stream = correctionStream(runtime.ids.derive('correction', envelope.commandId))
  interface Proposing {
    readonly decision: Decision<CorrectionEventOf<'CorrectionProposed'>>
    readonly open: string | undefined
    readonly now: string
  }
  const decider: Decider<Correction, undefined, CorrectionEvent, Proposing> = {
    ...fold,
    decide(_command, correction, { decision, open, now }): Decision<CorrectionEvent> {
      if (correction.status !== 'none') return accept([])
      if (!decision.accepted) return decision
      if (open !== undefined)
        return refuse(refusal('correction-open-already', '', { correction: open.slice('correction-'.length) }))
      return accept(
        decision.events.flatMap((event) => appliedIfAgreed(correction, event, now)),
        decision.findings,
      )
    },
  }
  const context = async (correction: Correction): Promise<Proposing> => {
    const now = runtime.clock.now()
    if (correction.status !== 'none') return { decision: accept([]), open: undefined, now }
    const decision = await judged(runtime, proposal, envelope)
    const open = await openOther(runtime, proposal.id, stream)
    // The claim comes last, so that a proposal that is refused does not block the document.
    if (open !== undefined || !decision.accepted) return { decision, open, now }
    const by = await claimOf(runtime, claimStream('correction', proposal.id))
    const claim = { kind: 'correction', name: proposal.id, by: stream, occurredAt: now } as const
    const holder = await claimName(runtime, by === undefined ? claim : { ...claim, insteadOf: by }, envelope)
    return { decision, open: holder === stream ? undefined : holder, now }
  }
  return execute(runtime, { decider, stream, command: undefined, context }, envelope)
}

/** Why a proposal that was right cannot be applied any more: its lot or manifest has a history since. */
async function obstaclesNow(
  runtime: Runtime,
  { lot, manifest, changes }: KnownCorrection,
  envelope: Envelope,
): Promise<readonly Refusal[]> {
  if (manifest !== undefined) {
    const context = await manifestContext(runtime, envelope, manifest)
    const judgement = judgeManifest(changesOfManifest(context.history, askedBy(changes, context.history)), context)
    return [...judgement.refusals, ...refusalsOf(judgement.findings)]
  }
  return lot === undefined ? [] : refusalsOf(findingsOf(changes, await lotContext(runtime, envelope, lot, changes)))
}

/** One of the three ways to answer a proposal. */
async function answer(
  runtime: Runtime,
  action: CorrectionAction,
  id: string,
  envelope: Envelope,
  event: (correction: KnownCorrection, unit: string, now: string) => CorrectionEvent,
): Promise<Outcome<Correction>> {
  interface Answering {
    readonly obstacles: readonly Refusal[]
    readonly now: string
  }
  const decider: Decider<Correction, undefined, CorrectionEvent, Answering> = {
    ...fold,
    decide(_command, correction, { obstacles, now }): Decision<CorrectionEvent> {
      const why = guardCorrection(action, correction, envelope.actor)
      if (why) return refuse(why)
      if (correction.status === 'none') return refuse(refusal('correction-unknown'))
      if (obstacles.length > 0) return refuse(...obstacles)
      const unit = partyOf(action, correction, envelope.actor) ?? correction.by
      return accept(appliedIfAgreed(correction, event(correction, unit, now), now))
    },
  }
  const context = async (correction: Correction): Promise<Answering> => ({
    obstacles:
      action === 'consent' && correction.status === 'proposed' ? await obstaclesNow(runtime, correction, envelope) : [],
    now: runtime.clock.now(),
  })
  return execute(runtime, { decider, stream: correctionStream(id), command: undefined, context }, envelope)
}

export const consentToCorrection = (
  runtime: Runtime,
  { correction: id }: ConsentToCorrection,
  envelope: Envelope,
): Promise<Outcome<Correction>> =>
  answer(runtime, 'consent', id, envelope, (correction, unit, occurredAt) => ({
    type: 'CorrectionConsented',
    occurredAt,
    data: { ...about(correction), unit },
  }))

export const refuseCorrection = (
  runtime: Runtime,
  { correction: id, reason }: RefuseCorrection,
  envelope: Envelope,
): Promise<Outcome<Correction>> =>
  answer(runtime, 'refusal', id, envelope, (correction, unit, occurredAt) => ({
    type: 'CorrectionRefused',
    occurredAt,
    data: { ...about(correction), unit, reason },
  }))

export const withdrawCorrection = (
  runtime: Runtime,
  { correction: id }: WithdrawCorrection,
  envelope: Envelope,
): Promise<Outcome<Correction>> =>
  answer(runtime, 'withdrawal', id, envelope, (correction, _, occurredAt) => ({
    type: 'CorrectionWithdrawn',
    occurredAt,
    data: { ...about(correction) },
  }))
