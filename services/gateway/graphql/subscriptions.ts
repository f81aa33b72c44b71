import type { Position, RecordedEvent } from '../../../infra/event-store/port.ts'
import { manifestIdOf } from '../../../projections/manifests/fold.ts'
import type { FindingView } from '../../../projections/findings/queries.ts'
import type { Day } from '../../../schemas/values/time.ts'
import type { WasteStream as Stream } from '../../../schemas/values/waste.ts'
import { builder } from './builder.ts'
import type { GatewayContext } from './context.ts'
import { WasteStream } from './enums.ts'
import { refusedQuery } from './errors.ts'
import { awaitPosition } from './inputs.ts'
import { manifestsNamed } from './names.ts'
import { Event } from './types/event.ts'
import { Finding } from './types/finding.ts'
import { Manifest } from './types/manifest.ts'

/** Each answer carries the position to resume from: `after` of it goes on behind it, nothing skipped and nothing told twice. */
interface ManifestChange {
  readonly position: Position
  readonly manifest: string
  readonly event: RecordedEvent
}
const ManifestChange = builder.objectRef<ManifestChange>('ManifestChange')
ManifestChange.implement({
  fields: (t) => ({
    position: t.expose('position', { type: 'Position' }),
    manifest: t.field({ type: Manifest, nullable: true, resolve: ({ manifest }) => manifest }),
    event: t.field({ type: Event, resolve: ({ event }) => event }),
  }),
})

interface LedgerChange {
  readonly position: Position
  readonly streams: readonly Stream[]
  readonly businessDays: readonly Day[]
}
const LedgerChange = builder.objectRef<LedgerChange>('LedgerChange')
LedgerChange.implement({
  description: 'What of the ledger is no longer as it was: ask again, with this position as minPosition.',
  fields: (t) => ({
    position: t.expose('position', { type: 'Position' }),
    streams: t.field({ type: [WasteStream], resolve: ({ streams }) => [...streams] }),
    businessDays: t.field({ type: ['Date'], resolve: ({ businessDays }) => [...businessDays] }),
  }),
})

async function* manifestChanges(
  number: string | undefined,
  after: Position | undefined,
  { readSide, visibility, signal }: GatewayContext,
): AsyncGenerator<ManifestChange> {
  for await (const page of readSide.follow(after, signal())) {
    const concerned = page.filter(({ stream }) => manifestIdOf(stream) !== undefined)
    const wanted =
      number === undefined
        ? undefined
        : new Set((await manifestsNamed(number, { readSide, visibility })).map(({ id }) => id))
    for (const event of await readSide.visibleEvents(concerned, visibility)) {
      const manifest = manifestIdOf(event.stream) ?? ''
      if (wanted === undefined || wanted.has(manifest)) yield { position: event.position, manifest, event }
    }
  }
}

/** Where findings go on: behind one of an event's findings. The later ones of the same event come first. */
interface AfterFinding {
  readonly position: Position
  readonly seq: number
}

const bringsFindings = ({ type, metadata: { findings = [] } }: RecordedEvent): boolean =>
  findings.length > 0 || type === 'FindingRaised'

/**
 * An event can have several findings, which share its position. After a position alone the first of them counts as received and the others are
 * told (again, where they were received: `id` says so), so that none is lost.
 */
async function* findingsRaised(
  after: AfterFinding | undefined,
  { readSide, visibility, signal }: GatewayContext,
): AsyncGenerator<FindingView> {
  if (after !== undefined && after.position > 0) {
    const ofEvent = await readSide.findingsBetween(after.position - 1, after.position, visibility)
    yield* ofEvent.filter(({ seq }) => seq > after.seq)
  }
  for await (const page of readSide.follow(after?.position, signal())) {
    const [first, last] = [page.at(0), page.at(-1)]
    if (!first || !last || !page.some(bringsFindings)) continue
    yield* await readSide.findingsBetween(first.position - 1, last.position, visibility)
  }
}

const FINDING_ID = /^(\d{1,15})-(\d{1,9})$/

/** @throws a refused query where both are given, or what is no id of a finding */
function afterFindingOf(
  after: Position | null | undefined,
  id: string | null | undefined,
  { language }: GatewayContext,
): AfterFinding | undefined {
  if (id === null || id === undefined) return typeof after === 'number' ? { position: after, seq: 0 } : undefined
  if (typeof after === 'number') throw refusedQuery('after-twice', {}, language)
  const [, position, seq] = FINDING_ID.exec(id) ?? []
  if (position === undefined || seq === undefined) throw refusedQuery('cursor-invalid', {}, language)
  return { position: Number(position), seq: Number(seq) }
}

async function* ledgerChanges(
  after: Position | undefined,
  { readSide, visibility, signal }: GatewayContext,
): AsyncGenerator<LedgerChange> {
  for await (const page of readSide.follow(after, signal())) {
    const seen = await readSide.visibleEvents(page, visibility)
    const touched = await readSide.touched(seen.map(({ position }) => position))
    const last = touched.at(-1)
    if (!last) continue
    const streams = new Set(touched.map(({ stream }) => stream))
    const businessDays = new Set(touched.map(({ day }) => day))
    yield { position: last.position, streams: [...streams], businessDays: [...businessDays].toSorted() }
  }
}

builder.subscriptionType({
  description: 'Over SSE; each one goes on after a position.',
  authScopes: { signedIn: true },
  fields: (t) => {
    const after = t.arg({
      type: 'Position',
      description: 'Position of the last answer that was received; without it, what comes from now on.',
    })
    return {
      manifestChanged: t.field({
        type: ManifestChange,
        args: { number: t.arg.id(), after },
        subscribe: async (_root, { number, after }, context) => {
          await awaitPosition(after, context)
          return manifestChanges(number ?? undefined, after ?? undefined, context)
        },
        resolve: (change) => change,
      }),
      findingRaised: t.field({
        type: Finding,
        args: {
          after,
          afterFinding: t.arg.id({
            description:
              'Id of the last finding that was received: exact where an event has several, which share a position.',
          }),
        },
        subscribe: async (_root, { after, afterFinding }, context) => {
          const from = afterFindingOf(after, afterFinding, context)
          await awaitPosition(from?.position, context)
          return findingsRaised(from, context)
        },
        resolve: (finding) => finding,
      }),
      ledgerChanged: t.field({
        type: LedgerChange,
        args: { after },
        subscribe: async (_root, { after }, context) => {
          await awaitPosition(after, context)
          return ledgerChanges(after ?? undefined, context)
        },
        resolve: (change) => change,
      }),
    }
  },
})
