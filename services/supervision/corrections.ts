import { claimName } from '../../infra/commanding/claim.ts'
import { contextOf } from '../../infra/commanding/context.ts'
import { execute, type Envelope, type Outcome, type Runtime } from '../../infra/commanding/execute.ts'
import { upcast } from '../../infra/event-store/upcast.ts'
import { evolveClaim, noClaim } from '../../schemas/claim/events.ts'
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
  type KnownCorrection,
} from '../../schemas/correction/events.ts'
import { accept, refusal, refuse, type Decider, type Decision, type Refusal } from '../../schemas/decision.ts'
import type { LotEvent } from '../../schemas/lot/events.ts'
import { evolveLot, noLot, type Lot } from '../../schemas/lot/state.ts'
import { claimStream, correctionStream, lotStream } from '../../schemas/values/identifiers.ts'
import {
  askedIn,
  findingsOf,
  propose,
  unknownEvent,
  type CorrectionContext,
  type LotProposal,
  type RecordedLotEvent,
} from './decide/correction.ts'

const fold = { initial: noCorrection, evolve: evolveCorrection }
const CLAIM_HOLDS_MS = 60_000
const LOT = lotStream('')

async function historyOf({ store }: Runtime, lot: string): Promise<readonly RecordedLotEvent[]> {
  return (await store.readStream(lotStream(lot))).map((event) => ({
    id: event.id,
    revision: event.revision,
    event: upcast(event) as LotEvent,
  }))
}

async function contextFor(
  runtime: Runtime,
  envelope: Envelope,
  lot: string,
  label?: string,
): Promise<CorrectionContext> {
  const claim = label === undefined ? undefined : await claimOf(runtime, claimStream('label', label))
  return {
    ...contextOf(runtime, envelope),
    actMass: runtime.bounds.actMass,
    history: await historyOf(runtime, lot),
    labelTaken: claim?.by !== undefined && claim.by !== lotStream(lot),
  }
}

const claimOf = async ({ states }: Runtime, stream: string) =>
  (await states.load({ initial: noClaim, evolve: evolveClaim }, stream, 0)).state

/** The label that a correction would put on. */
function labelIn(
  changes: readonly { readonly is?: Readonly<Record<string, unknown>> | undefined }[],
): string | undefined {
  const label = changes.map(({ is }) => is?.['label']).find((one) => one !== undefined)
  return typeof label === 'string' ? label : undefined
}

/** Applies the correction with the last consent, or with the proposal where no other unit is concerned. */
function appliedIfAgreed(correction: Correction, event: CorrectionEvent, now: string): readonly CorrectionEvent[] {
  const next = evolveCorrection(correction, event)
  if (next.status !== 'proposed' || awaited(next).length > 0) return [event]
  const { lot, units, streams, agreed } = next
  return [event, { type: 'CorrectionApplied', occurredAt: now, data: { lot, units, streams, agreed: [...agreed] } }]
}

/** What else is open of this lot: its own correction, one that ended, or none does not count. */
async function openOther(runtime: Runtime, lot: string, own: string): Promise<string | undefined> {
  const stream = claimStream('correction', lot)
  const { by } = await claimOf(runtime, stream)
  if (by === undefined || by === own) return undefined
  const { state } = await runtime.states.load(fold, by, 0)
  if (state.status === 'proposed') return by
  if (state.status !== 'none') return undefined
  // Claimed and not proposed: under way in another request, or it died there.
  const claimed = (await runtime.store.readStream(stream)).at(-1)
  const age = Date.parse(runtime.clock.now()) - Date.parse(claimed?.recordedAt ?? '')
  return age < CLAIM_HOLDS_MS ? by : undefined
}

/** What a proposal is about: the lot that it names, or that whose events it names. */
async function lotProposal(
  runtime: Runtime,
  command: ProposeCorrection,
): Promise<LotProposal | { readonly refusals: readonly Refusal[] }> {
  const { reason, void: isVoid = false } = command
  const asked = askedIn(command)
  if (command.lot !== undefined) return { lot: command.lot, asked, isVoid, reason, isNamed: true }
  const [first] = asked
  if (isVoid || first === undefined) return { refusals: [refusal('correction-names-nothing', isVoid ? '/lot' : '/of')] }
  const streams = await runtime.streamsOf(asked.map(({ of }) => of))
  const unknown = asked.filter(({ of }) => streams.get(of)?.startsWith(LOT) !== true)
  if (unknown.length > 0) return { refusals: unknown.map(unknownEvent) }
  const stream = streams.get(first.of) ?? ''
  const others = asked.filter(({ of }) => streams.get(of) !== stream)
  if (others.length > 0)
    return { refusals: others.map(({ of, at }) => refusal('correction-of-several-lots', `${at}/of`, { of })) }
  return { lot: stream.slice(LOT.length), asked, isVoid, reason, isNamed: false }
}

