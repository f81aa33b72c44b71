import type { z } from 'zod'
import { refusal, type Refusal } from '../decision.ts'
import { TONNE } from '../values/mass.ts'
import { measures, type Measure } from '../values/measures.ts'
import { businessDay, type Day, type Moment } from '../values/time.ts'

/** What the park takes at all, whatever the law of the day says. Figures of the configuration, not of the law. */
export interface Bounds {
  /** First business day of the books: no act is earlier. */
  readonly booksFrom: Day
  /** First day on which stock of earlier years may have been generated. */
  readonly openingStockFrom: Day
  /** Most grams of one act. */
  readonly actMass: number
}

export const defaultBounds: Bounds = {
  booksFrom: '2000-01-01',
  openingStockFrom: '1990-01-01',
  actMass: 50_000 * TONNE,
}

// A year, a store or a pile holds what many acts brought.
const ACTS_HELD = 1_000
/** Most grams that a year of a plan or a licence, a store or a count may hold. */
export const heldMass = ({ actMass }: Bounds): number => ACTS_HELD * actMass

// No licence, permit or contract about waste is older: the law that asks for them is of 1995.
const OLDEST_PAPER = '1990-01-01'
// None of them holds for a lifetime. A form that writes 9999-12-31 for "without end" says something else than a day.
const YEARS_AHEAD = 100
export const latestPaper = (now: Moment): Day => `${Number(now.slice(0, 4)) + YEARS_AHEAD}-12-31`

/** Refuses what of a command lies outside the bounds; nothing otherwise. `now`: RFC 3339 in UTC. */
export type BoundsCheck = (command: unknown, bounds: Bounds, now: Moment) => readonly Refusal[]

/** Where the measured values of a schema lie: its own, or those of its fields or elements. */
type Plan =
  | { readonly kind: 'value'; readonly measure: Measure }
  | { readonly kind: 'object'; readonly fields: readonly (readonly [name: string, plan: Plan])[] }
  | List

interface List {
  readonly kind: 'list'
  readonly element: Plan
}

const MASSES: readonly Measure[] = ['act-mass', 'held-mass']

const compiled = new WeakMap<z.core.$ZodType, BoundsCheck>()

/** The check of a command's schema, made once: it looks at the measured fields only. @throws Error for a schema that it cannot look into. */
export function boundsOf(schema: z.core.$ZodType): BoundsCheck {
  const known = compiled.get(schema)
  if (known) return known
  const plan = planOf(schema)
  const check: BoundsCheck = (command, bounds, now) => {
    const breaches: Refusal[] = []
    if (plan) look(plan, command, '', { bounds, now, breaches })
    return breaches
  }
  compiled.set(schema, check)
  return check
}

function planOf(schema: z.core.$ZodType): Plan | undefined {
  const own = measures.get(schema as z.ZodType)
  if (own) return { kind: 'value', measure: own.measure }
  const { def } = (schema as z.core.$ZodTypes)._zod
  switch (def.type) {
    case 'object': {
      const fields = Object.entries(def.shape).flatMap(([name, inner]) => {
        const plan = planOf(inner)
        return plan ? [[name, plan] as const] : []
      })
      return fields.length === 0 ? undefined : { kind: 'object', fields }
    }
    case 'array': {
      const element = planOf(def.element)
      return element && { kind: 'list', element }
    }
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'nonoptional':
    case 'readonly':
      return planOf(def.innerType)
    case 'string':
    case 'number':
    case 'boolean':
    case 'enum':
    case 'literal':
    // Values by the names of an event's fields: who knows the event bounds them (services/supervision/decide/correction.ts).
    case 'record':
      return undefined
    default:
      throw new Error(`bounds cannot look into a schema of type ${def.type}: say here how`)
  }
}

interface Look {
  readonly bounds: Bounds
  readonly now: Moment
  readonly breaches: Refusal[]
}

function look(plan: Plan, value: unknown, pointer: string, looking: Look): void {
  if (value === undefined || value === null) return
  switch (plan.kind) {
    case 'value': {
      const breach = breachOf(plan.measure, value as number | string, looking)
      if (breach) looking.breaches.push(refusal(breach.code, pointer, breach.facts))
      return
    }
    case 'object':
      for (const [name, field] of plan.fields)
        look(field, (value as Readonly<Record<string, unknown>>)[name], `${pointer}/${name}`, looking)
      return
    case 'list': {
      const elements = value as readonly unknown[]
      const before = looking.breaches.length
      for (const [at, element] of elements.entries()) look(plan.element, element, `${pointer}/${at}`, looking)
      // What one of them is refused for need not be said of their sum as well.
      if (looking.breaches.length > before) return
      for (const measure of MASSES) {
        const limit = massLimit(measure, looking.bounds)
        const sum = sums(plan, elements, measure).find((mass) => mass > limit)
        if (sum !== undefined) looking.breaches.push(refusal('masses-above-bound', pointer, { sum, limit }))
      }
    }
  }
}

/**
 * What the elements of a list have of a measure together, and what the elements of each list within them have: the lots of all lines are
 * another sum than the lines. A double is exact enough to be held against a limit below 2^53.
 */
function sums({ element }: List, elements: readonly unknown[], measure: Measure): readonly number[] {
  const own = elements.reduce<number>((total, one) => total + massIn(element, one, measure), 0)
  if (element.kind !== 'object') return [own]
  const within = element.fields.flatMap(([name, field]) =>
    field.kind === 'list'
      ? sums(
          field,
          elements.flatMap((one) => ((one as Readonly<Record<string, unknown>>)[name] ?? []) as readonly unknown[]),
          measure,
        )
      : [],
  )
  return [own, ...within]
}

/** What an element has of a measure: itself, or its own fields together. */
function massIn(element: Plan, value: unknown, measure: Measure): number {
  if (value === undefined || value === null || element.kind === 'list') return 0
  if (element.kind === 'value') return element.measure === measure ? (value as number) : 0
  return element.fields.reduce(
    (sum, [name, field]) => sum + massIn(field, (value as Readonly<Record<string, unknown>>)[name], measure),
    0,
  )
}

const massLimit = (measure: Measure, bounds: Bounds): number =>
  measure === 'act-mass' ? bounds.actMass : heldMass(bounds)

function breachOf(
  measure: Measure,
  value: number | string,
  { bounds, now }: Look,
): Pick<Refusal, 'code' | 'facts'> | undefined {
  switch (measure) {
    case 'act-mass':
    case 'held-mass': {
      const limit = massLimit(measure, bounds)
      return Number(value) > limit ? { code: 'mass-above-bound', facts: { grams: value, limit } } : undefined
    }
    case 'moment': {
      const { booksFrom: from } = bounds
      const at = String(value)
      return businessDay(at) < from ? { code: 'before-the-books', facts: { at, from } } : undefined
    }
    case 'opening-day': {
      const { openingStockFrom: from } = bounds
      return value < from ? { code: 'before-opening-stock', facts: { at: value, from } } : undefined
    }
    case 'paper-day': {
      const to = latestPaper(now)
      return value < OLDEST_PAPER || value > to
        ? { code: 'day-out-of-range', facts: { at: value, from: OLDEST_PAPER, to } }
        : undefined
    }
  }
}
