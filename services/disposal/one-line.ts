import type { Envelope, Outcome, Runtime } from '../../infra/commanding/execute.ts'
import { reactionId } from '../../infra/commanding/policies.ts'
import { eventId } from '../../infra/event-store/event-id.ts'
import type { Receipt } from '../../infra/event-store/port.ts'
import { upcast } from '../../infra/event-store/upcast.ts'
import type { ManifestEvent } from '../../schemas/manifest/events.ts'
import { evolveManifest, noManifest, type Manifest } from '../../schemas/manifest/state.ts'
import type { Treatment } from '../../schemas/treatment/events.ts'
import { manifestStream } from '../../schemas/values/identifiers.ts'

/*
 * A treatment of one line is about that manifest for those who record it: its id, revision and next actions are the answer, and `If-Match` is its
 * revision.
 */

const fold = { initial: noManifest, evolve: evolveManifest }

/** The conflict, where the sender knows another revision of the manifest and has not been answered before. */
export async function unlessOfAnotherRevision(
  { states, store }: Runtime,
  manifest: string,
  { ifMatch, commandId }: Envelope,
): Promise<Outcome<Manifest> | undefined> {
  if (ifMatch === undefined) return undefined
  const { state, revision } = await states.load(fold, manifestStream(manifest), 0)
  if (revision === ifMatch || (await store.receipts([commandId])).has(commandId)) return undefined
  return { status: 'conflict', revision, state }
}

/** The outcome of a treatment as one of the manifest whose line was treated. */
export async function asOfManifest(
  runtime: Runtime,
  manifest: string,
  outcome: Outcome<Treatment>,
  { commandId, digest }: Envelope,
): Promise<Outcome<Manifest>> {
  const stream = manifestStream(manifest)
  switch (outcome.status) {
    case 'refused':
    case 'held':
      return outcome
    case 'conflict':
      return { ...outcome, ...(await runtime.states.load(fold, stream, 0)) }
    case 'reused': {
      // Before treatments had streams of their own they were recorded on the manifest: a repeat of such a command.
      const first = (await runtime.store.receipts([commandId])).get(commandId)
      if (first?.stream !== stream || first.digest !== digest) return outcome
      const state = await manifestAt(runtime, stream, first)
      const { revision, position, count: events } = first
      return { status: 'done', stream, revision, position, findings: [], events, replayed: true, state }
    }
    case 'done': {
      const noted = outcome.replayed ? await noteOf(runtime, manifest, commandId) : undefined
      if (noted)
        return { ...outcome, stream, revision: noted.revision, state: await manifestAt(runtime, stream, noted) }
      const { state, revision } = await runtime.states.load(fold, stream, Number.POSITIVE_INFINITY)
      return { ...outcome, stream, revision, state }
    }
  }
}

/** Where the manifest said what the treatment did to its line. */
async function noteOf({ ids, store }: Runtime, manifest: string, commandId: string): Promise<Receipt | undefined> {
  const id = reactionId(ids, eventId(commandId, 0), `line/${manifest}`)
  return (await store.receipts([id])).get(id)
}

const manifestAt = async ({ store }: Runtime, stream: string, { revision }: Receipt): Promise<Manifest> =>
  (await store.readStream(stream, { limit: revision })).reduce(
    (state, event) => evolveManifest(state, upcast(event) as ManifestEvent),
    noManifest,
  )