/** Proposes a correction; the only open one of its lot. Where no other unit must agree, it is applied at once. */
export async function proposeCorrection(
  runtime: Runtime,
  asked: ProposeCorrection,
  envelope: Envelope,
): Promise<Outcome<Correction>> {
  const command = await lotProposal(runtime, asked)
  if ('refusals' in command) return { status: 'refused', refusals: command.refusals }
  const stream = correctionStream(runtime.ids.derive('correction', envelope.commandId))
  interface Proposing extends CorrectionContext {
    readonly open: string | undefined
  }
  const decider: Decider<Correction, LotProposal, CorrectionEvent, Proposing> = {
    ...fold,
    decide(proposal, correction, context): Decision<CorrectionEvent> {
      if (correction.status !== 'none') return accept([])
      const decision = propose(proposal, context)
      if (!decision.accepted) return decision
      if (context.open !== undefined)
        return refuse(refusal('correction-open-already', '', { correction: context.open.slice('correction-'.length) }))
      return accept(
        decision.events.flatMap((event) => appliedIfAgreed(correction, event, context.now)),
        decision.findings,
      )
    },
  }
  const context = async (correction: Correction): Promise<Proposing> => {
    const known = await contextFor(runtime, envelope, command.lot, labelIn(command.asked))
    const open = await openOther(runtime, command.lot, stream)
    // The claim comes last, so that a proposal that is refused does not block the lot.
    if (open !== undefined || correction.status !== 'none' || !propose(command, known).accepted)
      return { ...known, open }
    const { by } = await claimOf(runtime, claimStream('correction', command.lot))
    const claim = { kind: 'correction', name: command.lot, by: stream, occurredAt: known.now } as const
    const holder = await claimName(runtime, by === undefined ? claim : { ...claim, insteadOf: by }, envelope)
    return { ...known, open: holder === stream ? undefined : holder }
  }
  return execute(runtime, { decider, stream, command, context }, envelope)
}

/** One of the three ways to answer a proposal. */
async function answer(
  runtime: Runtime,
  action: CorrectionAction,
  id: string,
  envelope: Envelope,
  event: (correction: KnownCorrection, unit: string, now: string) => CorrectionEvent,
): Promise<Outcome<Correction>> {
  const stream = correctionStream(id)
  const decider: Decider<Correction, undefined, CorrectionEvent, CorrectionContext | undefined> = {
    ...fold,
    decide(_, correction, context): Decision<CorrectionEvent> {
      const why = guardCorrection(action, correction, envelope.actor)
      if (why) return refuse(why)
      if (correction.status === 'none' || !context) return refuse(refusal('correction-unknown'))
      const unit = partyOf(action, correction, envelope.actor) ?? correction.by
      // What was right when it was proposed may not be any more: the lot has a history since.
      const stopping =
        action === 'consent'
          ? findingsOf(correction.changes, context).filter(({ severity }) => severity !== 'WARN')
          : []
      if (stopping.length > 0)
        return refuse(...stopping.map(({ rule, pointer, facts }) => ({ code: 'rule-broken', rule, pointer, facts })))
      return accept(appliedIfAgreed(correction, event(correction, unit, context.now), context.now))
    },
  }
  const context = async (correction: Correction) =>
    correction.status === 'none'
      ? undefined
      : contextFor(runtime, envelope, correction.lot, labelIn(correction.changes))
  return execute(runtime, { decider, stream, command: undefined, context }, envelope)
}

const about = ({ lot, units, streams }: KnownCorrection) => ({ lot, units, streams })

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

/** The reaction to an applied correction: the lot's own event. What it leaves short came about in between, and is a finding. */
export async function correctLot(
  runtime: Runtime,
  id: string,
  correction: KnownCorrection,
  occurredAt: string,
  envelope: Envelope,
): Promise<Outcome<Lot>> {
  const { changes, reason, agreed } = correction
  const decider: Decider<Lot, undefined, LotEvent, CorrectionContext> = {
    initial: noLot,
    evolve: evolveLot,
    decide: (_command, _lot, context) =>
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
  }
  const label = labelIn(changes)
  const context = () => contextFor(runtime, envelope, correction.lot, label)
  // A label that is put on instead is the lot's from here on.
  if (label !== undefined)
    await claimName(runtime, { kind: 'label', name: label, by: lotStream(correction.lot), occurredAt }, envelope)
  return execute(runtime, { decider, stream: lotStream(correction.lot), command: undefined, context }, envelope)
}
