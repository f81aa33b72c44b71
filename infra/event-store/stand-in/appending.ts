import type { ServerDuplexStream, ServerReadableStream, sendUnaryData } from '@grpc/grpc-js'
import type { streams } from './stubs.ts'
import type { EventStore } from '../port.ts'
import {
  appendReply,
  batchReply,
  expectedOfAppend,
  expectedOfBatch,
  nameOf,
  proposedOf,
  uuidOf,
  type Written,
} from './messages.ts'
import { requestOf, wirePosition, type Expected, type Proposed } from './records.ts'
import type { Script } from './script.ts'
import { begins, cancelled, deleted, tooLarge, troubleOf, unavailable, type Trouble } from './trouble.ts'

/** Bytes of one append that a server takes unless it was told otherwise. */
const APPEND_LIMIT = 1_048_576

export interface Appending {
  append(
    call: ServerReadableStream<streams.AppendReq, streams.AppendResp>,
    reply: sendUnaryData<streams.AppendResp>,
  ): void
  batchAppend(call: ServerDuplexStream<streams.BatchAppendReq, streams.BatchAppendResp>): void
}

/** The two ways to append: a call of its own for each, or many over one stream, told apart by their correlation ids. */
export function openAppending(store: EventStore, script: Script, tombstones: ReadonlySet<string>): Appending {
  async function write(stream: string, expected: Expected, events: readonly Proposed[]): Promise<Written> {
    if (tombstones.has(stream)) return { outcome: 'deleted' }
    if (events.reduce((bytes, { data, metadata }) => bytes + data.length + metadata.length, 0) > APPEND_LIMIT)
      throw tooLarge(APPEND_LIMIT)
    if (expected === 'some' && (await store.readStream(stream, { limit: 1 })).length === 0)
      return { outcome: 'wrong-revision', revision: -1, expected }
    const result = await store.append(requestOf(stream, expected === 'some' ? 'any' : expected, events))
    switch (result.outcome) {
      case 'appended':
      case 'replayed':
        return { outcome: 'written', revision: result.revision - 1, position: wirePosition(result.position) }
      case 'conflict':
        return { outcome: 'wrong-revision', revision: result.revision - 1, expected }
      case 'closed':
        return { outcome: 'deleted' }
      case 'reused':
        throw new Error('two different appends were given one name')
    }
  }

  /** Answers with what was written, the times that the script lets the answer through: 0, 1 or 2. */
  async function scripted(write: () => Promise<Written>, answer: (written: Written) => void): Promise<void> {
    const fault = script.next('append')
    if (!(await begins(fault))) return
    const written = await write()
    if (fault?.kind === 'reply-lost') {
      if (fault.word === 'none') return
      throw fault.word === 'cancelled' ? cancelled() : unavailable()
    }
    answer(written)
    if (fault?.kind === 'duplicate-reply') answer(written)
  }

  return {
    append(call, reply) {
      let options: streams.AppendReq.Options | undefined
      const events: Proposed[] = []
      call.on('data', (request: streams.AppendReq) => {
        const event = request.getProposedMessage()
        if (event) events.push(proposedOf(event))
        else options = request.getOptions()
      })
      call.on('end', () => {
        const stream = nameOf(options?.getStreamIdentifier())
        const expected = options ? expectedOfAppend(options) : 'any'
        let answered = false
        const answer = (written: Written): void => {
          // A call of its own can only be answered once.
          if (answered) return
          answered = true
          if (written.outcome === 'deleted') reply(deleted(stream))
          else reply(null, appendReply(written))
        }
        scripted(() => write(stream, expected, events), answer).catch((error: unknown) => reply(troubleOf(error)))
      })
    },

    batchAppend(call) {
      const open = new Map<string, { readonly options: streams.BatchAppendReq.Options; readonly events: Proposed[] }>()
      let ended = false
      const end = (error?: Trouble): void => {
        if (ended) return
        ended = true
        if (error) call.emit('error', error)
        else call.end()
      }
      call.on('data', (request: streams.BatchAppendReq) => {
        const correlation = request.getCorrelationId()
        const id = uuidOf(correlation)
        const begun = open.get(id)
        const options = request.getOptions() ?? begun?.options
        if (!options) return end(unavailable())
        const events = [...(begun?.events ?? []), ...request.getProposedMessagesList().map(proposedOf)]
        if (!request.getIsFinal()) return void open.set(id, { options, events })
        open.delete(id)
        const stream = nameOf(options.getStreamIdentifier())
        const answer = (written: Written): void => {
          if (!ended) call.write(batchReply(correlation, stream, written))
        }
        // Not awaited: appends of one stream of calls go to the store in the order in which they came, and side by side.
        scripted(() => write(stream, expectedOfBatch(options), events), answer).catch((error: unknown) =>
          end(troubleOf(error)),
        )
      })
      call.on('end', () => end())
      call.on('cancelled', () => {
        ended = true
      })
      call.on('error', () => undefined)
    },
  }
}
