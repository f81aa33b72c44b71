import fc from 'fast-check'
import type { z } from 'zod'

type Schema = z.core.$ZodTypes
type Known = Readonly<Record<string, fc.Arbitrary<unknown>>>

// fast-check makes strings from regular expressions, but knows no scripts of Unicode.
const PLATES = ['苏E12345', '苏ED12345', '沪A1B2C3']

// Of lots' events: what may be corrected, what is sealed, and what there is not.
const EVENT_FIELDS = ['grams', 'counted', 'hazards', 'label', 'waste', 'form', 'from', 'to', 'constructor', 'nothing']

/**
 * Values that a schema takes. `known` are fields that stand for things which exist (a unit, a lot), by their name wherever they stand,
 * so that commands get past "there is no such thing" often enough.
 */
export function valid(schema: z.core.$ZodType, known: Known = {}): fc.Arbitrary<unknown> {
  const one = schema as Schema
  const { def } = one._zod
  switch (def.type) {
    case 'object': {
      const shape = Object.entries(def.shape)
      const values = Object.fromEntries(
        shape.map(([field, inner]) => [
          field,
          field in known && !isObject(inner) ? orOwn(known[field], valid(inner, known)) : valid(inner, known),
        ]),
      )
      const required = shape.filter(([, inner]) => !isOptional(inner)).map(([field]) => field)
      return fc.record(values, { requiredKeys: required, noNullPrototype: true })
    }
    case 'optional':
    case 'default':
    case 'readonly':
    case 'nonoptional':
      return valid(def.innerType, known)
    case 'array': {
      const { min = 0, max = 3 } = limitsOf(schema)
      return fc.array(valid(def.element, known), { minLength: min, maxLength: Math.max(min, Math.min(max, 3)) })
    }
    case 'enum':
      return fc.constantFrom(...Object.values(def.entries))
    case 'literal':
      return fc.constantFrom(...def.values)
    case 'boolean':
      return fc.boolean()
    case 'number':
      return numbers(limitsOf(schema))
    case 'string':
      return strings(schema)
    // Values by the names of an event's fields, as a correction has them.
    case 'record':
      return fc.dictionary(fc.constantFrom(...EVENT_FIELDS), valid(def.valueType, known), {
        maxKeys: 3,
        noNullPrototype: true,
      })
    case 'unknown':
      return fc.oneof(fc.integer(), fc.string({ maxLength: 20 }), fc.constant(null), fc.jsonValue({ maxDepth: 2 }))
    case 'union':
      return fc.oneof(...def.options.map((option) => valid(option, known)))
    default:
      throw new Error(`no arbitrary for a schema of type ${def.type}: add it here`)
  }
}

const isObject = (schema: z.core.$ZodType): boolean =>
  schema._zod.def.type === 'object' ||
  (schema._zod.def.type === 'optional' && isObject((schema as z.core.$ZodOptional)._zod.def.innerType))
const isOptional = (schema: z.core.$ZodType): boolean => schema._zod.optin === 'optional'
const orOwn = (known: fc.Arbitrary<unknown> | undefined, own: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  known ? fc.oneof({ weight: 9, arbitrary: known }, { weight: 1, arbitrary: own }) : own

interface Limits {
  readonly min: number | undefined
  readonly max: number | undefined
  readonly format: string | undefined
  readonly pattern: RegExp | undefined
}

/** What a schema's own definition and its checks ask for; of several limits the last one counts. */
function limitsOf(schema: z.core.$ZodType): Limits {
  const own = schema._zod.def as z.core.$ZodTypeDef & Record<string, unknown>
  let limits: Limits = {
    min: undefined,
    max: undefined,
    format: own.format as string | undefined,
    pattern: own.pattern as RegExp | undefined,
  }
  for (const { _zod } of own.checks ?? []) {
    const check = _zod.def as z.core.$ZodCheckDef & Record<string, unknown>
    if (check.check === 'min_length') limits = { ...limits, min: check.minimum as number }
    if (check.check === 'max_length') limits = { ...limits, max: check.maximum as number }
    if (check.check === 'greater_than') limits = { ...limits, min: (check.value as number) + (check.inclusive ? 0 : 1) }
    if (check.check === 'less_than') limits = { ...limits, max: (check.value as number) - (check.inclusive ? 0 : 1) }
    if (check.check === 'number_format') limits = { ...limits, format: check.format as string }
    if (check.check === 'string_format')
      limits = { ...limits, format: check.format as string, pattern: check.pattern as RegExp }
  }
  return limits
}

const SIZE = 1_000_000

function numbers({ min, max, format }: Limits): fc.Arbitrary<unknown> {
  const lowest = Math.max(min ?? -SIZE, -SIZE)
  const highest = Math.min(max ?? SIZE, SIZE)
  const whole = fc.integer({ min: lowest, max: highest })
  return format === undefined
    ? fc.oneof(
        whole,
        whole.map((value) => Math.min(highest, value + 0.25)),
      )
    : whole
}

const iso = (min: string, max: string) =>
  fc.date({ min: new Date(min), max: new Date(max), noInvalidDate: true }).map((date) => date.toISOString())

function strings(schema: z.core.$ZodType): fc.Arbitrary<unknown> {
  const { min = 0, max = 40, format, pattern } = limitsOf(schema)
  if (format === 'uuid') return fc.uuid()
  if (format === 'date') return iso('2024-01-01', '2025-12-07').map((moment) => moment.slice(0, 10))
  if (format === 'datetime') return iso('2025-11-01', '2025-12-07').map((moment) => moment.replace('Z', '+08:00'))
  if (pattern?.source.includes('\\p{')) return fc.constantFrom(...PLATES)
  // fast-check makes no strings from lookaheads: it makes them without, and what they exclude is sorted out.
  if (pattern)
    return fc
      .stringMatching(new RegExp(pattern.source.replaceAll(/\(\?![^)]*\)/g, '')))
      .filter((text) => pattern.test(text))
  return fc.string({ minLength: min, maxLength: Math.max(min, Math.min(max, 40)) })
}
