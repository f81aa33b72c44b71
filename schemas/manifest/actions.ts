import { actsFor, type Actor, type Role } from '../actor.ts'
import { refusal, type Refusal } from '../decision.ts'
import type { Manifest, ManifestStatus } from './state.ts'

/** What may be done to a manifest after it is filed, in the order in which it usually happens. */
export const MANIFEST_ACTIONS = ['attach-number', 'pickup', 'departure', 'handover', 'arrival', 'weighing', 'acceptance', 'refusal', 'return', 'treatment', 'cancellation'] as const
export type ManifestAction = (typeof MANIFEST_ACTIONS)[number]

export interface AvailableAction<A extends string = string> {
  readonly action: A
  readonly allowed: boolean
  /** Why not, where it is not. */
  readonly refusal?: Refusal
}

type Party = 'consignor' | 'carrier' | 'receiver'

interface Row {
  readonly by: Party
  readonly roles: readonly Role[]
  readonly statuses: readonly ManifestStatus[]
  /** A further condition on the state alone. */
  readonly unless?: (manifest: Manifest) => Refusal | undefined
}

const hazardous = ({ form }: Manifest): boolean => form === 'transfer-manifest'
const nothing = (code: string) => (holds: (manifest: Manifest) => boolean) => (manifest: Manifest) => (holds(manifest) ? undefined : refusal(code))

/**
 * Who may do what, and when: the guard that every decider of a manifest asks first, and from which `availableActions` is answered,
 * so that the two cannot disagree. Rules about the content of a command come after it.
 */
const rows: Readonly<Record<ManifestAction, Row>> = {
  'attach-number': { by: 'consignor', roles: ['producer', 'receiver'], statuses: ['filed'], unless: nothing('number-already-attached')(({ number }) => number === undefined) },
  pickup: { by: 'carrier', roles: ['carrier', 'driver'], statuses: ['filed'] },
  departure: { by: 'carrier', roles: ['carrier', 'driver'], statuses: ['loaded'] },
  handover: { by: 'carrier', roles: ['carrier', 'driver'], statuses: ['departed'], unless: nothing('no-further-leg')(({ leg, legs }) => leg + 1 < legs.length) },
  arrival: { by: 'carrier', roles: ['carrier', 'driver'], statuses: ['departed'], unless: nothing('legs-open')(({ leg, legs }) => leg + 1 === legs.length) },
  weighing: { by: 'receiver', roles: ['receiver'], statuses: ['arrived'], unless: nothing('not-weighed-here')(hazardous) },
  // R69: the receiver's own weighing comes before a hazardous load is decided; that is the status `weighed`.
  acceptance: { by: 'receiver', roles: ['receiver'], statuses: ['arrived', 'weighed'], unless: (m) => (hazardous(m) && m.status === 'arrived' ? { ...refusal('rule-broken'), rule: 'R69' } : undefined) },
  refusal: { by: 'receiver', roles: ['receiver'], statuses: ['arrived', 'weighed'], unless: (m) => (hazardous(m) && m.status === 'arrived' ? { ...refusal('rule-broken'), rule: 'R69' } : undefined) },
  return: { by: 'consignor', roles: ['producer', 'receiver'], statuses: ['weighed', 'completed'], unless: nothing('nothing-refused')(({ lines }) => lines.some(({ lots }) => lots.some(({ refused, returned }) => refused > returned))) },
  treatment: { by: 'receiver', roles: ['receiver'], statuses: ['weighed', 'completed'], unless: nothing('nothing-to-treat')(({ lines }) => lines.some(({ accepted, treated }) => accepted > treated)) },
  cancellation: { by: 'consignor', roles: ['producer', 'receiver'], statuses: ['filed'] },
}

function unitOf(manifest: Manifest, party: Party): string | undefined {
  switch (party) {
    case 'consignor':
      return manifest.consignor
    case 'carrier':
      return manifest.legs[manifest.leg]?.carrier
    case 'receiver':
      return manifest.receiver
  }
}

/** Why this actor may not do this now, or nothing. A handover is done by the carrier who takes over as well as by the one who gives. */
export function guardManifest(action: ManifestAction, manifest: Manifest, actor: Actor): Refusal | undefined {
  const { by, roles, statuses, unless } = rows[action]
  if (manifest.status === 'none' || manifest.status === 'abandoned') return refusal('manifest-unknown')
  const units = action === 'handover' ? [unitOf(manifest, by), manifest.legs[manifest.leg + 1]?.carrier] : [unitOf(manifest, by)]
  if (!units.some((unit) => actsFor(actor, unit, ...roles))) return refusal('not-your-part', '', { action, by })
  if (!statuses.includes(manifest.status)) return refusal('manifest-not-ready', '', { action, status: manifest.status })
  return unless?.(manifest)
}

export const manifestActions = (manifest: Manifest, actor: Actor): readonly AvailableAction<ManifestAction>[] =>
  MANIFEST_ACTIONS.map((action) => {
    const why = guardManifest(action, manifest, actor)
    return why ? { action, allowed: false, refusal: why } : { action, allowed: true }
  })

/** Every unit that has a part in it; to any other it does not exist. */
export const manifestParties = (manifest: Manifest): readonly string[] => [manifest.consignor, manifest.receiver, ...manifest.legs.map(({ carrier }) => carrier)]
