import { hash } from 'node:crypto'
import {
  GraphQLError,
  Kind,
  OperationTypeNode,
  parse,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type GraphQLSchema,
} from 'graphql'
import { LRUCache } from 'lru-cache'
import type { Position } from '../../../infra/event-store/port.ts'
import type { FiguresVersion } from '../../../projections/journal/queries/version.ts'

/**
 * Questions whose answer is a function of the journal alone, by type: all its fields but those named. What a cell or a rate opens to is left out,
 * because postings and events show things of other read models, and people in them, of whom each look is recorded.
 */
const SUMS: Readonly<Record<string, readonly string[]>> = {
  Ledger: [],
  LedgerCell: ['postings'],
  RecyclingRate: ['events'],
  Formula: [],
  RuleVerdict: [],
  MassBalance: [],
  MethodMass: [],
}
const ROOTS: readonly string[] = ['ledger', 'recyclingRate', 'massBalance']

// The same few documents come again and again.
const judged = new LRUCache<string, { readonly sums: boolean }>({ max: 1_000 })

/** Whether a document asks for sums of the journal and for nothing else. What cannot be read asks for nothing. */
export function asksForSums(schema: GraphQLSchema, text: string, maxTokens: number): boolean {
  const before = judged.get(text)
  if (before) return before.sums
  let sums = false
  try {
    sums = onlySums(schema, parse(text, { maxTokens }))
  } catch (fault) {
    // The execution fails on the same fault and answers it.
    if (!(fault instanceof GraphQLError)) throw fault
  }
  judged.set(text, { sums })
  return sums
}

function onlySums(schema: GraphQLSchema, document: DocumentNode): boolean {
  const operations = document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION)
  let sums = operations.length === 1 && operations[0]?.operation === OperationTypeNode.QUERY
  const types = new TypeInfo(schema)
  visit(
    document,
    visitWithTypeInfo(types, {
      Field({ name: { value: field } }) {
        const parent = types.getParentType()?.name ?? ''
        const allowed = parent === 'Query' ? ROOTS.includes(field) : SUMS[parent]?.includes(field) === false
        if (!allowed) sums = false
      },
    }),
  )
  return sums
}

/** An answer as it is sent. */
export interface Executed {
  readonly status: number
  readonly text: string
  readonly contentType: string | null
  /** Prefixes of the log that its figures are of; none where it is no answer that could be given again. */
  readonly positions: readonly Position[]
}

/** The same with a tag of its content. */
export interface Answer extends Executed {
  readonly tag: string
}

interface Kept extends Answer {
  /** Version of the rows that it holds for, or of the journal's whole history where it is of a past position. */
  readonly version: string
}

// Answers of a ledger take about 3 kB: thousands of questions, and a small part of a process.
const KEPT_BYTES = 32 * 1024 * 1024

export interface RepeatedAnswers {
  /** The answer to a question that was asked before and would be answered the same now. `asked` names question and asker. */
  find(asked: string, now: FiguresVersion): Answer | undefined
  /** Executes a question once for all who ask it of the same rows at the same time, and keeps what can be given again. */
  execute(asked: string, now: FiguresVersion, run: () => Promise<Executed>): Promise<Answer>
}

/**
 * Answers that are given again. One of now holds as long as not a page of the journal was committed; one of a past position as long as the journal is
 * of the same log and was not rebuilt: rows of a prefix never change, because the log and the journal only grow. While events of the
 * journal are parked, a replay may still bring some into the past, and nothing is taken for past.
 */
export function openRepeatedAnswers(): RepeatedAnswers {
  const kept = new LRUCache<string, Kept>({ maxSize: KEPT_BYTES, sizeCalculation: ({ text }) => text.length + 500 })
  const running = new Map<string, Promise<Answer>>()

  async function executed(
    asked: string,
    { position, rows, history, parked }: FiguresVersion,
    run: () => Promise<Executed>,
  ): Promise<Answer> {
    const ran = await run()
    const { text, positions } = ran
    const answer = { ...ran, tag: `"${hash('sha256', text, 'base64url').slice(0, 22)}"` }
    if (positions.length === 0) return answer
    // Kept under the version from before: where rows were written meanwhile, no later request has that version.
    const past = !parked && positions.every((one) => one < position)
    kept.set(asked, { ...answer, version: past ? history : rows })
    return answer
  }

  return {
    find(asked, { rows, history }) {
      const found = kept.get(asked)
      return found && (found.version === rows || found.version === history) ? found : undefined
    },
    execute(asked, now, run) {
      const flight = `${now.rows} ${asked}`
      const under = running.get(flight)
      if (under) return under
      const mine = executed(asked, now, run).finally(() => running.delete(flight))
      running.set(flight, mine)
      return mine
    },
  }
}

/** One name for what was asked by whom: any difference in text, variables, asker or language is another question. */
export const nameOf = (...parts: readonly unknown[]): string => hash('sha256', JSON.stringify(parts), 'base64url')
