import type { z } from 'zod'
import { NO_MASS, type EventRow } from '../stream/event-row.ts'
import type { Renames, Spelled } from '../stream/message.ts'
import type { Day } from '../values/time.ts'
import { withStatement, type History, type Statement } from './history.ts'
import type { UnitHistory } from './state.ts'

/** What an event says about which thing. The fold of the state and the registry's read model both use it. */
export interface Saying {
  readonly kind: keyof UnitHistory
  /** Empty for the unit itself. */
  readonly key: string
  readonly statement: Statement<object>
}

export const whole = <T extends { readonly effectiveFrom?: Day | undefined }>({
  effectiveFrom,
  ...is
}: T): { readonly from: Day | undefined; readonly is: Omit<T, 'effectiveFrom'> } => ({ from: effectiveFrom, is })
export const change = <T extends { readonly effectiveFrom: Day }>({
  effectiveFrom,
  ...changes
}: T): { readonly from: Day; readonly changes: Omit<T, 'effectiveFrom'> } => ({ from: effectiveFrom, changes })
export const end = ({ effectiveFrom, reason }: { readonly effectiveFrom: Day; readonly reason: string }) => ({
  from: effectiveFrom,
  ended: reason,
})

/** The history of a unit with one more statement. */
function withSaying(unit: UnitHistory, { kind, key, statement }: Saying): UnitHistory {
  if (kind === 'registration') {
    const registration = withStatement<object>(unit.registration, statement) as UnitHistory['registration']
    return { ...unit, registration }
  }
  const things = unit[kind] as Readonly<Record<string, History<object>>>
  const history = withStatement(Object.hasOwn(things, key) ? things[key] : undefined, statement)
  return history === undefined ? unit : { ...unit, [kind]: { ...things, [key]: history } }
}

interface Says<Data> {
  says(data: Data): Saying
}

/** A row of a unit's events: it says one thing of one entry, moves no mass, and may concern a partner beside the unit. */
export const fact = <Schema extends z.ZodObject, Facts extends z.ZodObject, const Names extends Renames = {}>(
  row: Says<z.infer<Schema>> & {
    readonly schema: Schema
    /** The other party, where there is one. */
    readonly partner?: (data: z.infer<Schema>) => string
    readonly public: Spelled<z.infer<Schema>, Facts, Names>
    readonly zh: string
    readonly en: string
  },
): EventRow<UnitHistory, Schema, false> & Says<z.infer<Schema>> => {
  const { partner, ...rest } = row
  return {
    ...rest,
    fold: (unit, { data }) => withSaying(unit, row.says(data as z.infer<Schema>)),
    mass: NO_MASS,
    concerns: partner ? { joins: (data) => ({ units: [partner(data)] }) } : 'no new unit',
  }
}
