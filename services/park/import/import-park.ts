import type { Catalogues } from '../../../schemas/catalogues/catalogue.ts'
import type { Finding, Refusal } from '../../../schemas/decision.ts'
import type { Day } from '../../../schemas/values/time.ts'
import type { Operation } from './plans.ts'

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
  | { readonly status: 'refused'; readonly refusals: readonly SaidRefusal[] }

/** The commands of one plan, sent one upon the other. */
export interface Work {
  send(operation: Operation, commandId: string): Promise<Answer>
  /**
   * Settles the work and notes in `took` the commands, first of their chains, of which something was new. False where another writer was there
   * first: then the work must be done anew, on what is there now.
   */
  commit(took: Set<string>): Promise<boolean>
}

export interface WorkOptions {
  /** Decide on what the store holds now, not on what is remembered or presumed; commands that were done before are known again. */
  readonly fresh: boolean
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
  /** Whether work that is not fresh may rest on what is only presumed: then what it is refused for is asked once more. */
  readonly presumes: boolean
  /** The park's id for the command of a row, which `key` is made of what the row says. */
  commandId(key: string): string
  /** The name that the park is asked to give a thing of the books (`bookName`). */
  idOf(name: string): string
  /** Whether anything was recorded before this import. */
  holdsAnything(): Promise<boolean>
  /** Those of these commands that were recorded before, and in which stream, where this side knows how the park calls its streams. */
  recorded(commandIds: readonly string[]): Promise<ReadonlyMap<string, string | undefined>>
  /** A unit as far as rows of other books lean on it. */
  unit(code: string): Promise<KnownUnit>
  /** The lot that bears a label, where it came with earlier books. */
  lotOfLabel(label: string): Promise<string | undefined>
  begin(options: WorkOptions): Work
  /** Events recorded by this import so far. */
  events(): number
  /** A position of the log up to which everything of this import lies, and what was there before it of the same books. */
  position(): Promise<number>
}
