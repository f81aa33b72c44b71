import type { ResolvedEvent } from './client.ts'
import { derivedId } from '../event-id.ts'
import { StoreBusy } from '../faults.ts'
import type { Connection } from './connection.ts'
import { patiently, type Patience } from './faults.ts'
import { turns } from './looks.ts'

// Without our envelope, so readers do not see it. A reader of the stream never expects its revision, so every append meets a wrong one.
const CLOSING_TYPE = 'StreamClosed'
const CLOSING_TRIES = 40

export const isClosing = ({ event }: ResolvedEvent): boolean => event?.type === CLOSING_TYPE && !isOurs(event.metadata)

const isOurs = (metadata: unknown): boolean => typeof metadata === 'object' && metadata !== null && 'wufei' in metadata

/** Closes a stream: it takes no more events, and can be read as before. A tombstone of the server's own closes it too, but hides it. */
export async function closeStream(connection: Connection, stream: string): Promise<void> {
  for await (const _ of turns(CLOSING_TRIES)) {
    const [last] = await connection.readStream(stream, 'end', 1)
    if (last && isClosing(last)) return
    const count = last?.event ? Number(last.event.revision) + 1 : 0
    const answer = await connection.append(stream, count, [
      {
        id: derivedId('closing', stream, count),
        type: CLOSING_TYPE,
        data: Buffer.from('{}'),
        metadata: Buffer.from('{}'),
      },
    ])
    if (answer.outcome !== 'wrong-revision') return
  }
  throw new StoreBusy(`others were faster ${CLOSING_TRIES} times at the end of ${stream}: it is not closed`)
}

/** Whether an operator deleted a stream softly, or cut its beginning off: its metadata then say before which event nothing is shown. */
export async function wasTruncated(connection: Connection, patience: Patience, stream: string): Promise<boolean> {
  const [metadata] = await patiently(patience, () => connection.readStream(`$$${stream}`, 'end', 1))
  const data = metadata?.event?.data
  return typeof data === 'object' && data !== null && '$tb' in data
}
