import type { Catalogues } from '../../../schemas/catalogues/catalogue.ts'
import type { Finding, Refusal } from '../../../schemas/decision.ts'
import type { Day } from '../../../schemas/values/time.ts'
import type { Plan } from './plans.ts'
import type { Books } from './read-books.ts'

/** What is said about a command where its texts were made elsewhere. */
interface Worded {
  readonly texts?: { readonly zh: string; readonly en: string }
}
export type SaidFinding = Finding & Worded
export type SaidRefusal = Refusal & Worded

/** What came of one command of an import, as far as its rows are concerned. */
export type Answer =
  /** `replayed`: it was recorded before this import, which then has nothing to add. */
  | { readonly status: 'done'; readonly replayed: boolean; readonly findings: readonly SaidFinding[] }
  /** It waits for an official; `replayed`: as it did before this import. */
  | { readonly status: 'held'; readonly replayed: boolean; readonly findings: readonly SaidFinding[] }
  | { readonly status: 'refused'; readonly refusals: readonly SaidRefusal[] }

export interface AttemptOptions {
  /** Decide on what the store holds now, not on what is remembered or presumed; commands that were done before are known again. */
  readonly fresh: boolean
  /** Whether the plan may wait for the end of the books where a pool holds too little. */
  readonly deferrable: boolean
}

/** What came of one attempt at a plan. */
export interface Attempted {
  /**
   * `recorded`: as far as its answers say. `aborted`: a command without which the rest means nothing was refused or malformed, and nothing was
   * recorded. `deferred`: a pool lacks what later rows may bring. `raced`: to be decided again, fresh, because another writer was first or
   * because a refusal rests on what was only presumed.
   */
  readonly status: 'recorded' | 'aborted' | 'deferred' | 'raced'
  /** One for each operation, in their order, up to the one that ended the attempt; undefined where its command is malformed. */
  readonly answers: readonly (Answer | undefined)[]
  /** Commands, first of their chains, of which something new was recorded. */
  readonly took: readonly string[]
}

/** What is known of a unit, perhaps from earlier books. */
export interface KnownUnit {
  readonly exists: boolean
  /** By code, closed ones among them. */
  readonly facilities: Readonly<Record<string, unknown>>
}

/** The park as an import uses it: the services in this process, or those behind a gateway. */
export interface ImportPark {
  /** Makes up for what an import that was broken off left out, before these books build on it. */
  settle?(): Promise<void>
  readonly catalogues: Catalogues
  /** First business day of the park's books. */
  readonly booksFrom: Day
  /** Rows that may usefully be under way at once. */
  readonly window: number
  /** The park's id for the command of a row, which `key` is made of what the row says. */
  commandId(key: string): string
  /** The name that the park is asked to give a thing of the books (`bookName`). */
  idOf(name: string): string
  /** Whether anything was recorded before this import. */
  holdsAnything(): Promise<boolean>
  /**
   * Those of these commands whose acts were recorded before, and in which stream, where this side knows how the park calls its streams. One that
   * waits for an official is not recorded.
   */
  recorded(commandIds: readonly string[]): Promise<ReadonlyMap<string, string | undefined>>
  /** A unit as far as rows of other books lean on it. */
  unit(code: string): Promise<KnownUnit>
  /** The lot that bears a label, where it came with earlier books. */
  lotOfLabel(label: string): Promise<string | undefined>
  /** Decides and records the commands of one plan of these books; `ids` are those of its operations. */
  attempt(plan: Plan, ids: readonly string[], options: AttemptOptions, books: Books): Promise<Attempted>
  /** Events recorded by this import so far. */
  events(): number
  /** A position of the log up to which everything of this import lies, and what was there before it of the same books. */
  position(): Promise<number>
}
