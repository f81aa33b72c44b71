import { actsFor, concerns } from '../../../schemas/actor.ts'
import type { ProposeCorrection } from '../../../schemas/commands/correction.ts'
import type { Context } from '../../../schemas/context.ts'
import { correctedHistory, withValues, type Change, type Placed } from '../../../schemas/correction/changes.ts'
import type { Recorded } from '../../../schemas/correction/following.ts'
import { authorOf, correctable, promised, receiversOf } from '../../../schemas/correction/consents.ts'
import {
  acceptUnlessBlocked,
  refusal,
  refuse,
  type Decision,
  type Finding,
  type Refusal,
} from '../../../schemas/decision.ts'
import { labelStem } from '../../../schemas/lot/label.ts'
import { lotEvents, type LotEvent, type LotEventOf } from '../../../schemas/lot/events.ts'
import { evolveLot, noLot, type Lot } from '../../../schemas/lot/state.ts'
import { lotParties } from '../../../schemas/lot/actions.ts'
import { law } from '../../../schemas/rules/law.ts'
import { businessDay } from '../../../schemas/values/time.ts'
import type { CorrectionEventOf } from '../../../schemas/correction/events.ts'

export type RecordedLotEvent = Recorded<LotEvent>

export interface CorrectionContext extends Context {
  /** The whole stream of the lot. */
  readonly history: readonly RecordedLotEvent[]
  /** Most grams of one act. */
  readonly actMass: number
  /** Whether another lot has the label that is to be put on. */
  readonly labelTaken: boolean
}

const lotOf = (history: readonly Placed<LotEvent>[]): Lot =>
  correctedHistory(history).reduce((lot, { event }) => evolveLot(lot, event), noLot)

/** One event that is to say something else, and its place in the request. */
export interface AskedChange {
  readonly of: string
  readonly is: Readonly<Record<string, unknown>>
  readonly at: string
}

/** A proposal about one lot. */
export interface LotProposal {
  readonly lot: string
  readonly asked: readonly AskedChange[]
  readonly isVoid: boolean
  readonly reason: string
  /** Whether the sender named the lot; otherwise it follows from the events, and is as unknown as they are. */
  readonly isNamed: boolean
}

/** Events that a proposal names, by `of` and by `changes`. */
export const askedIn = ({ of, is = {}, changes = [] }: ProposeCorrection): readonly AskedChange[] => [
  ...(of === undefined ? [] : [{ of: of.toLowerCase(), is, at: '' }]),
  ...changes.map((change, i) => ({ ...change, of: change.of.toLowerCase(), at: `/changes/${i}` })),
]

export const unknownEvent = ({ of, at }: AskedChange): Refusal =>
  refusal('correction-event-unknown', `${at}/of`, { of })

/** What a proposal says, as changes of events: `was` is what holds now, and what follows of itself is among them. */
export function changesOf({ asked, isVoid }: LotProposal, history: readonly RecordedLotEvent[]): readonly Change[] {
  const now = new Map(correctedHistory(history).map(({ revision, event }) => [revision, event]))
  const changed = new Map<number, Change>()
  const change = ({ id, revision }: RecordedLotEvent, is: Readonly<Record<string, unknown>>) => {
    const data = (now.get(revision)?.data ?? {}) as Readonly<Record<string, unknown>>
    const differing = Object.entries(is).filter(([name, value]) => !sameValue(data[name], value ?? undefined))
    if (differing.length === 0 || changed.has(revision)) return
    const was = differing.flatMap(([name]) => (data[name] === undefined ? [] : [[name, data[name]] as const]))
    changed.set(revision, { of: id, revision, was: Object.fromEntries(was), is: Object.fromEntries(differing) })
  }
  if (isVoid)
    return history.flatMap(({ id, revision, event }) =>
      event.type === 'LotCorrected' || !now.has(revision)
        ? []
        : [{ of: id, revision, was: { ...now.get(revision)?.data } }],
    )
  for (const { of, is } of asked) {
    const target = history.find(({ id }) => id === of)
    if (target) change(target, is)
  }
  for (const { revision, is = {} } of changed.values()) {
    const event = now.get(revision)
    const later = history.filter((one) => one.revision > revision && now.has(one.revision))
    const waste = is['waste'] as LotEventOf<'LotClassified'>['data']['waste'] | undefined
    // Whatever happened later named the waste as it was classified.
    if (event?.type === 'LotClassified' && waste)
      for (const one of later) if ('waste' in (now.get(one.revision)?.data ?? {})) change(one, { waste })
    // Classifying follows: it took what was generated.
    if (event?.type === 'LotGenerated' && typeof is['grams'] === 'number') {
      const follower = later.find((one) => one.event.type === 'LotClassified')
      const followed = follower && now.get(follower.revision)
      if (follower && followed?.type === 'LotClassified' && followed.data.grams === event.data.grams)
        change(follower, { grams: is['grams'] })
    }
  }
  return [...changed.values()].toSorted((a, b) => a.revision - b.revision)
}

