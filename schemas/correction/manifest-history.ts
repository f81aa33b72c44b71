import { refusal, type Finding, type Refusal } from '../decision.ts'
import type { Line } from '../manifest/lines.ts'
import type { ManifestEvent, ManifestEventOf } from '../manifest/events.ts'
import { decisionShares, pickUpShares } from '../manifest/shares.ts'
import { evolveManifest, noManifest, type Manifest } from '../manifest/state.ts'
import { acceptedWithinLimit, differenceExplained, loadWeighed } from '../rules/receipt.ts'
import { weightTolerance } from '../rules/limits.ts'
import { judge } from '../rules/row.ts'
import { grams } from '../values/mass.ts'
import { businessDay } from '../values/time.ts'
import { withValues, type Placed } from './changes.ts'

/** What is asked of an event of a manifest: values by their names, and where in the request they stand. */
export interface AskedOfManifest {
  readonly is: Readonly<Record<string, unknown>>
  readonly at: string
}

export interface CorrectedManifest {
  /** Every event as it is with what was asked, and with what follows from it: shares of lots, differences, returns. */
  readonly events: readonly Placed<ManifestEvent>[]
  readonly manifest: Manifest
  /** What the law says of it, and what is impossible whatever the law says. */
  readonly findings: readonly Finding[]
  readonly refusals: readonly Refusal[]
}

interface PickedLine {
  readonly line: number
  readonly shipped?: number
  readonly labels?: readonly string[]
}

/**
 * A manifest's history with these events saying something else. The manifest decides again what it decided, on the corrected figures: the
 * consignor's weighing is spread over the lots, then the receiver's decision over what was shipped, and what was refused is what came back. Lines
 * that nothing is asked of stay to the gram.
 */
