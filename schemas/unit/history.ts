import { present } from '../values/present.ts'
import type { Day } from '../values/time.ts'

/**
 * What one event says about one thing of a unit's entry (the unit itself, a site, a licence …): all of it, some fields of it from a day on, or
 * that it ended. The earliest whole is what all changes are of, those of earlier days too: its day only says since when it was known.
 */
export type Statement<T> =
  | { readonly from?: Day | undefined; readonly is: T }
  | { readonly from: Day; readonly changes: Changes<T> }
  | { readonly from: Day; readonly ended: string }

export type Changes<T> = { readonly [Field in keyof T]?: T[Field] | undefined }

/** A thing as it was from one day until the day before the next version. */
export interface Version<T> {
  /** Undefined: since ever. */
  readonly from: Day | undefined
  readonly content: T
  /** Why it exists no longer; its last content is kept. */
  readonly ended?: string | undefined
}

/** All that is known of one thing, by day: statements of one day in the order in which they were recorded, and one version a day. */
export interface History<T> {
  readonly statements: readonly [Statement<T>, ...Statement<T>[]]
  readonly versions: readonly [Version<T>, ...Version<T>[]]
}

/**
 * Adds what an event says. Statements are folded by their days and not by the order of recording, so a change that is recorded late takes its
 * place between the others. An end holds for everything that was recorded before it, terms that would begin only later among it.
 * A change of a thing that was never registered is no history.
 */
export function withStatement<T>(history: History<T> | undefined, statement: Statement<T>): History<T> | undefined {
  const before = history?.statements ?? []
  const later = 'ended' in statement ? before.filter((one) => 'is' in one && dayOf(one) > statement.from) : []
  const added = [statement, ...later.map((one) => ({ ...statement, from: dayOf(one) }))]
  const [first, ...more] = added.reduce<readonly Statement<T>[]>(insert, before)
  if (first === undefined) return history
  const statements: History<T>['statements'] = [first, ...more]
  const versions = versionsOf(statements)
  return versions && { statements, versions }
}

function insert<T>(statements: readonly Statement<T>[], statement: Statement<T>): readonly Statement<T>[] {
  const at = statements.findIndex((one) => dayOf(one) > dayOf(statement))
  return at < 0 ? [...statements, statement] : statements.toSpliced(at, 0, statement)
}

// Comes before every day as text.
const SINCE_EVER = ''
const dayOf = ({ from = SINCE_EVER }: { readonly from?: Day | undefined }): Day => from

function versionsOf<T>(statements: History<T>['statements']): History<T>['versions'] | undefined {
  const first = statements.find((one) => 'is' in one)
  if (first === undefined) return undefined
  let last: Version<T> = { from: undefined, content: first.is }
  const versions: Version<T>[] = statements[0] === first ? [] : [last]
  for (const statement of statements) {
    last = statement === first ? { ...last, from: first.from } : next(last, statement)
    if (versions.length > 0 && versions.at(-1)?.from === last.from) versions.pop()
    versions.push(last)
  }
  return versions as [Version<T>, ...Version<T>[]]
}

function next<T>({ content, ended }: Version<T>, statement: Statement<T>): Version<T> {
  const { from } = statement
  if ('is' in statement) return { from, content: statement.is }
  if ('ended' in statement) return { from, content, ended: statement.ended }
  return { from, content: { ...content, ...statement.changes }, ...present({ ended }) }
}

/** The version of a day, O(log n). Before the first day that is known of, what was known first holds. */
export function versionOn<T>({ versions }: History<T>, day: Day): Version<T> {
  let [low, high] = [0, versions.length - 1]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (dayOf(versions[middle] as Version<T>) <= day) low = middle
    else high = middle - 1
  }
  return versions[low] as Version<T>
}

/** The content of a day; undefined where the thing had ended by then. */
export function contentOn<T>(history: History<T>, day: Day): T | undefined {
  const { content, ended } = versionOn(history, day)
  return ended === undefined ? content : undefined
}
