import { actsFor, concerns } from '../../../schemas/actor.ts'
import type { Catalogues } from '../../../schemas/catalogues/catalogue.ts'
import type { Context } from '../../../schemas/context.ts'
import { correctedHistory, type Change } from '../../../schemas/correction/changes.ts'
import type { CorrectionEventOf } from '../../../schemas/correction/events.ts'
import { changesBetween, followingOf, type Recorded } from '../../../schemas/correction/following.ts'
import {
  agreeing,
  correctableOfManifest,
  unitsOf,
  type ManifestField,
} from '../../../schemas/correction/manifest-fields.ts'
import {
  correctManifest,
  type AskedOfManifest,
  type CorrectedManifest,
} from '../../../schemas/correction/manifest-history.ts'
import {
  acceptUnlessBlocked,
  refusal,
  refuse,
  type Decision,
  type Finding,
  type Refusal,
} from '../../../schemas/decision.ts'
import type { LotEvent } from '../../../schemas/lot/events.ts'
import { manifestParties } from '../../../schemas/manifest/actions.ts'
import type { ManifestEvent, ManifestEventOf } from '../../../schemas/manifest/events.ts'
import { evolveManifest, noManifest, type Manifest } from '../../../schemas/manifest/state.ts'
import { findingsOf, unknownEvent, type AskedChange } from './correction.ts'

export type RecordedManifestEvent = Recorded<ManifestEvent>

export interface ManifestCorrectionContext extends Context {
  readonly manifest: string
  /** The whole stream of the manifest. */
  readonly history: readonly RecordedManifestEvent[]
  /** The whole streams of its lots, by lot. */
  readonly lots: ReadonlyMap<string, readonly Recorded<LotEvent>[]>
  /** Most grams of one act. */
  readonly actMass: number
}

/** A proposal about one manifest. */
export interface ManifestProposal {
  readonly manifest: string
  readonly asked: readonly AskedChange[]
  readonly reason: string
}

const foldOf = (history: readonly RecordedManifestEvent[]): Manifest =>
  correctedHistory(history).reduce((manifest, { event }) => evolveManifest(manifest, event), noManifest)

type Fields = Readonly<Record<string, ManifestField>>
const fieldIn = (fields: Fields, name: string): ManifestField | undefined =>
  Object.hasOwn(fields, name) ? fields[name] : undefined

/** Refusals of the values that a proposal gives, event by event and field by field. */
function against({ asked }: ManifestProposal, context: ManifestCorrectionContext): readonly Refusal[] {
  return asked.flatMap(({ of, is, at }): readonly Refusal[] => {
    const target = context.history.find(({ id }) => id === of)
    if (!target) return [unknownEvent({ of, is, at })]
    const fields = correctableOfManifest(target.event.type)
    return Object.entries(is).flatMap(([name, value]): readonly Refusal[] => {
      const pointer = `${at}/is/${name}`
      const field = fieldIn(fields, name)
      if (!field)
        return [
          refusal('correction-field-sealed', pointer, { field: name, choices: Object.keys(fields).join(', ') || '-' }),
        ]
      if (!field.value.safeParse(value).success)
        return [refusal('correction-value-malformed', pointer, { field: name })]
      const heavy = massesIn(value).find((mass) => mass > context.actMass)
      if (heavy !== undefined) return [refusal('mass-above-bound', pointer, { grams: heavy, limit: context.actMass })]
      return name === 'lines' ? ofOtherLines(value as readonly PickedLine[], target.event, pointer) : []
    })
  })
}

interface PickedLine {
  readonly line: number
  readonly shipped?: number
  readonly labels?: readonly string[]
}

const massesIn = (value: unknown): readonly number[] =>
  typeof value === 'number'
    ? [value]
    : Array.isArray(value)
      ? value.flatMap(({ shipped }: PickedLine) => (shipped === undefined ? [] : [shipped]))
      : []

/** Lines that were not picked up under this manifest cannot be weighed again. */
function ofOtherLines(lines: readonly PickedLine[], event: ManifestEvent, pointer: string): readonly Refusal[] {
  if (event.type !== 'ManifestPickedUp') return []
  return lines.flatMap(({ line }, i) =>
    event.data.lines.some((picked) => picked.line === line)
      ? []
      : [refusal('line-unknown', `${pointer}/${i}/line`, { line })],
  )
}

/** What of an event may be asked, as its changes have it: what follows by itself is not among it. */
function askableOf(change: Change, event: ManifestEvent): Readonly<Record<string, unknown>> {
  const fields = correctableOfManifest(event.type)
  const is = Object.entries(change.is ?? {}).filter(([name]) => fieldIn(fields, name) !== undefined)
  return Object.fromEntries(
    is.map(([name, value]) => [
      name,
      name === 'lines'
        ? (value as readonly PickedLine[]).map(({ line, shipped, labels }) => ({ line, shipped, labels }))
        : value,
    ]),
  )
}

/** What a proposal asked of a manifest, from the changes that it led to. */
export function askedBy(
  changes: readonly Change[],
  history: readonly RecordedManifestEvent[],
): ReadonlyMap<number, AskedOfManifest> {
  const events = new Map(history.map(({ revision, event }) => [revision, event]))
  const asked = new Map<number, AskedOfManifest>()
  for (const change of changes) {
    const event = events.get(change.revision)
    const is = event ? askableOf(change, event) : {}
    if (Object.keys(is).length > 0) asked.set(change.revision, { is, at: '' })
  }
  return asked
}

