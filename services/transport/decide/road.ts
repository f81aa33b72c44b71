import type { Arrive, AttachNumber, CancelManifest, Depart } from '../../../schemas/commands/transport.ts'
import { accept, acceptUnlessBlocked, refusal, refuse } from '../../../schemas/decision.ts'
import { guardManifest } from '../../../schemas/manifest/actions.ts'
import { present } from '../../../schemas/values/present.ts'
import { businessDay } from '../../../schemas/values/time.ts'
import { manifestDecider } from './manifest.ts'
import { law } from '../../../schemas/rules/law.ts'
import type { HandOverContext, HandOverRequest, NumberContext } from '../../../schemas/rules/questions.ts'

/** R56: the consignor has weighed every hazardous line before the vehicle leaves. */
export const depart = manifestDecider<Depart>((command, manifest, context) => {
  const obstacle = guardManifest('departure', manifest, context.actor)
  if (obstacle) return refuse(obstacle)
  const { occurredAt, from } = command
  const findings = law.ask('Depart', { command, manifest, context, day: businessDay(occurredAt) })
  return acceptUnlessBlocked(findings, () => [{ type: 'ManifestDeparted', occurredAt, data: present({ from }) }])
})

/**
 * The next carrier takes over at one place and time (art 17), by asking for it confirming consignor, previous carrier and waste. Until it does
 * so it may come with another vehicle than the one filed; who it is stays as filed.
 */
export const handOver = manifestDecider<HandOverRequest, HandOverContext>((command, manifest, context) => {
  const obstacle = guardManifest('handover', manifest, context.actor)
  if (obstacle) return refuse(obstacle)
  const { leg, to, place, occurredAt } = command
  const from = manifest.legs[manifest.leg]
  const findings = law.ask('HandOverLeg', { command, manifest, context, day: businessDay(occurredAt) })
  return acceptUnlessBlocked(findings, () =>
    from ? [{ type: 'ManifestHandedOver', occurredAt, data: { leg, from, to: present(to), place } }] : [],
  )
})

export const arrive = manifestDecider<Arrive>((command, manifest, context) => {
  const obstacle = guardManifest('arrival', manifest, context.actor)
  if (obstacle) return refuse(obstacle)
  const { occurredAt, place } = command
  return acceptUnlessBlocked(law.ask('Arrive', { command, manifest, context, day: businessDay(occurredAt) }), () => [
    { type: 'ManifestArrived', occurredAt, data: present({ place }) },
  ])
})

/** R67: before departure only. What was reserved is released, what was loaded is unloaded. */
export const cancel = manifestDecider<CancelManifest>((command, manifest, context) => {
  const obstacle = guardManifest('cancellation', manifest, context.actor, businessDay(command.occurredAt))
  if (obstacle) return refuse(obstacle)
  const { occurredAt, cause } = command
  const findings = law.ask('CancelManifest', { command, manifest, context, day: businessDay(occurredAt) })
  return acceptUnlessBlocked(findings, () => [{ type: 'ManifestCancelled', occurredAt, data: { reason: cause } }])
})

/** R48: the park stores the number that the national system gave; it never makes one. */
export const attachNumber = manifestDecider<AttachNumber, NumberContext>((command, manifest, context) => {
  const obstacle = guardManifest('attach-number', manifest, context.actor)
  if (obstacle) return refuse(obstacle)
  const { number, occurredAt } = command
  const findings = law.ask('AttachNumber', { command, manifest, context, day: businessDay(occurredAt) })
  return acceptUnlessBlocked(findings, () => [{ type: 'OfficialNumberAttached', occurredAt, data: { number } }])
})

/** Closes the stream of a manifest that never came to be: a late filing then finds it closed instead of shipping what is no longer reserved. */
export const abandon = manifestDecider<{ readonly occurredAt: string }>(({ occurredAt }, { status }) => {
  if (status === 'abandoned') return accept([])
  if (status !== 'none') return refuse(refusal('manifest-already-filed'))
  return accept([{ type: 'ManifestAbandoned', occurredAt, data: { reason: 'never-filed' } }])
})
