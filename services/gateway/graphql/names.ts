import type { Identified } from '../../../projections/lots/queries.ts'
import type { ManifestView } from '../../../projections/manifests/queries.ts'
import type { Visibility } from '../../../infra/identity/visibility.ts'
import type { GatewayContext } from './context.ts'
import { refusedQuery } from './errors.ts'
import type { ReadSide } from './read-side.ts'
import { firstFound, spellingsOf } from './spellings.ts'

/** Manifests that bear this name and exist for the reader, by whatever of its spellings they are kept. */
export const manifestsNamed = (
  name: string,
  { readSide, visibility }: { readonly readSide: Pick<ReadSide, 'manifestsByName'>; readonly visibility: Visibility },
): Promise<readonly ManifestView[]> =>
  firstFound(spellingsOf(name), (spelling) => readSide.manifestsByName([spelling], visibility))

type Kind = Identified['kind']
type Target = Identified['target']

/** Things that bear this name and exist for the reader, each once; of some kinds of name only, where they are given. */
async function targetsOf(
  name: string,
  { readSide, visibility }: GatewayContext,
  kinds?: readonly Kind[],
): Promise<readonly Target[]> {
  const fitting = await firstFound(spellingsOf(name), async (spelling) => {
    const found = await readSide.identify(spelling, visibility)
    return found.filter(({ kind }) => kinds === undefined || kinds.includes(kind))
  })
  return [...new Map(fitting.map(({ target }) => [`${target.kind} ${target.id}`, target])).values()]
}

/** Lots of a thing: the lot itself, or all lots on the lines of a manifest. */
async function lotsOf({ kind, id }: Target, { readSide, visibility }: GatewayContext): Promise<readonly string[]> {
  if (kind === 'lot') return [id]
  const manifests = await readSide.manifestsByName([id], visibility)
  const lines = manifests.flatMap(({ manifest }) => manifest.lines)
  return [...new Set(lines.flatMap(({ lots }) => lots.map(({ lot }) => lot)))]
}

function onlyOne(name: string, targets: readonly Target[], { language }: GatewayContext): Target | undefined {
  if (targets.length > 1) throw refusedQuery('identifier-ambiguous', { name, count: targets.length }, language)
  return targets[0]
}

/**
 * Lots behind a name: the lot itself, or all lots of a manifest.
 * @throws a refused query where nothing of that name exists for the reader, or more than one thing
 */
export async function lotsNamed(name: string, context: GatewayContext): Promise<readonly string[]> {
  const target = onlyOne(name, await targetsOf(name, context), context)
  if (!target) throw refusedQuery('not-found', {}, context.language)
  return lotsOf(target, context)
}

/**
 * The lot behind a name; null where none exists for the reader.
 * @throws a refused query for a name of several things, or of a manifest with several lots
 */
export async function lotNamed(name: string, context: GatewayContext): Promise<string | null> {
  const target = onlyOne(name, await targetsOf(name, context), context)
  if (!target) return null
  const [lot, ...others] = await lotsOf(target, context)
  if (others.length > 0)
    throw refusedQuery('identifier-of-several-lots', { name, count: others.length + 1 }, context.language)
  return lot ?? null
}

/** Names that a list of lots may be asked by, and the kinds of name that each means; without kinds, any. */
export const LOT_NAMES = {
  identifier: undefined,
  label: ['label'],
  batch: ['batch', 'record'],
  number: ['manifest-number', 'record'],
} as const satisfies Readonly<Record<string, readonly Kind[] | undefined>>
export type LotNames = { readonly [K in keyof typeof LOT_NAMES]?: string | null | undefined }

/** Ids of the lots that bear all of the names given; undefined where none is given. A name of several units' lots means all of them. */
export async function lotIdsNamed(names: LotNames, context: GatewayContext): Promise<readonly string[] | undefined> {
  const found = await Promise.all(
    Object.entries(LOT_NAMES).flatMap(([field, kinds]) => {
      const name = names[field as keyof LotNames]
      return name === undefined || name === null ? [] : [idsNamed(field, name, kinds)]
    }),
  )
  return found.length === 0 ? undefined : found.reduce((all, ids) => all.filter((id) => ids.includes(id)))

  async function idsNamed(field: string, name: string, kinds: readonly Kind[] | undefined): Promise<readonly string[]> {
    const targets = await targetsOf(name, context, kinds)
    const wanted = targets.filter(({ kind }) =>
      field === 'number' ? kind === 'manifest' : field === 'identifier' || kind === 'lot',
    )
    return (await Promise.all(wanted.map((target) => lotsOf(target, context)))).flat()
  }
}
