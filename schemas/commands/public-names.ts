import { z } from 'zod'

/**
 * Names of fields as programs outside know them, where the command itself has another one: own name to public name. The documents show the
 * public one; the border takes both, the older for one version more. The table of all names is in `schemas/integration/README.md`.
 */
export const publicNames = z.registry<Readonly<Record<string, string>>>()

/** The same schema, with names of its fields for the world. */
export function named<S extends z.ZodObject>(schema: S, names: { readonly [K in keyof z.input<S>]?: string }): S {
  publicNames.add(schema, names as Readonly<Record<string, string>>)
  return schema
}

type Fields = Record<string, unknown>

/** Puts own names in the place of public ones, and leads pointers back. */
export interface Renaming {
  /** What was sent, by the command's own names. A field that was sent by both names stays twice, so that the schema refuses the second. */
  inward(sent: object): object
  /** A JSON pointer into the command, by its public names. */
  outward(pointer: string): string
}

interface Node {
  readonly names: Readonly<Record<string, string>>
  /** Of fields that hold objects or lists of objects with names of their own, by the command's names. */
  readonly inner: Readonly<Record<string, Node>>
}

/** The renaming of a command, made once; undefined where no field of it has a public name of its own. */
export function renamingOf(schema: z.core.$ZodType): Renaming | undefined {
  const root = nodeOf(schema)
  if (!root) return undefined
  return {
    inward: (sent) => inward(root, sent) as object,
    outward: (pointer) => {
      let node: Node | undefined = root
      return pointer
        .split('/')
        .map((part) => {
          if (part === '' || /^\d+$/.test(part)) return part
          const name: string = node?.names[part] ?? part
          node = node?.inner[part]
          return name
        })
        .join('/')
    },
  }
}

function nodeOf(schema: z.core.$ZodType): Node | undefined {
  if (schema instanceof z.ZodArray) return nodeOf(schema.element)
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return nodeOf(schema.unwrap())
  if (!(schema instanceof z.ZodObject)) return undefined
  const inner = Object.entries(schema.shape as Readonly<Record<string, z.core.$ZodType>>).flatMap(([field, of]) => {
    const node = nodeOf(of)
    return node ? [[field, node] as const] : []
  })
  const names = publicNames.get(schema) ?? {}
  return inner.length > 0 || Object.keys(names).length > 0 ? { names, inner: Object.fromEntries(inner) } : undefined
}

function inward({ names, inner }: Node, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const fields: Fields = { ...value }
  for (const [own, known] of Object.entries(names)) {
    if (!Object.hasOwn(fields, known) || Object.hasOwn(fields, own)) continue
    fields[own] = fields[known]
    delete fields[known]
  }
  for (const [field, node] of Object.entries(inner)) {
    const held = fields[field]
    if (held !== undefined)
      fields[field] = Array.isArray(held) ? held.map((one) => inward(node, one)) : inward(node, held)
  }
  return fields
}
