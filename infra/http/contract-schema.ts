import { z } from 'zod'
import { publicNames } from '../../schemas/commands/public-names.ts'
import { fieldTexts } from '../../schemas/texts/fields.ts'

export type Json = { [key: string]: unknown }

/** Named schemas of a document, collected while its parts are made. */
export type Components = Record<string, Json>

// Groups that look ahead are no part of RE2 (Go) and of many generators: the documented pattern is then the wider one.
const LOOKAHEAD = /\(\?[=!](?:\[[^\]]*\]|\\.|[^()\\[])*\)/g
const SPECIAL = /[\\^$.|?*+()[\]{}-]/

/** A pattern that Python's re, Go's RE2 and JavaScript without flags read alike: no lookahead, no escapes of code points. */
export const portablePattern = (pattern: string): string =>
  pattern.replace(LOOKAHEAD, '').replace(/\\u([0-9a-fA-F]{4})/g, (escape, hex: string) => {
    const sign = String.fromCharCode(Number.parseInt(hex, 16))
    return SPECIAL.test(sign) ? escape : sign
  })

interface Described {
  readonly zodSchema: z.core.$ZodTypes
  readonly jsonSchema: z.core.JSONSchema.BaseSchema
}

/** What zod makes of a schema, put right for contracts: public names, portable patterns, `const` for single values. */
function correct({ zodSchema, jsonSchema }: Described): void {
  const names = zodSchema instanceof z.ZodObject ? publicNames.get(zodSchema) : undefined
  if (names) {
    const known = (name: string) => names[name] ?? name
    jsonSchema.properties = Object.fromEntries(
      Object.entries(jsonSchema.properties ?? {}).map(([name, of]) => [known(name), of]),
    )
    if (jsonSchema.required) jsonSchema.required = jsonSchema.required.map(known)
  }
  if (typeof jsonSchema.pattern === 'string') jsonSchema.pattern = portablePattern(jsonSchema.pattern)
  // Whole numbers are exact up to 2^53 - 1; where nothing narrower is said, the bound is of the type and not of the field.
  if (jsonSchema.type === 'integer') jsonSchema.format = 'int64'
}

/**
 * A zod schema as JSON Schema 2020-12 for a contract: with every description, bounds as they are checked, an example where the field has one.
 * What has an id goes into `components` and is referred to.
 */
export function contractSchema(schema: z.ZodType, io: 'input' | 'output', components: Components): Json {
  const {
    $schema: _,
    $defs,
    ...made
  } = z.toJSONSchema(schema, { io, unrepresentable: 'any', override: correct }) as Json & {
    $defs?: Record<string, Json>
  }
  for (const [id, { id: _i, ...definition }] of Object.entries($defs ?? {}))
    components[id] ??= withTexts(relinked(definition) as Json)
  return withTexts(relinked(made) as Json)
}

/** References into the document instead of the schema's own definitions. */
function relinked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(relinked)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key === '$ref' ? String(inner).replace('#/$defs/', '#/components/schemas/') : relinked(inner),
    ]),
  )
}

/** Gives every property its description, and an example where the dictionary of fields has one that fits. */
function withTexts(schema: Json, parent = ''): Json {
  const { properties, items, additionalProperties } = schema as {
    properties?: Record<string, Json>
    items?: Json
    additionalProperties?: Json | boolean
  }
  return {
    ...schema,
    ...(properties
      ? {
          properties: Object.fromEntries(
            Object.entries(properties).map(([name, of]) => [name, property(name, withTexts(of, name), parent)]),
          ),
        }
      : {}),
    ...(items ? { items: withTexts(items, parent) } : {}),
    ...(typeof additionalProperties === 'object'
      ? { additionalProperties: withTexts(additionalProperties, parent) }
      : {}),
  }
}

function property(name: string, schema: Json, parent: string): Json {
  const text = fieldTexts[`${parent}.${name}`] ?? fieldTexts[name]
  if (!text) return schema
  const { example } = text
  const own = typeof schema.description === 'string' ? schema.description : undefined
  return {
    ...schema,
    // What the schema itself says is nearer to the matter than the dictionary.
    description: own?.includes(' · ') ? own : `${text.zh} · ${own ?? text.en}`,
    ...(example !== undefined && fits(schema, example) ? { examples: [example] } : {}),
  }
}

/** Whether a value is of the type that a schema asks for, and matches its words and pattern. */
function fits({ type, enum: words, pattern, $ref }: Json, value: unknown): boolean {
  if ($ref !== undefined) return false
  if (Array.isArray(words)) return words.includes(value)
  if (typeof pattern === 'string' && !(typeof value === 'string' && new RegExp(pattern).test(value))) return false
  const kind = Array.isArray(value) ? 'array' : typeof value
  return type === kind || (kind === 'number' && type === 'integer' && Number.isInteger(value))
}

/** A value that the schema takes: its required fields, made of their examples. `undefined` where one of them has none. */
export function exampleOf(schema: Json): unknown {
  const {
    type,
    properties,
    required,
    items,
    enum: words,
    const: only,
    examples,
    minItems,
  } = schema as Json & {
    properties?: Record<string, Json>
    required?: readonly string[]
    items?: Json
    enum?: readonly unknown[]
    examples?: readonly unknown[]
  }
  if (examples?.[0] !== undefined) return examples[0]
  if (only !== undefined) return only
  if (words) return words[0]
  if (type === 'boolean') return true
  if (type === 'array') return items && minItems ? [exampleOf(items)] : []
  if (type !== 'object') return undefined
  return Object.fromEntries((required ?? []).map((name) => [name, exampleOf(properties?.[name] ?? {})]))
}
