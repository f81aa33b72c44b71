import type { z } from 'zod'

/** What a topic is about; its name is a prefix and this word (`wufei.lots`). */
export const CHANNELS = ['lots', 'manifests', 'registry'] as const
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
