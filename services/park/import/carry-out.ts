import { present } from '../../../schemas/values/present.ts'
import { BOOKS, type Book } from './books.ts'
import type { Trouble } from './cells.ts'
import type { FailedGroups } from './failed-groups.ts'
import type { Answer, ImportPark, SaidRefusal } from './import-park.ts'
import { locate, Row, type Operation, type Plan } from './plans.ts'
import type { Books } from './read-books.ts'
import { ruleBehind } from './texts.ts'
import type { Report } from './report.ts'

/** What carrying out a plan works with. */
export interface Desk {
  readonly books: Books
  readonly report: Report
  readonly park: ImportPark
  readonly failed: FailedGroups
  /** Plans that wait for the end of the books, and their rows. */
  readonly putOff: PutOff
}

/**
 * Books that are sent again after they were mended find pools from which later rows have taken already what earlier rows bring only now.
 * Who finds too little there asks once more when all is in.
 */
export interface PutOff {
  readonly plans: { readonly plan: Plan; readonly ids: readonly string[] }[]
  readonly rows: Set<number>
  /** False once it is the end, and in an empty park, where everything comes in its order. */
  open: boolean
}

/** What came of one operation; without an answer its command was not fit to be sent. */
interface Answered {
  readonly operation: Operation
  readonly commandId: string
  readonly answer: Answer | undefined
}

// Another writer may be first now and then; whoever is always first is a fault.
const TRIES = 8

/** Does what one plan asks and decides what becomes of its rows. `ids` are the command ids of its operations, in their order. */
export async function carryOut(desk: Desk, plan: Plan, ids: readonly string[]): Promise<void> {
  const { books } = desk
  const first = plan.rows[0] as number
  if (desk.putOff.open && plan.rests.some(({ row }) => desk.putOff.rows.has(row))) return waitForTheEnd(desk, plan, ids)
  const missing = plan.rests.find(({ row }) => books.rows.failed(row))
  const later = plan.rests.find(({ row }) => books.rows.time(row) > books.rows.time(first))
  if (missing) {
    failWith(desk, plan, missing.from ?? first, missing.column, missing.row)
    if (later && namedForSure(desk, later.row)) tooEarly(desk, first, later.row)
    return ownFaults(desk, plan)
  }
  if (later) {
    tooEarly(desk, first, later.row)
    return failOthers(desk, plan.rows, first)
  }
  if (plan.troubles.length > 0) {
    for (const { row, column, trouble } of plan.troubles) refuse(desk, row, column, trouble)
    return failOthers(desk, plan.rows, plan.troubles[0]?.row ?? first)
  }
  const took = new Set<string>()
  for (let tries = 0; tries < TRIES; tries++) {
    const options = { fresh: tries > 0, deferrable: desk.putOff.open }
    const { status, ...attempted } = await desk.park.attempt(plan, ids, options, books)
    for (const id of attempted.took) took.add(id)
    if (status === 'raced') continue
    if (status === 'deferred') return waitForTheEnd(desk, plan, ids)
    const answers = attempted.answers.map((answer, at): Answered => {
      const operation = plan.operations[at] as Operation
      return { operation, commandId: ids[at] as string, answer }
    })
    // Of a plan that cannot be done nothing is recorded; what it leaves out by itself is.
    for (const answer of answers) if (status === 'recorded' || !succeeded(answer)) conclude(desk, plan, answer)
    failUnsent(desk, plan, answers)
    for (const row of plan.rows) settle(desk, row, answers, took)
    return
  }
  throw new Error(
    `row ${books.rows.row(first)} of ${new Row(books, first).name} found another writer first ${TRIES} times`,
  )
}

/** Whether the names and the time of a row are what it meant: where one is faulty it is a guess that another row rests on it. */
function namedForSure({ books }: Desk, row: number): boolean {
  const { names, time } = BOOKS[books.rows.book(row)] as Book
  const columns = names.flatMap((name) => name.columns)
  return [...columns, ...(time === undefined ? [] : [time])].every((column) => books.sure(row, column))
}

function tooEarly(desk: Desk, row: number, ground: number): void {
  const { books } = desk
  const facts = { file: `${new Row(books, ground).name}.csv`, row: books.rows.row(ground) }
  refuse(desk, row, BOOKS[books.rows.book(row)]?.time ?? '', { code: 'before-its-ground', rule: 'R59', facts })
}

// What two rows say against each other: while one of them is refused it is not known which of them is wrong.
const ECHOES: ReadonlySet<string> = new Set([
  'waste-code-differs',
  'shipped-more-than-taken-out',
  'shipped-less-than-taken-out',
  'weighed-otherwise',
  'not-the-receiver',
  'book-line-unknown',
  'manifest-without-lines',
  'storage-in-unknown',
  'storage-out-unknown',
  'facility-unknown',
])

/** What stands against the rows of a plan by their own content, where they rest on a refused row: to be mended together with that one. */
function ownFaults(desk: Desk, { troubles, operations }: Plan): void {
  const malformed = operations.flatMap((operation) =>
    // What the refused row should have given is absent here: no fault of this row.
    operation.malformed
      .filter(({ absent }) => !absent)
      .map(({ pointer, trouble }) => ({ ...locate(operation, pointer), trouble })),
  )
  for (const { row, column, trouble } of [...troubles, ...malformed])
    if (desk.books.sure(row, column) && !ECHOES.has(trouble.code)) refuse(desk, row, column, trouble)
}

function waitForTheEnd({ putOff: { plans, rows } }: Desk, plan: Plan, ids: readonly string[]): void {
  plans.push({ plan, ids })
  for (const row of plan.rows) rows.add(row)
}

