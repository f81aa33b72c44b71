import type { z } from 'zod'
import type { Step } from '../mass/steps.ts'
import type { Day } from '../values/time.ts'
import type { Concerning } from './concerning.ts'
import type { Private, Renames, Spelled, Translated } from './message.ts'

/** An event as its row reads it: when it happened, as claimed, and its data in the newest schema. */
export interface Happened<Data> {
  readonly occurredAt: string
  readonly data: Readonly<Data>
}

/** An event of any kind, its data in the newest schema. */
export interface AnyEvent extends Happened<object> {
  readonly type: string
}

export const NO_MASS = 'no mass'
export type NoMass = typeof NO_MASS
/** What the event does to the mass of its lot. Of streams that are no lots: nothing, and the row says so. */
export type MassSteps<Data> = (event: Happened<Data>) => readonly Step[]

interface Answers<State, Data, Moves> {
  /** The step of the fold. Total: it never throws, whatever came before. */
  fold(state: State, event: Happened<Data>): State
  readonly mass: NoMass | (Moves extends true ? MassSteps<Data> : never)
  /** Business day that the mass is posted on, where it is not that of the event. */
  readonly day?: (data: Data) => Day
  readonly concerns: Concerning<Data>
  /** One line for people. */
  readonly zh: string
  readonly en: string
}

/** One kind of event, with everything that any part of the system must know of it. */
export interface EventRow<State, Schema extends z.ZodObject, Moves = boolean>
  extends Answers<State, z.infer<Schema>, Moves> {
  /** Of the data, in its newest version. */
  readonly schema: Schema
  /**
   * Steps from one version of the data to the next, oldest first; the newest version is one more than there are steps. Pure and total: stored
   * events stay as they were written, and are led up whenever they are read.
   */
  readonly upcasters?: readonly ((data: unknown) => unknown)[]
  readonly public: unknown
}

/**
 * Makes rows for the events of one kind of stream: `const event = eventOf<Lot, true>()`, then `event({ schema, fold, mass, ... })`. Of streams
 * whose events move mass the second parameter is true.
 */
export const eventOf =
  <State, Moves extends boolean = false>() =>
  <Schema extends z.ZodObject, Facts extends z.ZodObject, const Names extends Renames = {}>(
    row: EventRow<State, Schema, Moves> & {
      readonly public: Spelled<z.infer<Schema>, Facts, Names> | Translated<z.infer<Schema>, Facts> | Private
    },
  ): EventRow<State, Schema, Moves> =>
    row

/** What a table needs of rows whose state and data it does not know. */
export interface ErasedRow {
  readonly schema: z.ZodObject
  readonly upcasters?: readonly ((data: unknown) => unknown)[]
  fold(state: unknown, event: Happened<object>): unknown
  readonly mass: NoMass | MassSteps<object>
  readonly day?: (data: object) => Day
  readonly concerns: Concerning<object>
  readonly public: Spelled<unknown, z.ZodObject, object> | Translated<unknown, z.ZodObject> | Private
  readonly zh: string
  readonly en: string
}

type DataOf<Row> = Row extends { readonly schema: infer Schema extends z.ZodType } ? z.infer<Schema> : never

/** One event of a table of rows, as deciders make it and folds read it. */
export interface EventFrom<Rows, Type extends keyof Rows & string> {
  readonly type: Type
  readonly occurredAt: string
  readonly data: Readonly<DataOf<Rows[Type]>>
}
export type AnyEventFrom<Rows> = { [Type in keyof Rows & string]: EventFrom<Rows, Type> }[keyof Rows & string]
