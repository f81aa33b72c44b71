import { setTimeout as delay } from 'node:timers/promises'
import type { Metadata, ServerDuplexStream, ServerReadableStream, sendUnaryData } from '@grpc/grpc-js'
import { sizeRule, type Behaviour } from './behaviour.ts'
import {
  appendReply,
  batchRefusal,
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
import type { streams } from './stubs.ts'
import { begins, cancelled, deleted, notLeader, Refusal, troubleOf, unavailable, type Trouble } from './trouble.ts'
import type { View } from './view.ts'

export interface Appending {
  append(
    call: ServerReadableStream<streams.AppendReq, streams.AppendResp>,
    reply: sendUnaryData<streams.AppendResp>,
  ): void
  batchAppend(call: ServerDuplexStream<streams.BatchAppendReq, streams.BatchAppendResp>): void
}

interface Proposal {
  readonly stream: string
  readonly expected: Expected
  readonly events: readonly Proposed[]
}

/** The two ways to append: a call of its own for each, or many over one stream, told apart by their correlation ids. */
export function openAppending(
  view: View,
  script: Script,
  tombstones: ReadonlySet<string>,
  behaviour: Behaviour,
): Appending {
  /** What a node in its state does with a write that requires a leader, before it is looked at. */
  async function admitsWrites(): Promise<void> {
    const { state, leader, tellsLeader, writeTimeoutMs } = behaviour
    if (state === 'leader') return
    if (state === 'cut-off-leader') {
      await delay(writeTimeoutMs)
      throw new Refusal('Timeout')
    }
    if (state !== 'follower') throw new Refusal('NotReady')
    throw leader && tellsLeader ? notLeader(leader) : new Refusal('NoLeader')
  }

  /** @throws Refusal where the events are larger than the version takes */
  function measure(events: readonly Proposed[]): void {
    const { sizeOf, append, event } = sizeRule(behaviour)
    let sum = 0
    for (const proposed of events) {
      const size = sizeOf(proposed)
      if (size > event) throw new Refusal('MaximumAppendEventSizeExceeded', event)
      sum += size
    }
    if (sum > append) throw new Refusal('MaximumAppendSizeExceeded', append)
  }

  async function write({ stream, expected, events }: Proposal): Promise<Written> {
    if (tombstones.has(stream)) return { outcome: 'deleted' }
    if (expected === 'some') {
      if (await view.isHidden(stream)) return { outcome: 'deleted' }
      if ((await view.length(stream)) === 0) return { outcome: 'wrong-revision', revision: -1, expected }
    }
    const result = await view.append(requestOf(stream, expected === 'some' ? 'any' : expected, events))
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
  async function scripted(proposal: Proposal, answer: (written: Written) => void): Promise<void> {
    measure(proposal.events)
    const fault = script.next('append')
    if (!(await begins(fault))) return
    if (behaviour.state !== 'leader') await admitsWrites()
    const written = await write(proposal)
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
        scripted({ stream, expected, events }, answer).catch((error: unknown) => reply(troubleOf(error)))
      })
    },

    batchAppend(call) {
      const open = new Map<string, { readonly options: streams.BatchAppendReq.Options; readonly events: Proposed[] }>()
      let [ended, closing, pending] = [false, false, 0]
      const end = (error?: Trouble): void => {
        if (ended) return
        ended = true
        if (error) call.emit('error', error)
        else call.end()
      }
      const send = (reply: streams.BatchAppendResp): void => {
        if (ended) return
        call.write(reply)
        // Streams.BatchAppend.cs of 24.10.0: once the client has closed its side, the next answer is the last one.
        if (closing && (behaviour.dropsAfterHalfClose || pending <= 1)) end()
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
        const refuse = (error: unknown): void => {
          if (error instanceof Refusal && behaviour.answersInBand) send(batchRefusal(correlation, stream, error))
          else end(troubleOf(error))
        }
        pending++
        // Not awaited: appends of one stream of calls go to the store in the order in which they came, and side by side.
        scripted({ stream, expected: expectedOfBatch(options), events }, (written) =>
          send(batchReply(correlation, stream, written)),
        )
          .catch(refuse)
          .finally(() => pending--)
      })
      call.on('end', () => {
        closing = true
        // The server waits for one more answer, and without any for ever.
        if (!behaviour.dropsAfterHalfClose && pending === 0) end()
      })
      call.on('cancelled', () => {
        ended = true
      })
      call.on('error', () => undefined)
    },
  }
}

export const requiresLeader = (metadata: Metadata): boolean => metadata.get('requires-leader')[0] === 'true'
