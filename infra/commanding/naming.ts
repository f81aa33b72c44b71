import { refusal, type Refusal } from '../../schemas/decision.ts'
import { evolveLot, noLot } from '../../schemas/lot/state.ts'
import { evolveManifest, noManifest } from '../../schemas/manifest/state.ts'
import { hasRole } from '../../schemas/actor.ts'
import { isBookName, isReservedId, spelledId } from '../../schemas/values/given-ids.ts'
import { lotStream, manifestStream } from '../../schemas/values/identifiers.ts'
import type { Ids } from '../ids/ids.ts'
import type { Envelope, Runtime } from './execute.ts'
import type { Fold, States } from './states.ts'

/** A thing that callers may name by an id of their own. */
interface Kind<S, E> extends Fold<S, E> {
  readonly stream: (id: string) => string
  /** Whose it is; undefined of one that is not there. */
  readonly owner: (state: S) => string | undefined
  readonly reserved: string
  /** First part of the ids that are derived for it. */
  readonly space: string
}

const lots: Kind<typeof noLot, Parameters<typeof evolveLot>[1]> = {
  initial: noLot,
  evolve: evolveLot,
  stream: lotStream,
  owner: ({ origin }) => origin?.unit,
  reserved: 'lot-id-reserved',
  space: 'lot-of-unit',
}
const manifests: Kind<typeof noManifest, Parameters<typeof evolveManifest>[1]> = {
  initial: noManifest,
  evolve: evolveManifest,
  stream: manifestStream,
  owner: ({ consignor }) => consignor || undefined,
  reserved: 'manifest-id-reserved',
  space: 'manifest-of-unit',
}

/** A new thing was given an id of a form that the park keeps for its own. */
export class NameRefused extends Error {
  override readonly name = 'NameRefused'
  readonly refusal: Refusal

  constructor(why: Refusal) {
    super(why.code)
    this.refusal = why
  }
}

/** From ids as a sender gives them to ids of the park. */
export interface Naming {
  /** The sender's unit. */
  readonly sender: string | undefined
  /** The id of a thing that the command is about. `unit`: whose names count, the sender's unit by default. */
  lot(given: string, unit?: string): Promise<string>
  manifest(given: string, unit?: string): Promise<string>
  /** The id of a thing that comes to be and is `unit`'s. @throws NameRefused */
  newLot(given: string, unit: string | undefined, pointer: string): Promise<string>
  newManifest(given: string, unit: string | undefined, pointer: string): Promise<string>
  /** Whose a lot, or a manifest as its receiver, is. */
  ownerOfLot(id: string): Promise<string | undefined>
  receiverOf(manifest: string): Promise<string | undefined>
}

/**
 * Ids that callers choose are names within their unit: where a name is free or the unit's own it is the id; where another unit holds it, this
 * unit's thing has an id derived from unit and name, and the unit finds it by the name it gave. So no unit can block, see or write into what is
 * another's by naming it first, and no answer tells that somebody else holds a name. Ids of our own forms cannot be chosen at all.
 *
 * Names given in books are the book-keeper's (`bookName`) and stand for the same things wherever the books are read.
 */
export function namingFor(
  { states, ids }: Runtime,
  { actor, provenance }: Pick<Envelope, 'actor' | 'provenance'>,
): Naming {
  const fromBooks = provenance === 'book'
  async function refer<S, E>(kind: Kind<S, E>, given: string, unit = actor.unit): Promise<string> {
    const name = spelledId(given)
    if (fromBooks && isBookName(name)) return ids.ofBookName(name)
    if (!isReservedId(name)) {
      const owner = await ownerOf(states, kind, name)
      if (owner !== undefined && owner === unit) return name
      const own = unit === undefined ? undefined : ownIdOf(ids, kind, unit, name)
      if (own !== undefined && (await ownerOf(states, kind, own)) === unit) return own
      if (owner !== undefined) return name
    }
    // Before UUIDs had one spelling they were kept as they came.
    return name !== given && (await ownerOf(states, kind, given)) !== undefined ? given : name
  }

  async function create<S, E>(
    kind: Kind<S, E>,
    given: string,
    unit: string | undefined,
    pointer: string,
  ): Promise<string> {
    const name = spelledId(given)
    if (fromBooks && isBookName(name)) return ids.ofBookName(name)
    const owner = await ownerOf(states, kind, name)
    if (isReservedId(name)) {
      const theirOwn = owner !== undefined && owner === unit && (actor.unit === unit || hasRole(actor, 'admin'))
      if (!theirOwn) throw new NameRefused(refusal(kind.reserved, pointer, { id: given }))
      return name
    }
    return owner === undefined || owner === unit || unit === undefined ? name : ownIdOf(ids, kind, unit, name)
  }

  return {
    sender: actor.unit,
    lot: (given, unit) => refer(lots, given, unit),
    manifest: (given, unit) => refer(manifests, given, unit),
    newLot: (given, unit, pointer) => create(lots, given, unit, pointer),
    newManifest: (given, unit, pointer) => create(manifests, given, unit, pointer),
    ownerOfLot: (id) => ownerOf(states, lots, id),
    receiverOf: async (id) => (await stateOf(states, manifests, id)).receiver || undefined,
  }
}

const ownIdOf = (ids: Pick<Ids, 'derive'>, { space }: { readonly space: string }, unit: string, name: string): string =>
  ids.derive(space, unit, name)

/** The id that a unit's lot, or manifest, has where another unit held the name it was given. */
export const ownLotId = (ids: Pick<Ids, 'derive'>, unit: string, name: string): string => ownIdOf(ids, lots, unit, name)
export const ownManifestId = (ids: Pick<Ids, 'derive'>, unit: string, name: string): string =>
  ownIdOf(ids, manifests, unit, name)

const ownerOf = async <S, E>(states: States, kind: Kind<S, E>, id: string): Promise<string | undefined> =>
  kind.owner(await stateOf(states, kind, id))

/** What is kept of a thing is enough once it is there, because whose it is never changes; that it is not there is asked again. */
async function stateOf<S, E>(states: States, kind: Kind<S, E>, id: string): Promise<S> {
  const { state } = await states.load(kind, kind.stream(id), Number.POSITIVE_INFINITY)
  return kind.owner(state) === undefined ? (await states.load(kind, kind.stream(id), 0)).state : state
}
