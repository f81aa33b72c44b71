import { z } from 'zod'

/** What a topic is about; its name is a prefix and this word (`wufei.lots`). */
export const CHANNELS = ['lots', 'manifests', 'registry', 'law'] as const
export type Channel = (typeof CHANNELS)[number]

/** How one kind of event is told to the world: a type, a version and a schema of its own, and the ways there and back. */
export interface Message<Data = unknown, Facts = unknown> {
  /** Without its version: on the wire it is `<name>.v<version>`. */
  readonly name: `cn.wufei.${string}`
  readonly version: number
  readonly channel: Channel
  readonly summary: string
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

type Told = Pick<Message, 'name' | 'version' | 'channel' | 'summary'>
type Identical<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? unknown : never

/**
 * A message whose facts are spelled, today, like the stored data. The compiler refuses it on the day on which the two part: the stored event then
 * goes its own way and the row gets a `publish` and a `restore`, while the facts stay what they were promised to be.
 */
export const alike =
  <Stored extends z.ZodType>(_stored: Stored) =>
  <Facts extends z.ZodType>(
    told: Told,
    facts: Facts & Identical<z.infer<Facts>, z.infer<Stored>>,
  ): Message<z.infer<Stored>, z.infer<Stored>> => ({
    ...told,
    facts: facts as z.ZodType<z.infer<Stored>>,
    publish: (data) => data,
    restore: (data) => data,
  })

type Renames<Stored> = Readonly<Partial<Record<keyof Stored & string, string>>>
type Renamed<Stored, Names> = {
  [Field in keyof Stored as Field extends keyof Names ? Names[Field] & string : Field]: Stored[Field]
}

/**
 * A message whose fields have the public names (the table in this folder's README), where the stored event has another one. Of version 2 there
 * was a version 1 with the stored names, which is read still.
 * @param names stored name to public name, of fields of the data itself
 */
export const renamed =
  <Stored extends z.ZodObject>(_stored: Stored) =>
  <Facts extends z.ZodObject, const Names extends Renames<z.infer<Stored>>>(
    told: Told & { readonly version: 1 | 2 },
    facts: Facts & Identical<z.infer<Facts>, Flat<Renamed<z.infer<Stored>, Names>>>,
    names: Names,
  ): Message<z.infer<Stored>, z.infer<Facts>> => {
    const forth = Object.entries(names) as [string, string][]
    const back = forth.map(([stored, told]) => [told, stored] as const)
    return {
      ...told,
      facts: facts as unknown as z.ZodType<z.infer<Facts>>,
      publish: (data) => withNames(data, new Map(forth)) as z.infer<Facts>,
      restore: (given) => withNames(given, new Map(back)) as z.infer<Stored>,
      ...(told.version === 1
        ? {}
        : {
            former: {
              1: {
                facts: z.strictObject(withNames((facts as z.ZodObject).shape, new Map(back)) as z.core.$ZodShape),
                restore: (given: unknown) => given as z.infer<Stored>,
              },
            },
          }),
    }
  }

type Flat<T> = { [Field in keyof T]: T[Field] } & {}

const withNames = (fields: object, names: ReadonlyMap<string, string>): object =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [names.get(name) ?? name, value]))
