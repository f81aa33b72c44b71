import { randomUUID } from 'node:crypto'
import type { Admitted } from '../admission.ts'
import { StoreBusy, StoreUnavailable } from '../faults.ts'
import type { AppendResult, Position, Receipt } from '../port.ts'
import type { Answer } from './batch-append.ts'
import type { ResolvedEvent } from './client.ts'
import { isClosing, wasTruncated } from './closing.ts'
import type { Connection } from './connection.ts'
import { decode, encode, type WireEvent } from './envelope.ts'
import { patiently, type Patience } from './faults.ts'
import { openTurns } from './gate.ts'
import type { LogIndex } from './log-index.ts'
import { looks, turns as triesOf } from './looks.ts'
import type { OwnAppends } from './own-appends.ts'
import type { Refused } from './refusals.ts'

// How often an append to the end of a stream may find that another one got there first.
const AT_END_TRIES = 40

/**
 * Appends until the outcome is known.
 *
 * Why a command is appended once to a stream, whoever sends it how often: it goes in behind event number r, and only after the index, or this
 * process's own memory, has told of every command up to event r that it is another one. Whatever else comes meanwhile lies behind event r,
 * and the server then refuses this append: r is no longer the end.
 * @throws StoreUnavailable where the outcome is not known: the same command may then be sent again.
 */
