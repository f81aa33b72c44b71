import { evolveLot, noLot, type Lot } from '../../schemas/lot/state.ts'
import { evolveManifest, noManifest, type Manifest } from '../../schemas/manifest/state.ts'
import { evolvePlan, noPlan, type Plan } from '../../schemas/plan/events.ts'
import { lotStream, manifestStream, planStream } from '../../schemas/values/identifiers.ts'
import type { Runtime } from './execute.ts'

const lotFold = { initial: noLot, evolve: evolveLot }
const manifestFold = { initial: noManifest, evolve: evolveManifest }
const planFold = { initial: noPlan, evolve: evolvePlan }

/** Lots for a decision's context, by id. One that nobody generated is there too, as a lot that does not exist. */
export async function lotsOf(
  { states, contextMaxAge }: Runtime,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Lot>> {
  return new Map(
    await Promise.all(
      [...new Set(ids)].map(
        async (id) => [id, (await states.load(lotFold, lotStream(id), contextMaxAge)).state] as const,
      ),
    ),
  )
}

/** A manifest as far as this process must know it; `maxAge` as of `States.load`. */
export const manifestOf = async (
  { states, contextMaxAge }: Runtime,
  id: string,
  maxAge = contextMaxAge,
): Promise<Manifest> => (await states.load(manifestFold, manifestStream(id), maxAge)).state

/** One year's plan of one unit. */
export const planOf = async ({ states, contextMaxAge }: Runtime, unit: string, year: number): Promise<Plan> =>
  (await states.load(planFold, planStream(unit, year), contextMaxAge)).state

/** A manifest for what follows from its event of that revision: never as it was before, whatever this process remembers. */
export async function manifestSince({ states }: Runtime, id: string, revision: number): Promise<Manifest> {
  const known = await states.load(manifestFold, manifestStream(id), Number.POSITIVE_INFINITY)
  return known.revision >= revision ? known.state : (await states.load(manifestFold, manifestStream(id), 0)).state
}

const MANIFEST = manifestStream('')

/** The manifest whose stream that is; undefined for streams of other things. */
export const manifestIdOf = (stream: string): string | undefined =>
  stream.startsWith(MANIFEST) ? stream.slice(MANIFEST.length) : undefined
