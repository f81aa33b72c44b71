import { z } from 'zod'
import { publicNames } from '../../schemas/commands/public-names.ts'
import { fieldTexts, type FieldText } from '../../schemas/texts/fields.ts'

type Path = readonly PropertyKey[]

/** What an optional field, one with a default or one that is read in two steps is made of. */
function bare(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodNullable)
    return bare(schema.unwrap())
  return schema instanceof z.ZodPipe ? bare(schema.in) : schema
}

function within(schema: z.core.$ZodType | undefined, key: PropertyKey): z.core.$ZodType | undefined {
  const of = schema && bare(schema)
  if (of instanceof z.ZodArray) return of.element
  if (!(of instanceof z.ZodObject)) return undefined
  const shape = of.shape as Readonly<Record<string, z.core.$ZodType>>
  return Object.hasOwn(shape, key) ? shape[String(key)] : undefined
}

/** The part of a schema that reads what a path leads to; undefined where the schema knows no such field. */
export const schemaAt = (schema: z.core.$ZodType | undefined, path: Path): z.core.$ZodType | undefined =>
  path.reduce(within, schema)

/** Names of the fields of an object that a path leads to, as programs outside know them. */
export function fieldsAt(schema: z.core.$ZodType | undefined, path: Path): readonly string[] {
  const at = schemaAt(schema, path)
  const of = at && bare(at)
  return of instanceof z.ZodObject ? Object.keys(of.shape).map((name) => publicNames.get(of)?.[name] ?? name) : []
}

/** The field that a path leads to: its public name, and what the contract says of it. An entry of a list is spoken of by the list. */
export function fieldAt(
  schema: z.core.$ZodType | undefined,
  path: Path,
): { readonly field: string; readonly text: FieldText | undefined } {
  const named = path.filter((key) => typeof key === 'string' && !/^\d+$/.test(key)).map(String)
  const own = named.at(-1) ?? ''
  const holder = schemaAt(schema, path.slice(0, path.lastIndexOf(own)))
  const field = (holder && publicNames.get(bare(holder))?.[own]) ?? own
  const parent = named.at(-2) ?? ''
  return {
    field,
    text: fieldTexts[`${parent}.${field}`] ?? (Object.hasOwn(fieldTexts, field) ? fieldTexts[field] : undefined),
  }
}
