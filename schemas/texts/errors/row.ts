import type { Text } from '../fill.ts'

/** One error as users see it: stable code, HTTP status, both languages. `{fact}` names one of the facts of the refusal. */
export interface ErrorRow {
  readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 422 | 429 | 500 | 503
  readonly zh: string
  readonly en: string
  /** Texts that say more where there is more to say: the first whose facts are all given is shown instead (`textFor`). */
  readonly more?: readonly Text[]
}
export type ErrorRows = Readonly<Record<string, ErrorRow>>