const succeeded = ({ answer }: Answered): boolean => answer?.status === 'done'
const isHeld = ({ answer }: Answered): boolean => answer?.status === 'held'

/** What comes after a command that waits is not sent: rows that are only about it fail with that one's. */
function failUnsent(desk: Desk, { operations }: Plan, answers: readonly Answered[]): void {
  const held = answers.find(isHeld)
  if (held === undefined) return
  for (const { rows } of operations.slice(answers.length)) failOthers(desk, rows, held.operation.rows[0])
}

/** What an answer says about the rows of its operation. */
function conclude(desk: Desk, plan: Plan, { operation, answer }: Answered): void {
  const { books, report } = desk
  if (answer === undefined) {
    for (const { pointer, trouble } of operation.malformed) {
      const { row, column } = locate(operation, pointer)
      refuse(desk, row, column, trouble)
    }
    return failOthers(desk, operation.rows, locate(operation, operation.malformed[0]?.pointer ?? '').row)
  }
  if (answer.status === 'held') {
    for (const { rule, severity, pointer, facts, texts } of answer.findings)
      if (severity === 'HOLD')
        turnDown(desk, plan, operation, present({ code: 'rule-held', rule, pointer, facts, texts }))
    return failOthers(desk, operation.rows, operation.rows[0])
  }
  if (answer.status !== 'done') {
    const [at = operation.rows[0]] = answer.refusals.map((refusal) => turnDown(desk, plan, operation, refusal))
    return failOthers(desk, operation.rows, at)
  }
  if (answer.replayed) return
  for (const { rule, severity, pointer, facts, texts } of answer.findings) {
    const { row, column } = locate(operation, pointer)
    report.say({
      book: books.rows.book(row),
      row: books.rows.row(row),
      column,
      key: books.keyOf(row),
      code: 'finding',
      rule,
      severity,
      facts,
      texts,
    })
  }
}

function settle({ books, report }: Desk, row: number, answers: readonly Answered[], took: ReadonlySet<string>): void {
  if (books.rows.fate(row) !== 'pending') return
  const fate = answers.some(({ operation, commandId }) => operation.rows.includes(row) && took.has(commandId))
    ? 'accepted'
    : 'unchanged'
  books.rows.decide(row, fate)
  report.decided(books.rows.book(row), fate)
}

/** A refusal of a command, said about the cell that it points at; where another row's failure is behind it, that is what is said. Answers the row it is about. */
function turnDown(
  desk: Desk,
  plan: Plan,
  operation: Operation,
  { code, rule, pointer, facts, texts }: SaidRefusal,
): number {
  const { books, report } = desk
  const { row, column } = locate(operation, pointer, code)
  for (const { group, breaks, grams, from, column: named } of plan.supports) {
    const cause = breaks.some((broken) => broken === rule || broken === code) ? desk.failed.find(group) : undefined
    if (cause === undefined) continue
    // Of a pool only so much is owed to refused rows as they would have brought; what lacks beyond that is the row's own.
    const lacking = grams === undefined ? 0 : grams - balanceOf(code, facts)
    if (lacking > desk.failed.grams(group, cause)) continue
    depend(desk, from ?? row, named, cause)
    return from ?? row
  }
  const held = code === 'rule-held'
  const severity = held ? 'HOLD' : 'BLOCK'
  books.blame(row, column)
  report.say({
    book: books.rows.book(row),
    row: books.rows.row(row),
    column,
    key: books.keyOf(row),
    code,
    rule,
    implied: ruleBehind(code, facts, BOOKS[books.rows.book(row)]?.name ?? ''),
    severity,
    facts,
    texts,
  })
  fail(desk, row, held ? 'held' : 'refused')
  return row
}

/** What a pool holds, by a refusal that lacks something of it; where that is not said, all that is asked for. */
const balanceOf = (code: string, { balance }: SaidRefusal['facts']): number =>
  typeof balance === 'number' ? balance : code === 'lot-unknown' ? 0 : Number.POSITIVE_INFINITY

function refuse(desk: Desk, row: number, column: string, trouble: Trouble): void {
  desk.books.refuse(row, column, trouble)
  desk.failed.note(row)
}

/** A plan that cannot be done because a row failed that it rests on. */
export function failWith(desk: Desk, plan: Pick<Plan, 'rows'>, named: number, column: string, cause: number): void {
  depend(desk, named, column, cause)
  failOthers(desk, plan.rows, cause)
}

/** What hangs together with a failed row fails with it. */
function failOthers(desk: Desk, rows: readonly number[], cause: number): void {
  for (const row of rows) if (desk.books.rows.fate(row) === 'pending') depend(desk, row, '', cause)
}

/** The row rests on one that was not accepted: said with the file and row where the trouble began. */
function depend(desk: Desk, row: number, column: string, on: number): void {
  const { books, report } = desk
  if (books.rows.fate(row) !== 'pending') return
  const origin = books.rows.cause(on)
  const facts = { file: `${new Row(books, origin).name}.csv`, row: books.rows.row(origin) }
  report.say({
    book: books.rows.book(row),
    row: books.rows.row(row),
    column,
    key: books.keyOf(row),
    code: 'depends-on-refused-row',
    severity: 'BLOCK',
    facts,
  })
  books.rows.blame(row, on)
  fail(desk, row, 'refused')
}

function fail(desk: Desk, row: number, fate: 'refused' | 'held'): void {
  const { books, report } = desk
  if (books.rows.fate(row) === 'pending') {
    books.rows.decide(row, fate)
    report.decided(books.rows.book(row), fate)
  }
  desk.failed.note(row)
}
