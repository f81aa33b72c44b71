import type { Official } from '../../../schemas/case/actions.ts'
import type { RejectHold, ReleaseHold, WithdrawHold } from '../../../schemas/commands/holds.ts'
import type { Context } from '../../../schemas/context.ts'
import { accept, refusal, refuse, type Decider, type Finding, type Refusal } from '../../../schemas/decision.ts'
import { guardHold, type HoldAction } from '../../../schemas/hold/actions.ts'
import type { HoldEvent, KeptFinding } from '../../../schemas/hold/events.ts'
import { holdFold, type Hold } from '../../../schemas/hold/state.ts'
import type { Moment } from '../../../schemas/values/time.ts'

/** What a decision about a hold knows beside its state. */
export interface HoldContext extends Omit<Context, 'actor'> {
  readonly actor: Official
  /** Whether the act is in the log: then nothing is left to reject or withdraw, whatever the hold says. */
  readonly carriedOut: boolean
}

type HoldDecider<C> = Decider<Hold, C, HoldEvent, HoldContext>

/** A process that died between the act and its note leaves a hold that waits although its act was done: releasing it again notes that. */
const guarded = (action: HoldAction, hold: Hold, { actor, carriedOut }: HoldContext): Refusal | undefined =>
  guardHold(action, hold, actor) ??
  (carriedOut && action !== 'release' ? refusal('hold-not-waiting', '', { status: 'done' }) : undefined)

/** Whom the hold concerns, as each of its events says it. */
const about = (hold: Hold) =>
  hold.status === 'none' ? { units: [], streams: [] } : { units: [...hold.held.units], streams: [...hold.held.streams] }

/** An official releases what the command waits for: exactly the findings that are named in the hold now. */
export const release: HoldDecider<ReleaseHold> = {
  ...holdFold,
  decide({ reason }, hold, context) {
    const why = guarded('release', hold, context)
    if (why || hold.status === 'none') return refuse(why ?? refusal('hold-unknown'))
    const findings = hold.findings.filter(({ severity }) => severity === 'HOLD')
    return accept([{ type: 'HoldReleased', occurredAt: context.now, data: { ...about(hold), findings, reason } }])
  },
}

export const reject: HoldDecider<RejectHold> = {
  ...holdFold,
  decide({ reason }, hold, context) {
    const why = guarded('rejection', hold, context)
    return why
      ? refuse(why)
      : accept([{ type: 'HoldRejected', occurredAt: context.now, data: { ...about(hold), reason } }])
  },
}

export const withdraw: HoldDecider<WithdrawHold> = {
  ...holdFold,
  decide({ reason }, hold, context) {
    const why = guarded('withdrawal', hold, context)
    const data = { ...about(hold), ...(reason === undefined ? {} : { reason }) }
    return why ? refuse(why) : accept([{ type: 'HoldWithdrawn', occurredAt: context.now, data }])
  },
}

/** The deadline passed. Changes nothing where the hold was decided on before. */
export const expire: Decider<Hold, { readonly occurredAt: Moment }, HoldEvent, { readonly carriedOut: boolean }> = {
  ...holdFold,
  decide: ({ occurredAt }, hold, { carriedOut }) =>
    accept(hold.status === 'waiting' && !carriedOut ? [{ type: 'HoldExpired', occurredAt, data: about(hold) }] : []),
}

/** What came of a released command. */
export type Result =
  | { readonly is: 'done'; readonly subject: string; readonly revision: number }
  | { readonly is: 'blocked'; readonly refusals: readonly Refusal[] }
  | { readonly is: 'held'; readonly findings: readonly Finding[] }

function eventOf(result: Result, hold: Hold): Omit<HoldEvent, 'occurredAt'> {
  switch (result.is) {
    case 'done': {
      const { subject, revision } = result
      return { type: 'HoldCompleted', data: { ...about(hold), subject, revision } }
    }
    case 'blocked':
      return {
        type: 'HoldBlocked',
        data: { ...about(hold), refusals: result.refusals.map((one) => ({ ...one, facts: { ...one.facts } })) },
      }
    case 'held':
      return {
        type: 'HoldExtended',
        data: {
          ...about(hold),
          findings: result.findings.map(
            ({ released: _, ...found }): KeptFinding => ({ ...found, severity: 'HOLD', facts: { ...found.facts } }),
          ),
        },
      }
  }
}

/** Notes what came of a released command; nothing where that was noted already. */
export const conclude: Decider<Hold, Result, HoldEvent, { readonly now: string }> = {
  ...holdFold,
  decide(result, hold, { now }) {
    const { status } = hold
    const open = status === 'released' || (status === 'waiting' && result.is === 'done')
    return accept(open ? [{ ...eventOf(result, hold), occurredAt: now } as HoldEvent] : [])
  },
}
