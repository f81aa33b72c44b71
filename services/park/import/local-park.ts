import type { Outcome, Runtime } from '../../../infra/commanding/execute.ts'
import type { States } from '../../../infra/commanding/states.ts'
import type { Actor } from '../../../schemas/actor.ts'
import { evolveClaim, noClaim } from '../../../schemas/claim/events.ts'
import { evolveUnit, noHistory } from '../../../schemas/unit/state.ts'
import { claimStream, lotStream, unitStream } from '../../../schemas/values/identifiers.ts'
import type { Answer, ImportPark, KnownUnit } from './import-park.ts'
import { importRuntime } from './runtime.ts'

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
    presumes: true,
    holdsAnything: async () => (await store.head()) > 0,
    commandId: (key) => ids.ofBookCommand(key),
    idOf: (name) => ids.ofBookName(name),
    recorded: async (commandIds) =>
      new Map([...(await store.receipts(commandIds))].map(([id, { stream }]) => [id, stream])),
    unit: (code) => unitNamed(states, code),
    lotOfLabel: (label) => lotOfLabel(states, label),
    begin(options) {
      const work = begin(options)
      return {
        async send(operation, commandId) {
          return answerOf(await operation.send(work.runtime, { commandId, actor: BOOK_KEEPER, provenance: 'book' }))
        },
        commit(took) {
          return work.commit(took)
        },
      }
    },
    events: () => watched.events(),
    // A trial run's own events lie nowhere.
    position: () => park.store.head(),
  }
}

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
