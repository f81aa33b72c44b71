import { createHash } from 'node:crypto'
import { v7 } from 'uuid'
import type { Clock } from '../../infra/commanding/clock.ts'
import type { Envelope, People, Runtime, UseCases } from '../../infra/commanding/execute.ts'
import type { Ids } from '../../infra/ids/ids.ts'
import { streamsInLog } from '../../infra/commanding/event-streams.ts'
import { reactor, type Policy } from '../../infra/commanding/policies.ts'
import { openStates } from '../../infra/commanding/states.ts'
import { openMemoryStore } from '../../infra/event-store/memory.ts'
import type { EventStore } from '../../infra/event-store/port.ts'
import { identityOf, sameness, type Identity } from '../../infra/personal-data/seal.ts'
import type { Person } from '../../schemas/values/person.ts'
import type { Actor } from '../../schemas/actor.ts'
import { builtinCatalogues } from '../../schemas/catalogues/builtin.ts'
import { defaultBounds } from '../../schemas/commands/bounds.ts'
import { testIds } from './ids.ts'

export const ADMIN: Actor = { subject: 'books', roles: ['admin'] }
export const BUREAU: Actor = { subject: 'official', roles: ['bureau'] }
export const unitActor = (unit: string, ...roles: string[]): Actor => ({
  subject: `of-${unit}`,
  unit,
  roles: roles.length > 0 ? roles : ['producer'],
})

/** What commands of a test run with: the model store, a clock that stands still, and persons sealed by a hash without a key. */
export function testRuntime(
  options: {
    readonly now?: string
    readonly clock?: Clock
    readonly policies?: readonly Policy[]
    readonly store?: EventStore
    readonly ids?: Ids
    readonly useCases?: UseCases
  } = {},
): Runtime {
  const {
    now = '2026-01-05T00:00:00.000Z',
    clock = { now: () => now },
    policies = [],
    store = openMemoryStore(clock),
    ids = testIds,
    useCases,
  } = options
  const reactions = reactor(policies)
  const runtime: Runtime = {
    store,
    states: openStates(store),
    clock,
    ids,
    people: testPeople(),
    catalogues: builtinCatalogues,
    bounds: defaultBounds,
    contextMaxAge: 0,
    streamsOf: (ids) => streamsInLog(store, ids, 0),
    react: (events, envelope) => reactions.run(runtime, events, envelope),
    ...(useCases ? { useCases } : {}),
  }
  return runtime
}

/** Persons of a test: told apart as the register tells them, with ids of a hash without a key, and never opened. */
function testPeople(): People {
  const secret = new Uint8Array()
  const known = new Map<string, Identity & { readonly person: Person }>()
  return {
    seal(person) {
      const own = { ...identityOf(secret, person), person }
      known.set(own.whole, own)
      return Promise.resolve({ id: own.whole, sealed: hash(person.name) })
    },
    compare(a, b) {
      const [one, other] = [known.get(a.id), known.get(b.id)]
      return Promise.resolve(a.id === b.id ? 'same' : one && other ? sameness(one, other) : 'other')
    },
    reveal: (sealed) => Promise.resolve(sealed.map(({ id }) => known.get(id)?.person)),
  }
}

const hash = (text: string): string => createHash('sha256').update(text).digest('hex')

/** A command's envelope: a new id unless given, from the books of the park. */
export const envelope = (given: Partial<Envelope> = {}): Envelope => ({
  commandId: v7(),
  actor: ADMIN,
  provenance: 'book',
  ...given,
})
