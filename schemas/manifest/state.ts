import { streamKind } from '../stream/stream-kind.ts'
import { lineDocument, RECEIVED, type Place } from '../values/place.ts'
import { manifestEvents } from './events.ts'
import type { Line } from './lines.ts'
import type { Leg, ManifestForm } from './shapes.ts'

export type ManifestStatus =
  | 'none'
  | 'filed'
  | 'loaded'
  | 'departed'
  | 'arrived'
  | 'weighed'
  | 'completed'
  | 'cancelled'
  | 'abandoned'

/** One transfer as its own events tell it. */
export interface Manifest {
  readonly status: ManifestStatus
  readonly form: ManifestForm
  readonly number: string | undefined
  readonly consignor: string
  readonly receiver: string
  readonly licence: string | undefined
  readonly shipper: string
  readonly legs: readonly Leg[]
  /** Index into `legs` of who carries it now. */
  readonly leg: number
  readonly lines: readonly Line[]
  readonly weighing: { readonly gross: number; readonly tare: number; readonly net: number } | undefined
  readonly filedAt: string
  /** When its last step on the way happened (filed, picked up, departed, handed over, arrived, weighed): no further step is earlier (R59). */
  readonly stepAt: string
  readonly lastAt: string
}

export const noManifest: Manifest = {
  status: 'none',
  form: 'transfer-manifest',
  number: undefined,
  consignor: '',
  receiver: '',
  licence: undefined,
  shipper: '',
  legs: [],
  leg: 0,
  lines: [],
  weighing: undefined,
  filedAt: '',
  stepAt: '',
  lastAt: '',
}

/** A transfer, stream `manifest-<id>`. */
export const manifests = streamKind({
  name: 'manifest',
  channel: 'manifests',
  initial: noManifest,
  concern: { from: 'history' },
  subjectOf: (id) => ({ kind: 'manifest', id }),
  events: manifestEvents,
  // When something was corrected says nothing of when something happened to the manifest.
  settle: (before, after, { type, occurredAt }) =>
    type === 'ManifestCorrected' ? before : { ...after, lastAt: occurredAt },
})
export const evolveManifest = manifests.evolve

/** The account in which a lot of a line travels now, and the ones where its refused and accepted mass lie after the decision. */
export function placesOnLine(
  manifest: Manifest,
  id: string,
  line: number,
): { road: Place; refused: Place; received: Place } {
  const leg = manifest.legs[manifest.leg]
  const carrier = leg?.carrier ?? ''
  const plate = leg?.plate ?? ''
  const document = lineDocument(id, line)
  return {
    road: { at: 'transport', holder: carrier, place: plate, document },
    refused: { at: 'refused', holder: carrier, place: plate, document },
    received: { at: 'disposal', holder: manifest.receiver, place: RECEIVED, document },
  }
}
