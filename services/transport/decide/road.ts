import type { Arrive, AttachNumber, CancelManifest, Depart, HandOverLeg } from '../../../schemas/commands/transport.ts'
import type { Context } from '../../../schemas/context.ts'
import { accept, acceptUnlessBlocked, refusal, refuse } from '../../../schemas/decision.ts'
import { guardManifest } from '../../../schemas/manifest/actions.ts'
import type { Leg } from '../../../schemas/manifest/shapes.ts'
import { inOrder } from '../../../schemas/rules/recording.ts'
import { judge } from '../../../schemas/rules/rule.ts'
import { timeliness } from '../../../schemas/rules/timeliness.ts'
import {
  consignorWeighed,
  dangerousGoodsPermits,
  legsInOrder,
  namedCarrier,
  officialNumberWellFormed,
} from '../../../schemas/rules/transfer.ts'
import type { DriverPermit, Unit } from '../../../schemas/unit/state.ts'
import { present } from '../../../schemas/values/present.ts'
import { businessDay, yearOf } from '../../../schemas/values/time.ts'
import { manifestDecider } from './manifest.ts'
import { placesLeft } from './place-left.ts'

/** R56: the consignor has weighed every hazardous line before the vehicle leaves. */
export const depart = manifestDecider<Depart>((command, manifest, context) => {
  const obstacle = guardManifest('departure', manifest, context.actor)
  if (obstacle) return refuse(obstacle)
  const { occurredAt, from } = command
  const unweighed = manifest.lines.flatMap(({ line, weighed, waste }) =>
    weighed || waste.stream !== 'hazardous' ? [] : [{ line, pointer: '' }],
  )
  const findings = [
    ...timeliness(command, manifest.stepAt, context, 'departed'),
    ...judge(consignorWeighed, { unweighed }, businessDay(occurredAt)),
  ]
  return acceptUnlessBlocked(findings, () => [{ type: 'ManifestDeparted', occurredAt, data: present({ from }) }])
})

export type HandOverRequest = Omit<HandOverLeg, 'to'> & { readonly to: Leg }
export interface HandOverContext extends Context {
  readonly carrier: Unit
  readonly permit?: DriverPermit | undefined
}

/**
 * The next carrier takes over at one place and time (art 17), by asking for it confirming consignor, previous carrier and waste. Until it does
 * so it may come with another vehicle than the one filed; who it is stays as filed.
 */
export const handOver = manifestDecider<HandOverRequest, HandOverContext>((command, manifest, context) => {
  const obstacle = guardManifest('handover', manifest, context.actor)
  if (obstacle) return refuse(obstacle)
  const { leg, to, place, previousArrivedAt, occurredAt } = command
  const day = businessDay(occurredAt)
  const from = manifest.legs[manifest.leg]
  const named = manifest.legs[manifest.leg + 1]
  const findings = [
    ...timeliness(command, manifest.stepAt, context, 'handover'),
    ...inOrder(
      [
        { name: 'departed', at: manifest.stepAt },
        { name: 'arrived', at: previousArrivedAt },
      ],
      context.now,
      day,
      '/previousArrivedAt',
    ),
    ...judge(legsInOrder, { expected: manifest.leg + 1, leg, arrivedAt: previousArrivedAt, at: occurredAt }, day),
    ...(named ? judge(namedCarrier, { named, actual: to, vehicleBound: false, pointer: '/to' }, day) : []),
    ...(manifest.form === 'transfer-manifest'
      ? judge(
          dangerousGoodsPermits,
          { ...to, carrier: context.carrier, permit: context.permit, day, pointer: '/to' },
          day,
        )
      : []),
  ]
  return acceptUnlessBlocked(findings, () =>
    from ? [{ type: 'ManifestHandedOver', occurredAt, data: { leg, from, to: present(to), place } }] : [],
  )
})

export const arrive = manifestDecider<Arrive>((command, manifest, context) => {
  const obstacle = guardManifest('arrival', manifest, context.actor)
  if (obstacle) return refuse(obstacle)
  const { occurredAt, place } = command
  return acceptUnlessBlocked(timeliness(command, manifest.stepAt, context, 'arrived'), () => [
    { type: 'ManifestArrived', occurredAt, data: present({ place }) },
  ])
})

/** R67: before departure only. What was reserved is released, what was loaded is unloaded. */
export const cancel = manifestDecider<CancelManifest>((command, manifest, context) => {
  const obstacle = guardManifest('cancellation', manifest, context.actor)
  if (obstacle) return refuse(obstacle)
  const { occurredAt, cause } = command
  return acceptUnlessBlocked(timeliness(command, manifest.stepAt, context, 'cancelled'), () => [
    { type: 'ManifestCancelled', occurredAt, data: { reason: cause } },
  ])
})

export interface NumberContext extends Context {
  /** Stream of the manifest that bears the number already, where another one does. */
  readonly takenBy: string | undefined
  readonly consignor: Unit
  readonly parkCity?: string | undefined
}

/** R48: the park stores the number that the national system gave; it never makes one. */
export const attachNumber = manifestDecider<AttachNumber, NumberContext>((command, manifest, context) => {
  const obstacle = guardManifest('attach-number', manifest, context.actor)
  if (obstacle) return refuse(obstacle)
  const { number, occurredAt } = command
  const facts = {
    number,
    year: yearOf(businessDay(manifest.filedAt)),
    places: placesLeft(context.consignor, manifest.lines, context.parkCity),
    takenBy: context.takenBy,
    pointer: '/number',
  }
  const findings = [
    ...timeliness(command, manifest.filedAt, context, 'occurred'),
    ...judge(officialNumberWellFormed, facts, businessDay(occurredAt)),
  ]
  return acceptUnlessBlocked(findings, () => [{ type: 'OfficialNumberAttached', occurredAt, data: { number } }])
})

/** Closes the stream of a manifest that never came to be: a late filing then finds it closed instead of shipping what is no longer reserved. */
export const abandon = manifestDecider<{ readonly occurredAt: string }>(({ occurredAt }, { status }) => {
  if (status === 'abandoned') return accept([])
  if (status !== 'none') return refuse(refusal('manifest-already-filed'))
  return accept([{ type: 'ManifestAbandoned', occurredAt, data: { reason: 'never-filed' } }])
})
