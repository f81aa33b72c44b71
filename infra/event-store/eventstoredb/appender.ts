import { randomUUID } from 'node:crypto'
import type { Admitted } from '../admission.ts'
import { StoreUnavailable } from '../faults.ts'
import type { AppendResult, Position, Receipt } from '../port.ts'
import type { Answer } from './batch-append.ts'
import { isClosing } from './closing.ts'
import type { Connection } from './connection.ts'
import { decode, encode, type WireEvent } from './envelope.ts'
import { patiently, type Patience } from './faults.ts'
import { openTurns } from './gate.ts'
import type { LogIndex } from './log-index.ts'

/** Appends until the outcome is known. @throws StoreUnavailable where it is not: the same command may then be sent again. */
export function openAppender(connection: Connection, index: LogIndex, patience: Patience): (request: Admitted) => Promise<AppendResult> {
  // What builds on an append to the same stream is sent after its answer, and so is a repeat of the same command.
  const turns = openTurns()

  async function append(request: Admitted): Promise<AppendResult> {
    const earlier = index.known(request.commandId)
    if (earlier) return answered(request, earlier)
    return request.expected === 'any' ? appendAtEnd(request) : appendAt(request, request.expected)
  }

  /** The server would only do its best to know a repeat without a revision, so there always is one. */
  async function appendAtEnd(request: Admitted): Promise<AppendResult> {
    const earlier = await receiptOf(request)
    if (earlier) return answered(request, earlier)
    for (;;) {
      const [last] = await patiently(patience, () => connection.readStream(request.stream, 'end', 1))
      if (last && isClosing(last)) return { outcome: 'closed' }
      const result = await appendAt(request, last?.event ? Number(last.event.revision) + 1 : 0)
      // Someone else was faster: they got in, so everybody together gets on.
      if (result.outcome !== 'conflict') return result
    }
  }

  function appendAt(request: Admitted, expected: number): Promise<AppendResult> {
    const events = encode(request, randomUUID())
    return patiently(patience, async (attempt) => {
      // After a first try that may have got in, the stream tells whether it did.
      const answer = attempt === 1 ? await connection.append(request.stream, expected, events) : await settle(request, expected, events)
      return answer.outcome === 'written' ? written(request, expected, answer.position) : refused(request, answer)
    })
  }

  /**
   * An append in doubt. Where its events lie at their place, it got in. Otherwise it is sent again, which is harmless: the place is taken only
   * once, by this append, be it the first sending that comes late, or by another one.
   */
  async function settle({ stream }: Admitted, expected: number, events: readonly WireEvent[]): Promise<Answer> {
    const [first] = await connection.readStream(stream, expected, 1)
    if (first?.event && first.event.id === events[0]?.id) return { outcome: 'written', revision: expected + events.length, position: undefined }
    const answer = await connection.append(stream, expected, events)
    // The server may know this for the repeat that it is, and answer with a place of its own choosing: the stream tells the true one.
    return answer.outcome === 'written' ? { ...answer, position: undefined } : answer
  }

  async function written(
    { stream, commandId, digest, events: { length: count } }: Admitted,
    expected: number,
    position: Position | undefined,
  ): Promise<AppendResult> {
    const revision = expected + count
    // The server tells where the last event lies.
    const [firstPosition, lastPosition] = count === 1 && position !== undefined ? [position, position] : await placesOf(stream, expected, count)
    const receipt: Receipt = { stream, revision, position: lastPosition, firstPosition, count, digest }
    index.learn(commandId, receipt)
    return { outcome: 'appended', ...receipt }
  }

  async function placesOf(stream: string, before: number, count: number): Promise<readonly [Position, Position]> {
    const events = await patiently(patience, () => connection.readStream(stream, before, count))
    const [first, last] = [events[0], events[count - 1]].map((event) => event && decode(event)?.event.position)
    if (first === undefined || last === undefined) throw new StoreUnavailable(`${stream} does not show what was just appended to it`)
    return [first, last]
  }

  async function refused(request: Admitted, answer: Exclude<Answer, { outcome: 'written' }>): Promise<AppendResult> {
    const earlier = await receiptOf(request)
    if (earlier) return answered(request, earlier)
    if (answer.outcome === 'deleted') return { outcome: 'closed' }
    const [last] = answer.revision === 0 ? [] : await patiently(patience, () => connection.readStream(request.stream, 'end', 1))
    return last && isClosing(last) ? { outcome: 'closed' } : { outcome: 'conflict', revision: answer.revision }
  }

  const receiptOf = async ({ commandId }: Admitted): Promise<Receipt | undefined> =>
    (await patiently(patience, () => index.receipts([commandId]))).get(commandId)

  return (request) => turns([`stream ${request.stream}`, `command ${request.commandId}`], () => append(request))
}

function answered({ stream, digest }: Admitted, receipt: Receipt): AppendResult {
  const same = receipt.stream === stream && (digest === undefined || receipt.digest === undefined || digest === receipt.digest)
  return same ? { outcome: 'replayed', ...receipt } : { outcome: 'reused' }
}
