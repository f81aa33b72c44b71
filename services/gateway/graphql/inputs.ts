import type { Position } from '../../../infra/event-store/port.ts'
import type { Day } from '../../../schemas/values/time.ts'
import { builder } from './builder.ts'
import type { GatewayContext } from './context.ts'
import { refusedQuery } from './errors.ts'
import { knownSite, requireCode, requireUnits } from './known.ts'
import { inOneSpelling } from './spellings.ts'
import type { Period } from '../../../projections/journal/queries/flows.ts'
import type { Scope } from '../../../projections/journal/queries/scope.ts'
import type { AsOf as AsOfView } from './read-side.ts'

export const AsOf = builder.inputType('AsOf', {
  description: '截至：系统当时所知；缺省为现在。 What the system knew then; without it: now.',
  fields: (t) => ({ knownAt: t.field({ type: 'DateTime' }), position: t.field({ type: 'Position' }) }),
})

export const ScopeInput = builder.inputType('Scope', {
  description:
    '范围：单位、场所、仅园区内、废物代码。 Of one unit, one site, waste of units inside the park, or one code.',
  fields: (t) => ({ unit: t.id(), site: t.id(), insideParkOnly: t.boolean(), wasteCode: t.string() }),
})

interface GivenScope {
  readonly unit?: string | null | undefined
  readonly site?: string | null | undefined
  readonly insideParkOnly?: boolean | null | undefined
  readonly wasteCode?: string | null | undefined
}

/** An input object without the fields that are null or were not given. */
export const given = <T extends object>(input: T | null | undefined): { [K in keyof T]?: NonNullable<T[K]> } =>
  Object.fromEntries(Object.entries(input ?? {}).filter(([, value]) => value !== null && value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>
  }

/**
 * The part of the park that is asked for.
 * @throws a refused query for a unit, site or code that does not exist for the reader: what is not there has no figures, not even zeros
 */
export async function scopeOf(scope: GivenScope | null | undefined, context: GatewayContext): Promise<Scope> {
  const asked: Scope = inOneSpelling(given<GivenScope>(scope))
  const [, , site] = await Promise.all([
    requireUnits([asked.unit], context),
    requireCode(asked.wasteCode, context),
    knownSite(asked.site, context),
  ])
  return site === undefined ? asked : { ...asked, site }
}

// A century of days: enough for every book, and a bound for what one query may sum.
const MAX_DAYS = 36_600

/** @throws a refused query where the period is reversed or too long */
export function periodOf(from: Day, to: Day, { language }: GatewayContext): Period {
  if (from > to) throw refusedQuery('period-reversed', { from, to }, language)
  if ((Date.parse(to) - Date.parse(from)) / 86_400_000 > MAX_DAYS)
    throw refusedQuery('period-too-long', { limit: MAX_DAYS }, language)
  return { from, to }
}

interface GivenAsOf {
  readonly knownAt?: string | null | undefined
  readonly position?: Position | null | undefined
}

/** @throws a refused query where both a moment and a position are given, or one that the log has not reached */
export async function asOfOf(asOf: GivenAsOf | null | undefined, context: GatewayContext): Promise<AsOfView> {
  const { knownAt, position } = given<GivenAsOf>(asOf)
  if (knownAt !== undefined && position !== undefined) throw refusedQuery('as-of-twice', {}, context.language)
  if (knownAt !== undefined) return { position: await context.readSide.positionAt(knownAt) }
  await awaitPosition(position, context)
  return position === undefined ? {} : { position }
}

const WAIT_MS = 5_000
// Another process may have answered with a position that this one has not seen yet.
const GRACE_MS = 500

/** @throws a refused query, with head and epoch, for a position that the log has not reached: it is another log's, or one before a restore */
export async function requireInLog(position: Position, { readSide, language }: GatewayContext): Promise<void> {
  // Rows reach no further than the log, and where this process folds it knows how far they are without asking.
  if (position <= (await readSide.position())) return
  const { head } = await readSide.head()
  if (position <= head || (await readSide.waitFor(position, GRACE_MS))) return
  const { head: newest, epoch } = await readSide.head()
  if (position > newest) {
    const facts = { position: String(position), head: String(newest), epoch }
    throw refusedQuery('position-beyond-head', facts, language)
  }
}

/**
 * Read your writes: waits for the read models.
 * @throws a refused query where the log ends before that position, or the read models are not there in time
 */
export async function awaitPosition(position: Position | null | undefined, context: GatewayContext): Promise<void> {
  if (position === null || position === undefined) return
  await requireInLog(position, context)
  const { readSide, language } = context
  if (await readSide.waitFor(position, WAIT_MS)) return
  const facts = { position: String(position), reached: String(await readSide.position()) }
  throw refusedQuery('position-not-reached', facts, language)
}