export function openAppender(
  connection: Connection,
  index: LogIndex,
  own: OwnAppends,
  patience: Patience,
): (request: Admitted) => Promise<AppendResult> {
  // What builds on an append to the same stream is sent after its answer, and so is a repeat of the same command.
  const turns = openTurns()

  async function append(request: Admitted): Promise<AppendResult> {
    const earlier = own.receipt(request.commandId)
    if (earlier) return answered(request, earlier)
    return request.expected === 'any' ? appendAtEnd(request) : appendAt(request, request.expected)
  }

  /** The server would only do its best to know a repeat without a revision, so there always is one. */
  async function appendAtEnd(request: Admitted): Promise<AppendResult> {
    for await (const _ of triesOf(AT_END_TRIES)) {
      const [last] = await patiently(patience, () => connection.readStream(request.stream, 'end', 1))
      const entry = last && decode(last)
      if (entry) own.read(request.stream, entry.event.revision, entry.event.position)
      else if (last && isClosing(last)) return refused(request, { outcome: 'deleted' })
      else if (last) throw new Error(`${request.stream} ends with an event of another program`)
      const earlier = await receiptOf(request)
      if (earlier) return answered(request, earlier)
      const result = await appendAt(request, entry?.event.revision ?? 0)
      // Someone else was faster: they got in, so everybody together gets on.
      if (result.outcome !== 'conflict') return result
    }
    throw new StoreBusy(`others were faster ${AT_END_TRIES} times at the end of ${request.stream}; nothing was written`)
  }

  async function appendAt(request: Admitted, expected: number): Promise<AppendResult> {
    const earlier = await foundBefore(request, expected)
    if (earlier) return earlier
    const events = encode(request, randomUUID())
    const answer = await patiently(patience, (attempt) =>
      // After a first try that may have got in, the stream tells whether it did.
      attempt === 1 ? connection.append(request.stream, expected, events) : settle(request, expected, events),
    )
    return answer.outcome === 'written' ? written(request, answer) : refused(request, answer)
  }

  /** The answer that is known before anything is sent: of this command's first time, or that the stream is not there yet. */
  async function foundBefore(request: Admitted, expected: number): Promise<AppendResult | undefined> {
    if (expected > 0) {
      if (!own.tipAt(request.stream, expected)) await learnTip(request.stream, expected)
      const tip = own.tipAt(request.stream, expected)
      if (!tip) return refused(request, { outcome: 'wrong-revision', revision: await lengthOf(request.stream) })
      await patiently(patience, () => index.cover(tip.foreignUpTo))
    }
    const earlier = await patiently(patience, () => index.lookUp(request.commandId))
    return earlier && answered(request, earlier)
  }

  async function learnTip(stream: string, revision: number): Promise<void> {
    const position = await placeOf(stream, revision)
    if (position !== undefined) own.read(stream, revision, position)
  }

  async function placeOf(stream: string, revision: number): Promise<Position | undefined> {
    const [event] = await patiently(patience, () => connection.readStream(stream, revision - 1, 1))
    return event && decode(event)?.event.position
  }

  /** Number of events, without the one that closes it. */
  async function lengthOf(stream: string): Promise<number> {
    const last = await lastOf(stream)
    return last?.event ? Number(last.event.revision) + (isClosing(last) ? 0 : 1) : 0
  }

  const lastOf = async (stream: string): Promise<ResolvedEvent | undefined> =>
    (await patiently(patience, () => connection.readStream(stream, 'end', 1)))[0]

  /**
   * Waits until a stream shows as many events as the server counts in it. It judges an expected revision by writes that cannot be read yet, the first
   * sending of this command perhaps among them: a receipt that is asked for before that is missed.
   * @throws StoreUnavailable where it does not in time: the write may be lost with a leader that was cut off
   */
  async function shows(stream: string, revision: number): Promise<ResolvedEvent | undefined> {
    for await (const _ of looks(patience.callMs)) {
      const last = await lastOf(stream)
      if (Number(last?.event?.revision ?? -1) + 1 >= revision) return last
      // What was deleted softly shows nothing and keeps its count.
      if (!last && (await wasTruncated(connection, patience, stream))) return undefined
    }
    throw new StoreUnavailable(`${stream} does not show the ${revision} events that the server counts in it`)
  }

  /**
   * An append in doubt. Where its events lie at their place, it got in. Otherwise it is sent again, which is harmless: the place is taken only
   * once, by this append, be it the first sending that comes late, or by another one.
   */
  async function settle({ stream }: Admitted, expected: number, events: readonly WireEvent[]): Promise<Answer> {
    // From the place on: in a stream that was deleted softly it lies further behind.
    const [first] = await connection.readStream(stream, expected, 1)
    if (first?.event && first.event.id === events[0]?.id)
      return { outcome: 'written', revision: Number(first.event.revision) + events.length, position: undefined }
    const answer = await connection.append(stream, expected, events)
    // The server may know this for the repeat that it is, and answer with a place of its own choosing: the stream tells the true one.
    return answer.outcome === 'written' ? { ...answer, position: undefined } : answer
  }

  /** By the answer's revision: a stream that was deleted softly goes on at its old number. */
  async function written(
    { stream, commandId, digest, events: { length: count } }: Admitted,
    { revision, position }: Answer & { outcome: 'written' },
  ): Promise<AppendResult> {
    // The server tells where the last event lies.
    const last = position ?? (await placeShown(stream, revision))
    const firstPosition = count === 1 ? last : await placeShown(stream, revision - count + 1)
    const receipt: Receipt = { stream, revision, position: last, firstPosition, count, digest }
    own.remember(commandId, receipt)
    return { outcome: 'appended', ...receipt }
  }

  async function placeShown(stream: string, revision: number): Promise<Position> {
    for await (const _ of looks(patience.callMs)) {
      const place = await placeOf(stream, revision)
      if (place !== undefined) return place
    }
    throw new StoreUnavailable(`${stream} does not show what was just appended to it`)
  }

  async function refused(request: Admitted, answer: Refused): Promise<AppendResult> {
    const revision = answer.outcome === 'deleted' ? 0 : answer.revision
    const last = revision === 0 ? undefined : await shows(request.stream, revision)
    const earlier = await receiptOf(request)
    if (earlier) return answered(request, earlier)
    if (answer.outcome === 'deleted' || (last && isClosing(last))) return { outcome: 'closed' }
    return { outcome: 'conflict', revision: answer.revision }
  }

  const receiptOf = async ({ commandId }: Admitted): Promise<Receipt | undefined> =>
    (await patiently(patience, () => index.receipts([commandId]))).get(commandId)

  return (request) => turns(`stream ${request.stream}`, `command ${request.commandId}`, () => append(request))
}

function answered({ stream, digest }: Admitted, receipt: Receipt): AppendResult {
  const same =
    receipt.stream === stream && (digest === undefined || receipt.digest === undefined || digest === receipt.digest)
  return same ? { outcome: 'replayed', ...receipt } : { outcome: 'reused' }
}
