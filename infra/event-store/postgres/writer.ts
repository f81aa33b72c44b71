import type pg from 'pg'
import type { Admitted } from '../admission.ts'
import type { AppendResult } from '../port.ts'
import { type Connection, type Patience, withPatience } from './connection.ts'

/** Milliseconds. A writer that hangs would hold the lock that all others wait for. */
export const WRITER_SETTINGS = { lock_timeout: '2000', statement_timeout: '5000', idle_in_transaction_session_timeout: '5000' }

const APPEND = {
  name: 'es.append',
  text: `select outcome, revision, first_position, count, digest from es.append(
    $1::uuid[], $2::text[], $3::bigint[], $4::int[], $5::text[], $6::int[], $7::uuid[], $8::text[], $9::smallint[], $10::text[], $11::text[])
    order by request`,
}

type Verdict = readonly [outcome: AppendResult['outcome'], revision: string, firstPosition: string | null, count: number | null, digest: string | null]

/**
 * Sends a batch until PostgreSQL gave its verdicts. After a broken connection nobody knows whether the batch was committed, so the same
 * command ids are sent again: what had got in comes back as `replayed` with its first answer.
 * @throws StoreUnavailable where that took too long: the outcome stays in doubt until the same command is sent again.
 */
export async function sendBatch(connection: Connection, patience: Patience, batch: readonly Admitted[]): Promise<readonly AppendResult[]> {
  const values = arraysOf(batch)
  const rows = await withPatience(patience, () =>
    connection.run(async (client: pg.Client) => (await client.query<Verdict[]>({ ...APPEND, values, rowMode: 'array' })).rows),
  )
  return batch.map((request, index) => resultOf(request, rows[index] as unknown as Verdict))
}

/** One array a parameter of es.append: requests first, then the events of all of them. */
function arraysOf(batch: readonly Admitted[]): unknown[][] {
  const events = batch.flatMap((request, index) => request.events.map((event) => ({ request: index + 1, event })))
  return [
    batch.map(({ commandId }) => commandId),
    batch.map(({ stream }) => stream),
    batch.map(({ expected }) => (expected === 'any' ? null : expected)),
    batch.map((request) => request.events.length),
    batch.map(({ digest }) => digest ?? null),
    events.map(({ request }) => request),
    events.map(({ event }) => event.id),
    events.map(({ event }) => event.type),
    events.map(({ event }) => event.schemaVersion),
    events.map(({ event }) => event.occurredAt),
    events.map(({ event }) => event.body),
  ]
}

function resultOf({ stream }: Admitted, [outcome, revisionText, firstText, count, digest]: Verdict): AppendResult {
  const revision = Number(revisionText)
  switch (outcome) {
    case 'appended':
    case 'replayed': {
      const firstPosition = Number(firstText)
      const events = count ?? 0
      return { outcome, stream, revision, position: firstPosition + events - 1, firstPosition, count: events, digest: digest ?? undefined }
    }
    case 'conflict':
      return { outcome, revision }
    default:
      return { outcome }
  }
}
