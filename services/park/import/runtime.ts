import { LRUCache } from 'lru-cache'
import { reactor } from '../../../infra/commanding/policies.ts'
import type { People, Runtime } from '../../../infra/commanding/execute.ts'
import { openStates } from '../../../infra/commanding/states.ts'
import { derivedId } from '../../../infra/event-store/event-id.ts'
import { policies } from '../process/parts.ts'
import { overlay } from './overlay-store.ts'
import { watch, type Watched } from './store-watch.ts'
import { normalName, normalPhone } from '../../../schemas/values/person.ts'
import { beginWork, type UnitOfWork, type WorkOptions } from './unit-of-work.ts'

const reactions = reactor(policies)

// An import looks at the same units and plans again and again, and it is the one who changes them: others' changes may be seen this late.
const CONTEXT_MAX_AGE = 600_000
// States kept at once; what is pushed out is read again. Bounds the memory of an import, whatever its length.
const STATES = 20_000

// What books mostly bring: lots, documents and names that were not there before.
const presumedNew = (stream: string): boolean => /^(lot|manifest|claim)-/.test(stream)

/** On a trial run nobody's key is made or kept: a person is an id made of their name, and the sealed text is empty. */
const nobody: People = {
  seal: ({ name, phone = '' }) =>
    Promise.resolve({ id: derivedId('trial-person', normalName(name), normalPhone(phone)), sealed: '' }),
  compare: (a, b) => Promise.resolve(a.id === b.id ? 'same' : 'other'),
  reveal: (sealed) => Promise.resolve(sealed.map(() => undefined)),
}

/** The same handlers stand in row after row: each is sealed once a minute, which is as late as the register itself learns of an erasure. */
function sealedOnce(people: People): People {
  const kept = new LRUCache<string, ReturnType<People['seal']>>({ max: 5_000, ttl: 60_000 })
  return {
    compare: (a, b) => people.compare(a, b),
    reveal: (sealed, look) => people.reveal(sealed, look),
    seal(person) {
      const key = `${person.name}\u0000${person.phone ?? ''}`
      const known = kept.get(key)
      if (known) return known
      const sealing = people.seal(person)
      kept.set(key, sealing)
      sealing.catch(() => kept.delete(key))
      return sealing
    },
  }
}

/** The park as an import uses it: its store is watched, and on a trial run nothing reaches the database. `begin` starts the work of one plan. */
export interface ImportRuntime {
  readonly runtime: Runtime
  readonly watched: Watched
  begin(options: WorkOptions): UnitOfWork
}

export function importRuntime(park: Runtime, dryRun: boolean): ImportRuntime {
  const watched = watch(dryRun ? overlay(park.store) : park.store)
  const runtime: Runtime = {
    ...park,
    store: watched.store,
    states: openStates(watched.store, { max: STATES, presumedNew }),
    people: sealedOnce(dryRun ? nobody : park.people),
    contextMaxAge: Math.max(park.contextMaxAge, CONTEXT_MAX_AGE),
  }
  return { runtime, watched, begin: (options) => beginWork(runtime, reactions, { ...options, presumedNew }) }
}
