import { randomUUID } from 'node:crypto'
import { derivedId } from '../event-id.ts'
import { StoreUnavailable } from '../faults.ts'
import type { Connection } from './connection.ts'
import { looks } from './looks.ts'

// Without our envelope: it is no event of the log that the port shows.
const EPOCH_STREAM = 'wufei-epoch'
const EPOCH_TYPE = 'EpochBegun'

const epochIn = (data: unknown): string => (data as { readonly epoch: string }).epoch

async function newest(connection: Connection): Promise<{ readonly epoch: string; readonly count: number } | undefined> {
  const [last] = await connection.readStream(EPOCH_STREAM, 'end', 1)
  return last?.event && { epoch: epochIn(last.event.data), count: Number(last.event.revision) + 1 }
}

/** The log's epoch; a log without one gets its first. @throws StoreUnavailable where it cannot be read in so many milliseconds */
export async function currentEpoch(connection: Connection, milliseconds: number): Promise<string> {
  let begun = false
  // What was begun, by us or by others, may be readable only a moment later.
  for await (const _ of looks(milliseconds)) {
    const found = await newest(connection)
    if (found) return found.epoch
    if (!begun) await begin(connection, 0)
    begun = true
  }
  throw new StoreUnavailable('the epoch of the log cannot be read yet')
}

/** To be called once after the server's files were restored from a backup: every checkpoint of the time before is void then. */
export async function beginEpoch(connection: Connection, milliseconds: number): Promise<string> {
  const count = (await newest(connection))?.count ?? 0
  await begin(connection, count)
  for await (const _ of looks(milliseconds)) {
    const found = await newest(connection)
    if (found && found.count > count) return found.epoch
  }
  throw new StoreUnavailable('the new epoch of the log cannot be read yet')
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
