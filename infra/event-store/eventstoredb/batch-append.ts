import { randomUUID } from 'node:crypto'
import type { ClientDuplexStream } from '@grpc/grpc-js'
import emptyMessage from 'google-protobuf/google/protobuf/empty_pb.js'
import type { Position } from '../port.ts'
import { convertToCommandError, parseUUID, shared, streams } from './client.ts'
import type { WireEvent } from './envelope.ts'
import { CallTimedOut, NodeNotReady } from './faults.ts'
import { positionOf } from './position.ts'
import { refusedInBand, type Refused } from './refusals.ts'

/** What the server says to an append; `revision` is the number of the last event that it wrote, from 1. */
export type Answer =
  | { readonly outcome: 'written'; readonly revision: number; readonly position: Position | undefined }
  | Refused

export interface AppendCall {
  readonly stream: string
  /** Number of events that the stream must hold. */
  readonly expected: number
  readonly events: readonly WireEvent[]
}

/** Many appends over one call, each known by a correlation id. */
export interface BatchStream {
  /** False once it ended, or left an append without an answer: the next append should go by another one. */
  readonly sound: boolean
  /** @throws CallTimedOut, or what ended the stream */
  append(call: AppendCall): Promise<Answer>
  /** Ends it at once: what waits for an answer gets this error, and is in doubt. */
  end(cause: Error): void
}

type Duplex = ClientDuplexStream<streams.BatchAppendReq, streams.BatchAppendResp>

// Far below the 16 MiB that the server takes in one message, and below the 4 MiB that proxies take; one event alone may be larger.
const MESSAGE_BYTES = 3 * 1024 * 1024

/**
 * Appends as the client's own `appendToStream` would, but for two of its traits. It keeps the answers of all clients of a process in one map,
 * so that the end of one stream fails the appends of every other; and an answer to no open append, such as a repeated one, throws where
 * no caller can catch it and ends the process. Here each stream keeps its own, and such answers are dropped.
 */
export function openBatchStream(duplex: Duplex, callMs: number): BatchStream {
  const waiting = new Map<string, Waiting>()
  let ended: Error | undefined
  let sound = true
  let timer: NodeJS.Timeout | undefined

  duplex.on('data', (reply: streams.BatchAppendResp) => {
    const id = parseUUID(reply.getCorrelationId()) ?? ''
    const asked = waiting.get(id)
    waiting.delete(id)
    try {
      asked?.resolve(answerIn(reply))
    } catch (error) {
      asked?.reject(error as Error)
      // The call lives on where a node does not lead any more, and would answer so for ever.
      if (error instanceof NodeNotReady) drop(error)
    }
    if (!sound && waiting.size === 0) duplex.cancel()
  })
  const end = (error: Error): void => {
    ended ??= error
    sound = false
    clearTimeout(timer)
    for (const { reject } of waiting.values()) reject(ended)
    waiting.clear()
  }
  const drop = (error: Error): void => {
    end(error)
    duplex.cancel()
  }
  duplex.on('error', (error: Error) => end(convertToCommandError(error)))
  duplex.on('end', () => end(new Error('the server ended the stream of appends')))

  /** All have the same patience, so the first that was sent is the first to run out of time: one timer is enough. */
  const watch = (): void => {
    timer = undefined
    for (const [id, { until, reject }] of waiting) {
      const left = until - performance.now()
      if (left > 0) {
        timer = setTimeout(watch, left)
        return
      }
      waiting.delete(id)
      reject(new CallTimedOut(`no answer in ${callMs} ms`))
      // What was silent once is not trusted with the next append. What waits here is answered still, or runs out of time too. The call is not closed
      // from our side before: the server then sends one more answer and drops the rest, or never ends the call.
      sound = false
    }
    if (!sound) duplex.cancel()
  }

  return {
    get sound() {
      return sound
    },
    append(call) {
      if (ended) return Promise.reject(ended)
      const id = randomUUID()
      return new Promise((resolve, reject) => {
        waiting.set(id, { until: performance.now() + callMs, resolve, reject })
        timer ??= setTimeout(watch, callMs)
        // Not held back by the channel: the number of appends under way is limited, and so are their bytes.
        for (const message of messagesOf(call, id)) duplex.write(message)
      })
    },
    end: drop,
  }
}

interface Waiting {
  readonly until: number
  resolve(answer: Answer): void
  reject(error: Error): void
}

function* messagesOf({ stream, expected, events }: AppendCall, id: string): Generator<streams.BatchAppendReq> {
  const correlation = new shared.UUID()
  correlation.setString(id)
  const message = (): streams.BatchAppendReq => new streams.BatchAppendReq().setCorrelationId(correlation)
  let current = message().setOptions(optionsOf(stream, expected))
  let bytes = 0
  for (const event of events) {
    bytes += event.data.length + event.metadata.length
    if (bytes > MESSAGE_BYTES) {
      yield current
      current = message()
      bytes = event.data.length + event.metadata.length
    }
    current.addProposedMessages(proposalOf(event))
  }
  current.setIsFinal(true)
  yield current
}

/**
 * Without a deadline, which would be a moment of our clock that the server compares with its own: one that stands behind by a few seconds would fail
 * every append. The server then keeps to its own time limit for writes, and an append that comes late does no harm (`appender.ts`).
 */
function optionsOf(stream: string, expected: number): streams.BatchAppendReq.Options {
  const identifier = new shared.StreamIdentifier()
  identifier.setStreamName(Buffer.from(stream))
  const options = new streams.BatchAppendReq.Options()
  options.setStreamIdentifier(identifier)
  if (expected === 0) options.setNoStream(new emptyMessage.Empty())
  else options.setStreamPosition(String(expected - 1))
  return options
}

function proposalOf({ id, type, data, metadata }: WireEvent): streams.BatchAppendReq.ProposedMessage {
  const uuid = new shared.UUID()
  uuid.setString(id)
  const proposal = new streams.BatchAppendReq.ProposedMessage()
  proposal.setId(uuid)
  proposal.getMetadataMap().set('type', type).set('content-type', 'application/json')
  proposal.setData(data)
  proposal.setCustomMetadata(metadata)
  return proposal
}

function answerIn(reply: streams.BatchAppendResp): Answer {
  const error = reply.getError()
  if (error) return refusedInBand(error)
  const success = reply.getSuccess()
  const position = success?.getPosition()
  return {
    outcome: 'written',
    revision: Number(success?.getCurrentRevision()) + 1,
    position: position && positionOf(BigInt(position.getCommitPosition())),
  }
}
