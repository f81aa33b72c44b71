import { actsFor, concerns, type Actor, type Role } from '../actor.ts'
import { refusal, type Refusal } from '../decision.ts'
import { law } from '../rules/law.ts'
import type { ManifestForm } from './shapes.ts'
import { compareMoments, NEWEST_LAW, type Day } from '../values/time.ts'
import type { Line } from './lines.ts'
import type { Manifest, ManifestStatus } from './state.ts'

/** What may be done to a manifest after it is filed, in the order in which it usually happens. */
export const MANIFEST_ACTIONS = [
  'attach-number',
  'pickup',
  'departure',
  'handover',
  'arrival',
  'weighing',
  'acceptance',
  'refusal',
  'return',
  'treatment',
  'cancellation',
] as const
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
  /** In which states, which may differ by the document: an out-record is received without an arrival of its own. */
  readonly statuses: readonly ManifestStatus[] | Readonly<Record<ManifestForm, readonly ManifestStatus[]>>
  /** What the law is asked about a wrong state, where one of its rules is about it. */
  readonly asks?: `${'PickUp' | 'CancelManifest' | 'AcceptManifest' | 'RefuseManifest'}:state`
  /** A further condition on the state alone. */
  readonly unless?: (manifest: Manifest) => Refusal | undefined
}

const hazardous = ({ form }: Manifest): boolean => form === 'transfer-manifest'
const nothing = (code: string) => (holds: (manifest: Manifest) => boolean) => (manifest: Manifest) =>
  holds(manifest) ? undefined : refusal(code)

/** Nothing is left to return: because it is back already, or because nothing was ever refused. */
export function nothingRefused(lines: readonly Line[], pointer = ''): Refusal {
  const last = lines
    .flatMap(({ returnedAt }) => (returnedAt === undefined ? [] : [returnedAt]))
    .toSorted((a, b) => compareMoments(a, b))
    .at(-1)
  return refusal('nothing-refused', pointer, last === undefined ? {} : { returnedAt: last })
}

const openLine = ({ lines }: Manifest): boolean => lines.some(({ decision }) => decision === undefined)
// R69: the receiver's own weighing comes before a hazardous load is decided; that is the status `weighed`.
const decidable = { 'transfer-manifest': ['weighed'], 'out-record': ['departed', 'arrived'] } as const
const decision: Row = {
  by: 'receiver',
  roles: ['receiver'],
  statuses: decidable,
  unless: nothing('all-lines-decided')(openLine),
}

/**
 * Who may do what, and when: the guard that every decider of a manifest asks first, and from which `availableActions` is answered,
 * so that the two cannot disagree. Rules about the content of a command come after it.
 */
const rows: Readonly<Record<ManifestAction, Row>> = {
  'attach-number': {
    by: 'consignor',
    roles: ['producer', 'receiver'],
    statuses: ['filed'],
    unless: nothing('number-already-attached')(({ number }) => number === undefined),
  },
  // R49: what is loaded already has its trip; R47: there is no open manifest any more.
  pickup: {
    by: 'carrier',
    roles: ['carrier', 'driver'],
    statuses: ['filed'],
    asks: 'PickUp:state',
  },
  departure: { by: 'carrier', roles: ['carrier', 'driver'], statuses: ['loaded'] },
  handover: {
    by: 'carrier',
    roles: ['carrier', 'driver'],
    statuses: ['departed'],
    unless: nothing('no-further-leg')(({ leg, legs }) => leg + 1 < legs.length),
  },
  arrival: {
    by: 'carrier',
    roles: ['carrier', 'driver'],
    statuses: ['departed'],
    unless: nothing('legs-open')(({ leg, legs }) => leg + 1 === legs.length),
  },
  weighing: {
    by: 'receiver',
    roles: ['receiver'],
    statuses: ['arrived'],
    unless: nothing('not-weighed-here')(hazardous),
  },
  acceptance: { ...decision, asks: 'AcceptManifest:state' },
  refusal: { ...decision, asks: 'RefuseManifest:state' },
  return: {
    by: 'consignor',
    roles: ['producer', 'receiver'],
    statuses: { 'transfer-manifest': ['weighed', 'completed'], 'out-record': ['arrived', 'completed'] },
    unless: ({ lines }) =>
      lines.some(({ lots }) => lots.some(({ refused, returned }) => refused > returned))
        ? undefined
        : nothingRefused(lines),
  },
  treatment: {
    by: 'receiver',
    roles: ['receiver'],
    statuses: { 'transfer-manifest': ['weighed', 'completed'], 'out-record': ['arrived', 'completed'] },
    unless: nothing('nothing-to-treat')(({ lines }) =>
      lines.some(({ accepted, treated, passedOn }) => accepted > treated + passedOn),
    ),
  },
  // R67: 作废 ends with the departure; what is loaded by then is unloaded again.
  cancellation: {
    by: 'consignor',
    roles: ['producer', 'receiver'],
    statuses: ['filed', 'loaded'],
    asks: 'CancelManifest:state',
  },
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

const isFormless = (statuses: Row['statuses']): statuses is readonly ManifestStatus[] => Array.isArray(statuses)

/**
 * Why this actor may not do this now, or nothing. To a unit that has no part in it the manifest does not exist, whatever it asks.
 * A handover is done by the carrier who takes over as well as by the one who gives. A wrong state is refused on every day; which rule it breaks
 * is the law of `day`, the newest where nothing is done yet.
 */
export function guardManifest(
  action: ManifestAction,
  manifest: Manifest,
  actor: Actor,
  day: Day = NEWEST_LAW,
): Refusal | undefined {
  const { by, roles, statuses, asks, unless } = rows[action]
  const { status, form } = manifest
  if (status === 'none' || status === 'abandoned' || !concerns(actor, manifestParties(manifest)))
    return refusal('manifest-unknown')
  const units =
    action === 'handover' ? [unitOf(manifest, by), manifest.legs[manifest.leg + 1]?.carrier] : [unitOf(manifest, by)]
  if (!units.some((unit) => actsFor(actor, unit, ...roles))) return refusal('not-your-part', '', { action, by })
  const possible: readonly ManifestStatus[] = isFormless(statuses) ? statuses : statuses[form]
  if (!possible.includes(status)) {
    const [broken] = asks ? law.ask(asks, { status, day }) : []
    return { ...refusal('manifest-not-ready', '', { action, status }), ...(broken ? { rule: broken.rule } : {}) }
  }
  return unless?.(manifest)
}

export const manifestActions = (manifest: Manifest, actor: Actor): readonly AvailableAction<ManifestAction>[] =>
  MANIFEST_ACTIONS.map((action) => {
    const why = guardManifest(action, manifest, actor)
    return why ? { action, allowed: false, refusal: why } : { action, allowed: true }
  })

/** Every unit that has a part in it; to any other it does not exist. */
export const manifestParties = (manifest: Manifest): readonly string[] => [
  manifest.consignor,
  manifest.receiver,
  ...manifest.legs.map(({ carrier }) => carrier),
]
