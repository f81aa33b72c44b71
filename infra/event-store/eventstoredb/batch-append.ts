import { randomUUID } from 'node:crypto'
import type { ClientDuplexStream } from '@grpc/grpc-js'
import emptyMessage from 'google-protobuf/google/protobuf/empty_pb.js'
import type { Position } from '../port.ts'
import {
  convertToCommandError,
  parseUUID,
  shared,
  StreamDeletedError,
  streams,
  unpackToCommandError,
  WrongExpectedVersionError,
} from './client.ts'
import type { WireEvent } from './envelope.ts'
import { CallTimedOut } from './faults.ts'
import { positionOf } from './position.ts'

/** What the server says to an append; `revision` is the number of events that the stream holds. */
export type Answer =
  | { readonly outcome: 'written'; readonly revision: number; readonly position: Position | undefined }
  | { readonly outcome: 'wrong-revision'; readonly revision: number }
  /** The stream has a tombstone: it takes nothing for ever. */
  | { readonly outcome: 'deleted' }

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
}

type Duplex = ClientDuplexStream<streams.BatchAppendReq, streams.BatchAppendResp>

// Below the 4 MiB that gRPC takes in one message; the client cuts at the same place.
const MESSAGE_BYTES = 3 * 1024 * 1024

/**
 * Appends as the client's own `appendToStream` would, but for two of its traits. It keeps the answers of all clients of a process in one map,
 * so that the end of one stream fails the appends of every other; and an answer that nobody waits for, such as a repeated one, throws where
 * nobody can catch it and ends the process. Here each stream keeps its own, and what nobody waits for is dropped.
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
    }
  })
  const end = (error: Error): void => {
    ended ??= error
    sound = false
    clearTimeout(timer)
    for (const { reject } of waiting.values()) reject(ended)
    waiting.clear()
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
      // What was silent once is not trusted with the next append. What waits here is answered still, or runs out of time too.
      if (sound) duplex.end()
      sound = false
    }
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
  if (error) {
    const fault = unpackToCommandError(
      error,
      Buffer.from(reply.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString('utf8'),
    )
    return refusalIn(fault)
  }
  const success = reply.getSuccess()
  const position = success?.getPosition()
  return {
    outcome: 'written',
    revision: Number(success?.getCurrentRevision()) + 1,
    position: position && positionOf(BigInt(position.getCommitPosition())),
  }
}

/** What of the client's errors is an answer. @throws the error where it is none. */
export function refusalIn(error: unknown): Answer {
  if (error instanceof WrongExpectedVersionError) {
    return {
      outcome: 'wrong-revision',
      revision: typeof error.actualVersion === 'bigint' ? Number(error.actualVersion) + 1 : 0,
    }
  }
  if (error instanceof StreamDeletedError) return { outcome: 'deleted' }
  throw error
}
