import { randomUUID } from 'node:crypto'
import { derivedId } from '../event-id.ts'
import type { Connection } from './connection.ts'

// Without our envelope: it is no event of the log that the port shows.
const EPOCH_STREAM = 'wufei-epoch'
const EPOCH_TYPE = 'EpochBegun'

const epochIn = (data: unknown): string => (data as { readonly epoch: string }).epoch

async function newest(connection: Connection): Promise<{ readonly epoch: string; readonly count: number } | undefined> {
  const [last] = await connection.readStream(EPOCH_STREAM, 'end', 1)
  return last?.event && { epoch: epochIn(last.event.data), count: Number(last.event.revision) + 1 }
}

/** The log's epoch; a log without one gets its first. */
export async function currentEpoch(connection: Connection): Promise<string> {
  for (;;) {
    const found = await newest(connection)
    if (found) return found.epoch
    await begin(connection, 0)
  }
}

/** To be called once after the server's files were restored from a backup: every checkpoint of the time before is void then. */
export async function beginEpoch(connection: Connection): Promise<string> {
  await begin(connection, (await newest(connection))?.count ?? 0)
  return currentEpoch(connection)
}

/** Where several begin one at once, the first one's stays, and all of them find it by reading. */
async function begin(connection: Connection, expected: number): Promise<void> {
  const epoch = randomUUID()
  await connection.append(EPOCH_STREAM, expected, [
    {
      id: derivedId('epoch', epoch),
      type: EPOCH_TYPE,
      data: Buffer.from(JSON.stringify({ epoch })),
      metadata: Buffer.from('{}'),
    },
  ])
}
