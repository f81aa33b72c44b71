import type { Position, RecordedEvent } from '../../../infra/event-store/port.ts'
import { manifestIdOf } from '../../../projections/manifests/fold.ts'
import type { FindingView } from '../../../projections/findings/queries.ts'
import { businessDay, type Day } from '../../../schemas/values/time.ts'
import type { WasteStream as Stream } from '../../../schemas/values/waste.ts'
import { builder } from './builder.ts'
import type { GatewayContext } from './context.ts'
import { WasteStream } from './enums.ts'
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
        : new Set((await readSide.manifestsByName([number], visibility)).map(({ id }) => id))
    for (const event of await readSide.visibleEvents(concerned, visibility)) {
      const manifest = manifestIdOf(event.stream) ?? ''
      if (wanted === undefined || wanted.has(manifest)) yield { position: event.position, manifest, event }
    }
  }
}

async function* findingsRaised(
  after: Position | undefined,
  { readSide, visibility, signal }: GatewayContext,
): AsyncGenerator<FindingView> {
  for await (const page of readSide.follow(after, signal())) {
    const [first, last] = [page.at(0), page.at(-1)]
    if (!first || !last || page.every(({ metadata: { findings = [] } }) => findings.length === 0)) continue
    yield* await readSide.findingsBetween(first.position - 1, last.position, visibility)
  }
}

async function* ledgerChanges(
  after: Position | undefined,
  { readSide, visibility, signal }: GatewayContext,
): AsyncGenerator<LedgerChange> {
  for await (const page of readSide.follow(after, signal())) {
    const moved = page.filter(({ data }) => 'waste' in data)
    const seen = await readSide.visibleEvents(moved, visibility)
    const last = seen.at(-1)
    if (!last) continue
    const streams = new Set(
      seen.map(({ data }) => (data as { readonly waste: { readonly stream: Stream } }).waste.stream),
    )
    const businessDays = new Set(seen.map(({ occurredAt }) => businessDay(occurredAt)))
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
        subscribe: (_root, { number, after }, context) =>
          manifestChanges(number ?? undefined, after ?? undefined, context),
        resolve: (change) => change,
      }),
      findingRaised: t.field({
        type: Finding,
        args: { after },
        subscribe: (_root, { after }, context) => findingsRaised(after ?? undefined, context),
        resolve: (finding) => finding,
      }),
      ledgerChanged: t.field({
        type: LedgerChange,
        args: { after },
        subscribe: (_root, { after }, context) => ledgerChanges(after ?? undefined, context),
        resolve: (change) => change,
      }),
    }
  },
})
