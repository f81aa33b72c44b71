import type { Identified } from '../../../projections/lots/queries.ts'
import type { GatewayContext } from './context.ts'
import { refusedQuery } from './errors.ts'

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const LABEL = /^[0-9A-Z]{18}\d{19}$/i

/** A name as it was scanned or typed, in the one spelling that is kept: no blanks around it, UUIDs in lower and labels in upper case. */
export function spelled(name: string): string {
  const bare = name.trim()
  if (UUID.test(bare)) return bare.toLowerCase()
  return LABEL.test(bare) ? bare.toUpperCase() : bare
}

type Kind = Identified['kind']
type Target = Identified['target']

/** Things that bear this name and exist for the reader, each once; of some kinds of name only, where they are given. */
async function targetsOf(
  name: string,
  { readSide, visibility }: GatewayContext,
  kinds?: readonly Kind[],
): Promise<readonly Target[]> {
  const found = await readSide.identify(spelled(name), visibility)
  const fitting = found.filter(({ kind }) => kinds === undefined || kinds.includes(kind))
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
