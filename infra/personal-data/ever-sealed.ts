import type { SealedPerson } from '../../schemas/values/person.ts'
import type { EventStore } from '../event-store/port.ts'

const PAGE = 1_000

interface Named {
  /** JSON pointer into the data. */
  readonly pointer: string
  readonly person: SealedPerson
}

/** Every sealed person in the data of an event, by where they stand. */
export function sealedIn(value: unknown, pointer = ''): readonly Named[] {
  if (typeof value !== 'object' || value === null) return []
  const { id, sealed } = value as { readonly id?: unknown; readonly sealed?: unknown }
  if (typeof id === 'string' && typeof sealed === 'string') return [{ pointer, person: { id, sealed } }]
  return Object.entries(value).flatMap(([key, inner]) => sealedIn(inner, `${pointer}/${key}`))
}

/** The sealed persons of the whole log, a page of events at a time, the same one as often as events name them. */
export async function* everSealed(store: Pick<EventStore, 'readAll'>): AsyncGenerator<readonly SealedPerson[]> {
  for (let page = await store.readAll(0, PAGE); page.length > 0; ) {
    yield page.flatMap(({ data }) => sealedIn(data).map(({ person }) => person))
    page = await store.readAll(page.at(-1)?.position ?? 0, PAGE)
  }
}