function merged(
  asked: readonly AskedChange[],
  history: readonly RecordedManifestEvent[],
): ReadonlyMap<number, AskedOfManifest> {
  const byRevision = new Map<number, AskedOfManifest>()
  for (const { of, is, at } of asked) {
    const target = history.find(({ id }) => id === of)
    if (!target) continue
    const known = byRevision.get(target.revision)
    byRevision.set(target.revision, { is: { ...known?.is, ...is }, at: known?.at ?? at })
  }
  return byRevision
}

export interface ManifestChanges extends CorrectedManifest {
  readonly changes: readonly Change[]
}

/** The manifest with what is asked, as changes of its events. */
export function changesOfManifest(
  history: readonly RecordedManifestEvent[],
  asked: ReadonlyMap<number, AskedOfManifest>,
): ManifestChanges {
  const before = correctedHistory(history)
  const corrected = correctManifest(before, asked)
  const ids = new Map(history.map(({ revision, id }) => [revision, id]))
  return { ...corrected, changes: changesBetween(before, corrected.events, (revision) => ids.get(revision) ?? '') }
}

/** What the law says of the lots that the corrected manifest would leave. */
function findingsOfLots(
  { events }: CorrectedManifest,
  {
    manifest,
    lots,
    catalogues,
    now,
    provenance,
  }: { manifest: string; catalogues: Catalogues } & ManifestCorrectionContext,
): readonly Finding[] {
  return [...lots].flatMap(([lot, history]) => {
    const changes = followingOf(manifest, events, lot, history)
    return changes.length === 0 ? [] : findingsOf(changes, { history, catalogues, now, provenance, labelTaken: false })
  })
}

/** What stops a manifest from being corrected like that, by the streams as they are now. */
export function judgeManifest(
  result: ManifestChanges,
  context: ManifestCorrectionContext,
): { readonly refusals: readonly Refusal[]; readonly findings: readonly Finding[] } {
  const { refusals } = result
  return { refusals, findings: refusals.length > 0 ? [] : [...result.findings, ...findingsOfLots(result, context)] }
}

/** Judges a proposal about a manifest as a whole, with its history and that of its lots in hand. */
export function proposeForManifest(
  proposal: ManifestProposal,
  context: ManifestCorrectionContext,
): Decision<CorrectionEventOf<'CorrectionProposed'>> {
  const { history, actor, now } = context
  const manifest = foldOf(history)
  if (manifest.status === 'none' || !concerns(actor, manifestParties(manifest)))
    return refuse(...proposal.asked.map(unknownEvent))
  const wrong = against(proposal, context)
  if (wrong.length > 0) return refuse(...wrong)

  const fields = proposal.asked.flatMap(({ of, is }) => {
    const target = history.find(({ id }) => id === of)
    const all = target ? correctableOfManifest(target.event.type) : {}
    return Object.keys(is).flatMap((name) => fieldIn(all, name) ?? [])
  })
  if (fields.length === 0) return refuse(refusal('correction-empty', '/is'))
  const authors = [...new Set(fields.map(({ by }) => authorIn(manifest, by)))]
  const by =
    authors.find((unit) => actor.unit === unit && actsFor(actor, unit, 'producer', 'receiver', 'carrier')) ??
    authors.find((unit) => actsFor(actor, unit))
  if (by === undefined) return refuse(refusal('correction-not-yours', '', { units: authors.join(', ') }))

  const result = changesOfManifest(history, merged(proposal.asked, history))
  const { refusals, findings } = judgeManifest(result, context)
  if (refusals.length > 0) return refuse(...refusals)
  if (result.changes.length === 0) return refuse(refusal('correction-empty', '/is'))
  // Each author other than the proposer must agree to it.
  const concerned = new Set([...authors, ...fields.flatMap((field) => agreeing(field, manifest))])
  const mustAgree = [...concerned].filter((unit) => unit !== by)
  return acceptUnlessBlocked(findings, () => [
    {
      type: 'CorrectionProposed',
      occurredAt: now,
      data: {
        manifest: context.manifest,
        units: [...new Set([by, ...mustAgree, ...manifestParties(manifest)])],
        streams: [...new Set(manifest.lines.map(({ waste }) => waste.stream))],
        changes: [...result.changes],
        reason: proposal.reason,
        by,
        mustAgree,
      },
    },
  ])
}

/** The carrier of the first leg loaded; it is the one whose vehicle a pickup names. */
const authorIn = (manifest: Manifest, party: ManifestField['by']): string => unitsOf(manifest, party)[0] ?? ''

/** Lines of which more or less is refused than before. */
export const refusedBetween = (
  before: Manifest,
  after: Manifest,
): ManifestEventOf<'ManifestCorrected'>['data']['refused'] =>
  after.lines.flatMap(({ line, refused, decidedAt }) => {
    const was = before.lines.find((one) => one.line === line)?.refused
    return was === undefined || was === refused || decidedAt === undefined
      ? []
      : [{ line, was, is: refused, decidedAt } as ManifestEventOf<'ManifestCorrected'>['data']['refused'][number]]
  })
