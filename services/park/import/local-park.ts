import { LRUCache } from 'lru-cache'
import type { Envelope, Outcome, Runtime } from '../../../infra/commanding/execute.ts'
import { recordedActs } from '../../../infra/commanding/holding.ts'
import type { States } from '../../../infra/commanding/states.ts'
import type { Actor } from '../../../schemas/actor.ts'
import { evolveClaim, noClaim } from '../../../schemas/claim/events.ts'
import { evolveUnit, noHistory } from '../../../schemas/unit/state.ts'
import { claimStream, lotStream, unitStream } from '../../../schemas/values/identifiers.ts'
import { attempt } from './attempt.ts'
import type { Answer, Attempted, AttemptOptions, ImportPark, KnownUnit } from './import-park.ts'
import type { Plan } from './plans.ts'
import { importRuntime, type ImportRuntime } from './runtime.ts'
import { performUseCase, type Request } from './use-cases.ts'

const BOOK_KEEPER: Actor = { subject: 'import', roles: ['admin'] }

const WINDOW = 1_024

/** The services in this process, over its store; on a trial run nothing of what they decide is written, and nothing settled. */
export function localPark(park: Runtime, dryRun: boolean, settle?: () => Promise<void>): ImportPark {
  const { runtime, watched, begin } = importRuntime(park, dryRun)
  const { store, states, catalogues, bounds, ids } = runtime
  return {
    ...(settle && !dryRun ? { settle } : {}),
    catalogues,
    booksFrom: bounds.booksFrom,
    window: WINDOW,
    holdsAnything: async () => (await store.head()) > 0,
    commandId: (key) => ids.ofBookCommand(key),
    idOf: rememberedIds((name) => ids.ofBookName(name)),
    recorded: (commandIds) => recordedActs(runtime, commandIds),
    unit: (code) => unitNamed(states, code),
    lotOfLabel: (label) => lotOfLabel(states, label),
    attempt: (plan, ids, options) => attemptHere(begin, plainSteps(plan, ids), options),
    events: () => watched.events(),
    // A trial run's own events lie nowhere.
    position: () => park.store.head(),
  }
}

// A batch is named by its rows of generation, store-in, store-out and transfer, days of the books apart.
const NAMES = 20_000

/** Ids of names, each made once while it is in use. */
function rememberedIds(idOf: (name: string) => string): (name: string) => string {
  const known = new LRUCache<string, string>({ max: NAMES })
  return (name) => {
    const id = known.get(name) ?? idOf(name)
    known.set(name, id)
    return id
  }
}

/** A command of a plan as it can be sent to another thread; without a request it is malformed. */
export interface PlainStep {
  readonly commandId: string
  readonly vital: boolean
  readonly request: Request | undefined
}

export const plainSteps = ({ operations }: Plan, ids: readonly string[]): readonly PlainStep[] =>
  operations.map(({ vital, malformed, request }, at) => ({
    commandId: ids[at] as string,
    vital,
    request: malformed.length > 0 ? undefined : request(),
  }))

/** Attempts a plan with the services in this thread. */
export function attemptHere(
  begin: ImportRuntime['begin'],
  steps: readonly PlainStep[],
  options: AttemptOptions,
): Promise<Attempted> {
  const work = begin(options)
  return attempt({
    ...options,
    presumes: true,
    steps: steps.map(({ commandId, vital, request }) => ({
      vital,
      send: request && (async () => answerOf(await performUseCase(work.runtime, request, envelopeOf(commandId)))),
    })),
    commit: (took) => work.commit(took),
  })
}

const envelopeOf = (commandId: string): Envelope => ({ commandId, actor: BOOK_KEEPER, provenance: 'book' })

/** A unit as this process knows it: an import registers units before anything leans on them. */
export async function unitNamed(states: States, code: string): Promise<KnownUnit> {
  const fold = { initial: noHistory, evolve: evolveUnit }
  const { state } = await states.load(fold, unitStream(code), Number.POSITIVE_INFINITY)
  return { exists: state.registration !== undefined, facilities: state.facilities }
}

/** The lot that claimed a label; undefined where none did. */
export async function lotOfLabel(states: States, label: string): Promise<string | undefined> {
  const { state } = await states.load({ initial: noClaim, evolve: evolveClaim }, claimStream('label', label), 0)
  const lot = lotStream('')
  return state.by?.startsWith(lot) ? state.by.slice(lot.length) : undefined
}

function answerOf(outcome: Outcome<unknown>): Answer {
  switch (outcome.status) {
    case 'done':
      return { status: 'done', replayed: outcome.replayed, findings: outcome.findings }
    case 'held':
      return { status: 'held', replayed: outcome.replayed, findings: outcome.findings }
    case 'refused':
      return { status: 'refused', refusals: outcome.refusals }
    case 'conflict':
      return {
        status: 'refused',
        refusals: [{ code: 'revision-conflict', pointer: '', facts: { revision: outcome.revision } }],
      }
    case 'reused':
      return { status: 'refused', refusals: [{ code: 'idempotency-key-reused', pointer: '', facts: {} }] }
  }
}
