import type { Position } from '../../../infra/event-store/port.ts'
import type { Day } from '../../../schemas/values/time.ts'
import { builder } from './builder.ts'
import type { GatewayContext } from './context.ts'
import { refusedQuery } from './errors.ts'
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

export const scopeOf = (scope: GivenScope | null | undefined): Scope => given<GivenScope>(scope)

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

/** @throws a refused query where both a moment and a position are given */
export async function asOfOf(
  asOf: GivenAsOf | null | undefined,
  { readSide, language }: GatewayContext,
): Promise<AsOfView> {
  const { knownAt, position } = given<GivenAsOf>(asOf)
  if (knownAt !== undefined && position !== undefined) throw refusedQuery('as-of-twice', {}, language)
  if (knownAt !== undefined) return { position: await readSide.positionAt(knownAt) }
  return position === undefined ? {} : { position }
}

const WAIT_MS = 5_000

/** Read your writes: waits for the read models; the answer's position says what was served. */
export async function awaitPosition(
  minPosition: Position | null | undefined,
  { readSide }: GatewayContext,
): Promise<void> {
  if (minPosition !== null && minPosition !== undefined) await readSide.waitFor(minPosition, WAIT_MS)
}