export function correctManifest(
  history: readonly Placed<ManifestEvent>[],
  asked: ReadonlyMap<number, AskedOfManifest>,
): CorrectedManifest {
  const touched = new Set<number>()
  const findings: Finding[] = []
  const refusals: Refusal[] = []
  let manifest = noManifest

  function pickedUp(event: ManifestEventOf<'ManifestPickedUp'>, { is, at }: AskedOfManifest): ManifestEvent {
    const { lines: wanted, ...vehicle } = is
    const lines = event.data.lines.map((picked) => {
      const change = (wanted as readonly PickedLine[] | undefined)?.find(({ line }) => line === picked.line)
      const filed = manifest.lines.find(({ line }) => line === picked.line)
      if (!change || !filed) return picked
      const labels = change.labels ? [...change.labels] : picked.labels
      const { shipped = picked.shipped } = change
      if (shipped === picked.shipped) return { ...picked, labels }
      const shares = pickUpShares(filed.lots, shipped)
      if (!shares) {
        refusals.push(refusal('shipped-too-small', `${at}/is/lines`, { line: picked.line, shipped }))
        return picked
      }
      touched.add(picked.line)
      const lots = shares.map(({ of, grams: share }) => ({ lot: of.lot, from: of.from, grams: share }))
      return { ...picked, labels, shipped: grams(shipped), weighed: true, lots }
    })
    return { ...event, data: { ...withValues(event.data, vehicle), lines } }
  }

  function handedOver(event: ManifestEventOf<'ManifestHandedOver'>): ManifestEvent {
    const giving = manifest.legs[event.data.leg - 1]
    return giving ? { ...event, data: { ...event.data, from: { ...event.data.from, ...vehicleOf(giving) } } } : event
  }

  function weighed(event: ManifestEventOf<'LoadWeighed'>, { is, at }: AskedOfManifest): ManifestEvent {
    const { gross, tare } = withValues(event.data, is)
    if (gross <= tare)
      findings.push(...judged(loadWeighed, { grossKg: kg(gross), tareKg: kg(tare) }, event, `${at}/is/tare`))
    return { ...event, data: { gross, tare, net: grams(Math.max(1, gross - tare)) } }
  }

  function decided(event: ManifestEventOf<'LineDecided'>, one: AskedOfManifest | undefined): ManifestEvent {
    const { line: no, note: _note, ...rest } = withValues(event.data, one?.is ?? {})
    const line = lineOf(no)
    if (!line || (!one && !touched.has(no))) return event
    const { accepted, refused } = rest
    if (one?.is['accepted'] !== undefined || one?.is['refused'] !== undefined) touched.add(no)
    const { note } = withValues(event.data, one?.is ?? {})
    const shipped = line.shipped ?? 0
    const day = businessDay(event.occurredAt)
    const pointer = one ? `${one.at}/is` : '/changes'
    findings.push(
      ...judge(differenceExplained, { line: no, difference: rest.difference, note, shipped, accepted, pointer }, day),
      ...judge(
        acceptedWithinLimit,
        { line: no, shipped, accepted, limit: weightTolerance(shipped, day), pointer },
        day,
      ),
    )
    if (accepted === 0 && refused === 0 && event.data.accepted + event.data.refused > 0)
      refusals.push(refusal('decision-contradicts', pointer, { line: no, decision: 'refused', accepted, refused }))
    return {
      ...event,
      data: {
        ...rest,
        line: no,
        ...(note === undefined ? {} : { note }),
        decision: accepted === 0 ? 'refused' : refused === 0 ? 'accepted' : 'partly-accepted',
        variance: accepted + refused - shipped,
        lots: [...decisionShares(line.lots, accepted, refused)],
      },
    }
  }

  function returned(event: ManifestEventOf<'LineReturned'>): ManifestEvent {
    const line = lineOf(event.data.line)
    if (!line || !touched.has(line.line)) return event
    const lots = line.lots.flatMap(({ lot, refused, returned: back }) =>
      refused > back ? [{ lot, grams: grams(refused - back) }] : [],
    )
    if (lots.length > 0) return { ...event, data: { ...event.data, lots } }
    refusals.push(refusal('correction-leaves-return', '/changes', { line: line.line }))
    return event
  }

  const lineOf = (no: number): Line | undefined => manifest.lines.find(({ line }) => line === no)

  function next({ revision, event }: Placed<ManifestEvent>): ManifestEvent {
    const one = asked.get(revision)
    switch (event.type) {
      case 'ManifestPickedUp':
        return one ? pickedUp(event, one) : event
      case 'ManifestHandedOver':
        return handedOver(event)
      case 'LoadWeighed':
        return one ? weighed(event, one) : event
      case 'LineDecided':
        return decided(event, one)
      case 'LineReturned':
        return returned(event)
      case 'ManifestFiled':
      case 'LineTreated':
      case 'LinePassedOn':
      case 'OfficialNumberAttached':
      case 'ManifestAbandoned':
      case 'ManifestCancelled':
      case 'ManifestDeparted':
      case 'ManifestArrived':
      case 'ManifestCompleted':
      case 'ManifestCorrected':
        return event
    }
  }

  const events = history.map((placed) => {
    const event = next(placed)
    manifest = evolveManifest(manifest, event)
    return { revision: placed.revision, event }
  })
  findings.push(...weighingHolds(events, manifest, asked))
  for (const { line, lots, accepted, treated, passedOn } of manifest.lines)
    if (touched.has(line) && (treated + passedOn > accepted || lots.some((lot) => lot.treated > lot.accepted)))
      refusals.push(refusal('correction-below-treated', '/changes', { line, accepted, treated }))
  return { events, manifest, findings, refusals }
}

const kg = (mass: number): number => Math.floor(mass / 1_000)

const judged = <F>(
  row: Parameters<typeof judge<F>>[0],
  facts: F,
  { occurredAt }: { readonly occurredAt: string },
  pointer: string,
): readonly Finding[] => judge(row, facts, businessDay(occurredAt)).map((finding) => ({ ...finding, pointer }))

const vehicleOf = ({ plate, trailer }: { plate: string; trailer?: string | undefined }) => ({
  plate,
  ...(trailer === undefined ? {} : { trailer }),
})

/** R69: once every line is decided, what was accepted and refused is what the scale showed. */
function weighingHolds(
  events: readonly Placed<ManifestEvent>[],
  { status, weighing, lines }: Manifest,
  asked: ReadonlyMap<number, AskedOfManifest>,
): readonly Finding[] {
  const [weighed] = events.flatMap(({ event }) => (event.type === 'LoadWeighed' ? [event] : []))
  const changed = events.find(
    ({ revision, event }) => asked.has(revision) && ['LoadWeighed', 'LineDecided'].includes(event.type),
  )
  if (status !== 'completed' || !weighing || !weighed || !changed) return []
  const decided = lines.reduce((sum, { accepted, refused }) => sum + accepted + refused, 0)
  return judged(loadWeighed, { net: weighing.net, decided }, weighed, `${asked.get(changed.revision)?.at ?? ''}/is`)
}
