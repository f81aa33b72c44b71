import type { ResolvedEvent } from './client.ts'
import { derivedId } from '../event-id.ts'
import type { Connection } from './connection.ts'

// Without our envelope, so readers do not see it. Nobody who read the stream can expect its revision, so every append meets a wrong one.
const CLOSING_TYPE = 'StreamClosed'

export const isClosing = ({ event }: ResolvedEvent): boolean => event?.type === CLOSING_TYPE && !isOurs(event.metadata)

const isOurs = (metadata: unknown): boolean => typeof metadata === 'object' && metadata !== null && 'wufei' in metadata

/** Closes a stream: it takes no more events, and can be read as before. A tombstone of the server's own closes it too, but hides it. */
export async function closeStream(connection: Connection, stream: string): Promise<void> {
  for (;;) {
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
}