const sameValue = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/** Refusals of the proposal itself: of the events and fields that it names. */
function against(command: LotProposal, context: CorrectionContext): readonly Refusal[] {
  const { history, actor } = context
  const lot = lotOf(history)
  const events = history.map(({ event }) => event)
  if (!lot.exists || !concerns(actor, [...lotParties(lot), ...receiversOf(events)]))
    return command.isNamed ? [refusal('lot-unknown', '/lot')] : command.asked.map(unknownEvent)
  const origin = lot.origin?.unit ?? ''
  const gone = correctedHistory(history).some(({ event }) => promised(event))
  if (command.isVoid) {
    if (!actsFor(actor, origin, 'producer', 'receiver')) return [refusal('correction-not-yours', '', { units: origin })]
    // Its mass came out of other lots by their events, which would still say so.
    if (history.some(({ event }) => event.type === 'LotDerived')) return [refusal('correction-of-derived', '/void')]
    return gone ? [refusal('correction-after-promise', '/void', { field: 'void' })] : []
  }
  return command.asked.flatMap(({ of, is, at }): readonly Refusal[] => {
    const target = history.find(({ id }) => id === of)
    if (!target) return [refusal('correction-of-unknown-event', `${at}/of`, { of })]
    const author = authorOf(target.event, origin)
    const fields = correctable(target.event.type)
    if (Object.keys(fields).length > 0 && !actsFor(actor, author, 'producer', 'receiver'))
      return [refusal('correction-not-yours', at, { units: author })]
    return Object.keys(is).flatMap((field): readonly Refusal[] => {
      const pointer = `${at}/is/${field}`
      const consent = Object.hasOwn(fields, field) ? fields[field] : undefined
      if (consent === undefined)
        return [
          refusal('correction-field-sealed', pointer, {
            field,
            choices: Object.keys(fields).join(', ') || '-',
          }),
        ]
      if (consent === 'until-promised' && gone) return [refusal('correction-after-promise', pointer, { field })]
      const value = is[field]
      if (typeof value === 'number' && field !== 'packageCount' && value > context.actMass)
        return [refusal('mass-above-bound', pointer, { grams: value, limit: context.actMass })]
      const parsed = lotEvents[target.event.type].schema.safeParse(withValues(target.event.data, is))
      const wrong = parsed.error?.issues.some(({ path }) => path[0] === field)
      return wrong ? [refusal('correction-value-malformed', pointer, { field })] : []
    })
  })
}

/** What the law says of the lot that the correction would leave. */
export function findingsOf(
  changes: readonly Change[],
  {
    history,
    now,
    labelTaken,
    ...context
  }: Pick<CorrectionContext, 'history' | 'catalogues' | 'provenance' | 'now' | 'labelTaken'>,
): readonly Finding[] {
  const before = lotOf(history)
  const after = lotOf([...history, { revision: history.length + 1, event: correcting(changes) }])
  const names = (field: string) => changes.some(({ is }) => is?.[field] !== undefined)
  const short = (after.short?.grams ?? 0) > (before.short?.grams ?? 0) ? after.short : undefined
  const { exists, waste, bornOn, label } = after
  return law.ask('CorrectLot', {
    day: businessDay(now),
    context,
    ...(short ? { short: { taken: short.taken, free: short.balance } } : {}),
    ...(exists && waste && names('waste') ? { coded: { waste, bornOn } } : {}),
    ...(exists && label !== undefined && (names('waste') || names('label'))
      ? { label: { label, expected: labelStem(after), taken: labelTaken } }
      : {}),
  })
}

const correcting = (changes: readonly Change[]): LotEvent => ({
  type: 'LotCorrected',
  occurredAt: '',
  data: { correction: '', changes: [...changes], reason: '', agreed: [] },
})

/** Judges a proposal as a whole, with the lot's history in hand. */
export function propose(
  command: LotProposal,
  context: CorrectionContext,
): Decision<CorrectionEventOf<'CorrectionProposed'>> {
  const refusals = against(command, context)
  if (refusals.length > 0) return refuse(...refusals)
  const { history, now } = context
  const changes = changesOf(command, history)
  if (changes.length === 0) return refuse(refusal('correction-empty', command.asked[0]?.at === '' ? '/is' : '/changes'))
  const lot = lotOf(history)
  const byRevision = new Map(history.map(({ revision, event }) => [revision, event]))
  const [first] = changes
  const by = authorOf(
    byRevision.get(first?.revision ?? 0) ?? ({ type: 'LotLabelled' } as LotEvent),
    lot.origin?.unit ?? '',
  )
  const mustAgree = receiversOf(history.map(({ event }) => event)).filter((unit) => unit !== by)
  const streams = lot.waste ? [lot.waste.stream] : []
  return acceptUnlessBlocked(findingsOf(changes, context), () => [
    {
      type: 'CorrectionProposed',
      occurredAt: now,
      data: {
        lot: command.lot,
        units: [by, ...mustAgree],
        streams,
        changes: [...changes],
        reason: command.reason,
        by,
        mustAgree,
      },
    },
  ])
}
