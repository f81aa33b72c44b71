import type { z } from 'zod'

/** One value inside a command, by the way that leads to it; an element of a list is `0`. */
export interface Leaf {
  readonly path: readonly string[]
  readonly schema: z.core.$ZodTypes
}

/** Every value of a schema, walked without the help of what is to be tested with it. */
export function leavesOf(schema: z.core.$ZodType, path: readonly string[] = []): readonly Leaf[] {
  const one = schema as z.core.$ZodTypes
  const { def } = one._zod
  switch (def.type) {
    case 'object':
      return Object.entries(def.shape).flatMap(([name, inner]) => leavesOf(inner, [...path, name]))
    case 'array':
      return leavesOf(def.element, [...path, '0'])
    case 'optional':
    case 'nullable':
    case 'default':
    case 'readonly':
    case 'nonoptional':
      return leavesOf(def.innerType, path)
    default:
      return [{ path, schema: one }]
  }
}

export const pointerOf = ({ path }: Leaf): string => path.map((key) => `/${key}`).join('')

const digits = /^\d+$/

/** The same value with another one at the end of the way; lists and objects that are missing are made. */
export function withValue(base: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value
  if (digits.test(key)) {
    const list = Array.isArray(base) ? (base as readonly unknown[]) : []
    return [withValue(list[0], rest, value), ...list.slice(1)]
  }
  const object = (base ?? {}) as Readonly<Record<string, unknown>>
  return { ...object, [key]: withValue(object[key], rest, value) }
}
