import type { CustomTypesConfig } from 'pg'
import type { Admitted } from '../admission.ts'
import type { AppendResult } from '../port.ts'
import { int2Array, int4Array, int8Array, textArray, uuidArray } from './arrays.ts'
import { type Connection, type Patience, withPatience } from './connection.ts'

/** Milliseconds. A writer that hangs would hold the lock that all others wait for. */
export const WRITER_SETTINGS = {
  lock_timeout: '2000',
  statement_timeout: '5000',
  idle_in_transaction_session_timeout: '5000',
}

const APPEND = {
  name: 'es.append',
  text: `select outcome, revision, first_position, count, digest from es.append(
    $1::uuid[], $2::text[], $3::bigint[], $4::int[], $5::text[], $6::int[], $7::uuid[], $8::text[], $9::smallint[], $10::text[], $11::text[])`,
}

/** Arrays of outcomes, numbers and digests: nothing in them is ever quoted, so they are split and not parsed. */
const plainArray = (text: string): (string | null)[] =>
  text === '{}'
    ? []
    : text
        .slice(1, -1)
        .split(',')
        .map((part) => (part === 'NULL' ? null : part))
const TYPES: CustomTypesConfig = { getTypeParser: (() => plainArray) as CustomTypesConfig['getTypeParser'] }

/** One row, an element a request. */
interface Verdicts {
  readonly outcome: readonly AppendResult['outcome'][]
  readonly revision: readonly string[]
  readonly first_position: readonly (string | null)[]
  readonly count: readonly (string | null)[]
  /** Of a replayed request: what it was asked with the first time. */
  readonly digest: readonly (string | null)[]
}

/**
 * Sends a batch until PostgreSQL gave its verdicts. After a broken connection nobody knows whether the batch was committed, so the same
 * command ids are sent again: what had got in comes back as `replayed` with its first answer.
 * @throws StoreUnavailable where that took too long: the outcome stays in doubt until the same command is sent again.
 */
export async function sendBatch(
  connection: Connection,
  patience: Patience,
  batch: readonly Admitted[],
): Promise<readonly AppendResult[]> {
  const values = arraysOf(batch)
  const [verdicts] = await withPatience(patience, () =>
    connection.run(async (client) => (await client.query<Verdicts>({ ...APPEND, values, types: TYPES })).rows),
  )
  if (!verdicts) throw new Error('es.append gave no verdict')
  return batch.map((request, index) => resultOf(request, verdicts, index))
}

/** One array a parameter of es.append: requests first, then the events of all of them. */
function arraysOf(batch: readonly Admitted[]): Buffer[] {
  const events = batch.flatMap((request) => request.events)
  return [
    uuidArray(batch.map(({ commandId }) => commandId)),
    textArray(batch.map(({ stream }) => stream)),
    int8Array(batch.map(({ expected }) => (expected === 'any' ? null : expected))),
    int4Array(batch.map((request) => request.events.length)),
    textArray(batch.map(({ digest }) => digest ?? null)),
    int4Array(batch.flatMap((request, index) => request.events.map(() => index + 1))),
    uuidArray(events.map(({ id }) => id)),
    textArray(events.map(({ type }) => type)),
    int2Array(events.map(({ schemaVersion }) => schemaVersion)),
    textArray(events.map(({ occurredAt }) => occurredAt)),
    textArray(events.map(({ body }) => body)),
  ]
}

function resultOf({ stream, digest }: Admitted, verdicts: Verdicts, index: number): AppendResult {
  const outcome = verdicts.outcome[index]
  if (outcome === undefined) throw new Error('es.append gave fewer verdicts than it was asked for')
  const revision = Number(verdicts.revision[index])
  switch (outcome) {
    case 'appended':
    case 'replayed': {
      const firstPosition = Number(verdicts.first_position[index])
      const count = Number(verdicts.count[index] ?? 0)
      const first = outcome === 'appended' ? digest : (verdicts.digest[index] ?? undefined)
      return { outcome, stream, revision, position: firstPosition + count - 1, firstPosition, count, digest: first }
    }
    case 'conflict':
      return { outcome, revision }
    default:
      return { outcome }
  }
}
