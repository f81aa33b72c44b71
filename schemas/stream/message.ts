import { z } from 'zod'

/** What a topic is about; its name is a prefix and this word (`wufei.lots`). */
export const CHANNELS = ['lots', 'manifests', 'registry', 'law'] as const
export type Channel = (typeof CHANNELS)[number]

/** How one kind of event is published: a type, a version and a schema of its own, and the ways there and back. */
export interface Message<Data = unknown, Facts = unknown> {
  /** Without its version: on the wire it is `<name>.v<version>`. */
  readonly name: `cn.wufei.${string}`
  readonly version: number
  readonly channel: Channel
  readonly summary: string
  /** Kept from programs outside: it travels for our own read models, and no feed, query or AsyncAPI document shows it. */
  readonly private: boolean
  readonly facts: z.ZodType<Facts>
  /** From the stored event's data in its newest version. Total. */
  publish(data: Data): Facts
  /** Back to the stored event's data in its newest version. Total, and nothing that a fold reads is lost on the way. */
  restore(facts: Facts): Data
  /** Earlier versions that topics may still hold, by number: read, and never sent any more. */
  readonly former?: Readonly<Record<number, Former<Data>>>
}

/** An earlier version of a message: what its facts were, and the way from them to the stored event's data. */
export interface Former<Data = unknown> {
  readonly facts: z.ZodType
  restore(facts: unknown): Data
}

export type Identical<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? unknown : never
export type Flat<T> = { [Field in keyof T]: T[Field] } & {}
export type Renames = Readonly<Record<string, string>>
export type Renamed<Stored, Names> = {
  [Field in keyof Stored as Field extends keyof Names ? Names[Field] & string : Field]: Stored[Field]
}

/**
 * The public side of an event whose facts are, today, the stored data, but for fields that are named otherwise outside. The compiler refuses it
 * on the day on which the two part: the row then gets a `Translated`, while the facts stay what they were promised to be.
 */
export interface Spelled<Data, Facts extends z.ZodObject, Names> {
  /** `opened`: on the wire `cn.wufei.<kind>.opened.v<version>`. */
  readonly name: string
  /** 2 where there was a version 1 with the stored names, which is read still. */
  readonly version: number
  readonly facts: Facts & Identical<z.infer<Facts>, Flat<Renamed<Data, Names>>>
  /** Stored name to public name, of fields of the data itself. */
  readonly names?: Names
}

/** The public side of an event that is stored in another shape than it is published in. */
export interface Translated<Data, Facts extends z.ZodObject> {
  readonly name: string
  readonly version: number
  readonly facts: Facts
  publish(data: Data): z.infer<Facts>
  restore(facts: z.infer<Facts>): Data
  readonly former?: Readonly<Record<number, Former<Data>>>
}

/** An event that is no business of programs outside, and why. */
export interface Private {
  readonly private: string
}

const withNames = (fields: object, names: ReadonlyMap<string, string>): object =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [names.get(name) ?? name, value]))

type Ways = Pick<Message, 'publish' | 'restore' | 'former'>

/** The ways from stored names to public ones and back. Of version 2 there was a version 1 with the stored names. */
function renaming(facts: z.ZodObject, names: object, version: number): Ways {
  const forth = Object.entries(names) as [string, string][]
  if (forth.length === 0) return { publish: (data) => data, restore: (given) => given }
  const back = forth.map(([stored, told]) => [told, stored] as const)
  const [there, here] = [new Map(forth), new Map(back)]
  return {
    publish: (data) => withNames(data as object, there),
    restore: (given) => withNames(given as object, here),
    ...(version === 1
      ? {}
      : {
          former: {
            1: {
              facts: z.strictObject(withNames(facts.shape, here) as z.core.$ZodShape),
              restore: (given: unknown) => given,
            },
          },
        }),
  }
}

/** The message of an event: what its row says, in the channel and under the name of its kind of stream. */
export function messageOf(
  kind: string,
  channel: Channel,
  {
    type,
    version,
    schema,
    en,
  }: { readonly type: string; readonly version: number; readonly schema: z.ZodType; readonly en: string },
  row: Spelled<unknown, z.ZodObject, object> | Translated<unknown, z.ZodObject> | Private,
): Message {
  if ('private' in row) {
    const ways: Ways = { publish: (data) => data, restore: (given) => given }
    return { name: `cn.wufei.private.${type}`, version, channel, summary: en, private: true, facts: schema, ...ways }
  }
  const { name, version: told, facts } = row
  const ways = 'publish' in row ? waysOf(row) : renaming(facts, row.names ?? {}, told)
  return { name: `cn.wufei.${kind}.${name}`, version: told, channel, summary: en, private: false, facts, ...ways }
}

const waysOf = ({ publish, restore, former }: Translated<unknown, z.ZodObject>): Ways => ({
  publish: (data) => publish(data),
  restore: (given) => restore(given as Record<string, unknown>),
  ...(former ? { former } : {}),
})
