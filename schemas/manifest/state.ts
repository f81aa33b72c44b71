import { lineDocument, type Place } from '../values/place.ts'
import type { FiledLine, Leg, LineLot, ManifestEvent, ManifestForm } from './events.ts'

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

/** One lot of a line with its three masses side by side, none ever written over another. */
export interface LotOnLine extends LineLot {
  readonly shipped: number
  readonly accepted: number
  readonly refused: number
  readonly returned: number
  readonly treated: number
}

export interface Line extends Omit<FiledLine, 'lots'> {
  readonly lots: readonly LotOnLine[]
  readonly shipped: number | undefined
  /** Whether `shipped` comes from the consignor's scale (R56). */
  readonly weighed: boolean
  readonly decision: 'accepted' | 'partly-accepted' | 'refused' | undefined
  readonly accepted: number
  readonly refused: number
  readonly treated: number
  readonly decidedMethod: string | undefined
  /** When the receiver decided it (接受时间): nothing of it is returned or treated earlier (R59). */
  readonly decidedAt: string | undefined
  /** When what was refused of it was last returned. */
  readonly returnedAt: string | undefined
  /** Records of treatment it was named in; each treats a line once. */
  readonly treatments: readonly string[]
}

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

const filedLine = ({ lots, ...line }: FiledLine): Line => ({
  ...line,
  shipped: undefined,
  weighed: false,
  decision: undefined,
  accepted: 0,
  refused: 0,
  treated: 0,
  decidedMethod: undefined,
  decidedAt: undefined,
  returnedAt: undefined,
  treatments: [],
  lots: lots.map((lot) => ({ ...lot, shipped: 0, accepted: 0, refused: 0, returned: 0, treated: 0 })),
})

const onLine = (manifest: Manifest, no: number, change: (line: Line) => Line): Manifest => ({
  ...manifest,
  lines: manifest.lines.map((line) => (line.line === no ? change(line) : line)),
})

/** A line names a lot once (the decider sees to it), so parts are matched by lot. */
function onLots<P extends { readonly lot: string }>(
  line: Line,
  parts: readonly P[],
  change: (lot: LotOnLine, part: P) => LotOnLine,
): readonly LotOnLine[] {
  const byLot = new Map(parts.map((part) => [part.lot, part]))
  return line.lots.map((lot) => {
    const part = byLot.get(lot.lot)
    return part ? change(lot, part) : lot
  })
}

/** The fold of a manifest's events. */
export function evolveManifest(manifest: Manifest, event: ManifestEvent): Manifest {
  return { ...applied(manifest, event), lastAt: event.occurredAt }
}

function applied(manifest: Manifest, event: ManifestEvent): Manifest {
  switch (event.type) {
    case 'ManifestFiled': {
      const { form, number, consignor, receiver, shipper, legs, lines } = event.data
      return {
        ...manifest,
        status: 'filed',
        form,
        number,
        consignor: consignor.unit,
        receiver: receiver.unit,
        licence: receiver.licence,
        shipper,
        legs,
        lines: lines.map(filedLine),
        filedAt: event.occurredAt,
        stepAt: event.occurredAt,
      }
    }
    case 'ManifestAbandoned':
      return { ...manifest, status: 'abandoned' }
    case 'OfficialNumberAttached':
      return { ...manifest, number: event.data.number }
    case 'ManifestCancelled':
      return { ...manifest, status: 'cancelled' }
    case 'ManifestPickedUp':
      return event.data.lines.reduce<Manifest>(
        (state, { line: no, shipped, weighed, lots }) =>
          onLine(state, no, (line) => ({
            ...line,
            shipped,
            weighed,
            lots: onLots(line, lots, (lot, { grams }) => ({ ...lot, shipped: grams })),
          })),
        { ...manifest, status: 'loaded', stepAt: event.occurredAt },
      )
    case 'ManifestDeparted':
      return { ...manifest, status: 'departed', stepAt: event.occurredAt }
    case 'ManifestHandedOver':
      return {
        ...manifest,
        leg: event.data.leg,
        legs: manifest.legs.map((leg, i) => (i === event.data.leg ? event.data.to : leg)),
        stepAt: event.occurredAt,
      }
    case 'ManifestArrived':
      return { ...manifest, status: 'arrived', stepAt: event.occurredAt }
    case 'LoadWeighed': {
      const { gross, tare, net } = event.data
      return { ...manifest, status: 'weighed', weighing: { gross, tare, net }, stepAt: event.occurredAt }
    }
    case 'LineDecided': {
      const { line: no, decision, accepted, refused, method, lots } = event.data
      return onLine(manifest, no, (line) => ({
        ...line,
        decision,
        accepted,
        refused,
        decidedMethod: method,
        decidedAt: event.occurredAt,
        lots: onLots(line, lots, (lot, part) => ({ ...lot, accepted: part.accepted, refused: part.refused })),
      }))
    }
    case 'ManifestCompleted':
      return { ...manifest, status: 'completed' }
    case 'LineReturned':
      return onLine(manifest, event.data.line, (line) => ({
        ...line,
        returnedAt: event.occurredAt,
        lots: onLots(line, event.data.lots, (lot, { grams }) => ({ ...lot, returned: lot.returned + grams })),
      }))
    case 'LineTreated': {
      const { line: no, treatment, treated, lots } = event.data
      return onLine(manifest, no, (line) => ({
        ...line,
        treated: line.treated + treated,
        treatments: [...line.treatments, treatment],
        lots: onLots(line, lots, (lot, part) => ({ ...lot, treated: lot.treated + part.grams })),
      }))
    }
  }
}

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
    received: { at: 'disposal', holder: manifest.receiver, place: 'received', document },
  }
}
