import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import * as classification from './classification.ts'
import * as collection from './collection.ts'
import * as disposal from './disposal.ts'
import * as generation from './generation.ts'
import * as registry from './registry.ts'
import * as transport from './transport.ts'

const commands = { ...classification, ...collection, ...disposal, ...generation, ...registry, ...transport }

/** Every schema of a string in a command, by where it stands. */
function strings(schema: z.core.$ZodType, at: string): readonly (readonly [string, z.core.$ZodType])[] {
  const { def } = (schema as z.core.$ZodTypes)._zod
  switch (def.type) {
    case 'object':
      return Object.entries(def.shape).flatMap(([field, inner]) => strings(inner, `${at}/${field}`))
    case 'array':
      return strings(def.element, `${at}/*`)
    case 'optional':
    case 'default':
    case 'nonoptional':
    case 'readonly':
      return strings(def.innerType, at)
    case 'string':
      return [[at, schema]]
    case 'number':
    case 'boolean':
    case 'enum':
    case 'literal':
      return []
    default:
      throw new Error(`a schema of type ${def.type} at ${at}: add it here`)
  }
}

const fields = Object.entries(commands).flatMap(([name, schema]) =>
  schema instanceof z.ZodObject ? strings(schema, name) : [],
)

/** What may be empty although it is there: no phone is none, and a place of a lot may have no name. */
const MAY_BE_EMPTY = [/\/phone$/, /\/at\/place$/]

test('there are commands with texts', () => {
  expect(fields.length).toBeGreaterThan(100)
})

describe('no text of a command is filled by what cannot be seen', () => {
  test.each(fields)('%s', (at, schema) => {
    const blanks = ['', ' ', '\u3000', '\u200b', '\ufeff\u00a0\u200b\u3000\t']
    if (MAY_BE_EMPTY.some((exempt) => exempt.test(at)))
      for (const blank of blanks) expect(z.parse(schema, blank)).toBe('')
    else expect(blanks.filter((blank) => z.safeParse(schema, blank).success)).toEqual([])
    // What takes a word takes it without its margins; ids have a form of their own, which no margin fits.
    const word = z.safeParse(schema, '\u3000\u200bX1\ufeff\u00a0')
    if (word.success) expect(word.data).toBe('X1')
  })
})
