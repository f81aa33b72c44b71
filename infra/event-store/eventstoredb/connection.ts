import type { Channel, ClientDuplexStream } from '@grpc/grpc-js'
import {
  BACKWARDS,
  END,
  EventStoreDBClient,
  excludeSystemEvents,
  FORWARDS,
  jsonEvent,
  MaxAppendSizeExceededError,
  NO_STREAM,
  StreamDeletedError,
  StreamNotFoundError,
  type AllStreamResolvedEvent,
  type AllStreamSubscription,
  type ResolvedEvent,
  type StreamingRead,
  streamServices,
  type streams,
  type StreamsClient,
} from './client.ts'
import { inTime } from '../../process/in-time.ts'
import type { Position } from '../port.ts'
import { openBatchStream, refusalIn, type Answer, type BatchStream } from './batch-append.ts'
import type { WireEvent } from './envelope.ts'
import { CallTimedOut, type Patience } from './faults.ts'
import { openGate } from './gate.ts'
import { positionOf, wirePosition } from './position.ts'

/** What the client's own commands are made of. Protected in its types, which is one reason why its version is pinned. */
interface ClientParts {
  GRPCStreamCreator(
    service: typeof StreamsClient,
    name: string,
    create: (client: StreamsClient) => Duplex,
  ): () => Promise<Duplex>
  callArguments(
    options: { readonly requiresLeader: boolean },
    callOptions: object,
  ): Parameters<StreamsClient['batchAppend']>
  supports(method: unknown): Promise<boolean>
  getChannel(): Promise<Channel>
}
type Duplex = ClientDuplexStream<streams.BatchAppendReq, streams.BatchAppendResp>

/** Single calls to EventStoreDB: each has a time limit and a place among those under way, and none is made twice. */
export interface Connection {
  append(stream: string, expected: number, events: readonly WireEvent[]): Promise<Answer>
  /** Events from a revision, counted from 0, or backwards from the end; none where the stream does not exist or has a tombstone. */
  readStream(stream: string, from: number | 'end', count: number): Promise<readonly ResolvedEvent[]>
  /** All events, also those of the server and of others, from a position with the one that lies there, or backwards from the end. */
  readAll(from: Position | 'end', count: number): Promise<readonly AllStreamResolvedEvent[]>
  /** Events behind a position, without the server's own, as they come. */
  subscribe(after: Position, buffer: number): AllStreamSubscription
  close(): Promise<void>
}

// Everything is asked of the leader: a follower may not have what was acknowledged a moment ago.
const LEADER = { requiresLeader: true } as const

export function connect(connectionString: string, openCalls: number, { callMs }: Pick<Patience, 'callMs'>): Connection {
  const client = EventStoreDBClient.connectionString(connectionString)
  const parts = client as unknown as ClientParts
  const gate = openGate(openCalls)
  const answered = <T>(call: Promise<T>): Promise<T> =>
    inTime(call, callMs, () => new CallTimedOut(`no answer in ${callMs} ms`))
  let batch: BatchStream | undefined
  let opening: Promise<BatchStream | undefined> | undefined

  /** The stream of appends in use, or a new one; undefined where the server takes none. */
  async function openBatch(): Promise<BatchStream | undefined> {
    if (!(await parts.supports(streamServices.StreamsService.batchAppend))) return undefined
    // Several may come here at once, and more than one stream does no harm: each append is answered by the one that it was sent by.
    const duplex = await parts.GRPCStreamCreator(streamServices.StreamsClient, 'batchAppend', (grpc) =>
      grpc.batchAppend(...parts.callArguments(LEADER, { deadline: Number.POSITIVE_INFINITY })),
    )()
    return openBatchStream(duplex, callMs)
  }

  async function write(stream: string, expected: number, events: readonly WireEvent[]): Promise<Answer> {
    const current = batch?.sound ? batch : await answered(nextBatch())
    return current ? current.append({ stream, expected, events }) : answered(writeAlone(stream, expected, events))
  }

  /** Kept also where it comes too late for whoever asked: a stream that nobody knows of would stay open for ever. */
  const nextBatch = (): Promise<BatchStream | undefined> =>
    (opening ??= openBatch()
      .then((opened) => (batch = opened))
      .finally(() => (opening = undefined)))

  /** Servers before 21.10 take an append by a call of its own. */
  async function writeAlone(stream: string, expected: number, events: readonly WireEvent[]): Promise<Answer> {
    const text = (bytes: Uint8Array) => JSON.parse(Buffer.from(bytes).toString('utf8')) as Record<string, unknown>
    const expectedRevision = expected === 0 ? NO_STREAM : BigInt(expected - 1)
    try {
      const { nextExpectedRevision, position } = await client.appendToStream(
        stream,
        events.map(({ id, type, data, metadata }) =>
          jsonEvent({ id, type, data: text(data), metadata: text(metadata) }),
        ),
        { ...LEADER, expectedRevision, deadline: callMs },
      )
      return {
        outcome: 'written',
        revision: Number(nextExpectedRevision) + 1,
        position: position && positionOf(position.commit),
      }
    } catch (error) {
      return refusalIn(error)
    }
  }

  async function read<E>(start: () => StreamingRead<E>): Promise<readonly E[]> {
    await gate.enter()
    try {
      return await collect(start(), callMs)
    } finally {
      gate.leave()
    }
  }

  return {
    async append(stream, expected, events) {
      const crowded = gate.enter()
      if (crowded) await crowded
      try {
        return await write(stream, expected, events)
      } catch (error) {
        if (!(error instanceof MaxAppendSizeExceededError)) throw error
        throw new TypeError(`the server takes ${error.maxAppendSize} bytes in one append (its MaxAppendSize)`, {
          cause: error,
        })
      } finally {
        gate.leave()
      }
    },
    readStream: (stream, from, count) =>
      read(() =>
        client.readStream(
          stream,
          from === 'end'
            ? { ...LEADER, direction: BACKWARDS, fromRevision: END, maxCount: count }
            : { ...LEADER, direction: FORWARDS, fromRevision: BigInt(from), maxCount: count },
        ),
      ),
    readAll: (from, count) =>
      read(() =>
        client.readAll(
          from === 'end'
            ? { ...LEADER, direction: BACKWARDS, fromPosition: END, maxCount: count }
            : { ...LEADER, direction: FORWARDS, fromPosition: wirePosition(from), maxCount: count },
        ),
      ),
    subscribe: (after, buffer) =>
      client.subscribeToAll(
        { ...LEADER, fromPosition: wirePosition(after), filter: excludeSystemEvents() },
        { highWaterMark: buffer },
      ),
    async close() {
      await client.dispose()
      const channel = await parts.getChannel()
      channel.close()
    },
  }
}

/** All that a read gives, as long as no pause in it is longer than so many milliseconds. @throws CallTimedOut */
function collect<E>(read: StreamingRead<E>, milliseconds: number): Promise<readonly E[]> {
  return new Promise((resolve, reject) => {
    const events: E[] = []
    const timer = setTimeout(() => {
      read.cancel().catch(() => undefined)
      reject(new CallTimedOut(`no event in ${milliseconds} ms`))
    }, milliseconds)
    read.on('data', (event) => {
      events.push(event)
      timer.refresh()
    })
    read.on('end', () => {
      clearTimeout(timer)
      resolve(events)
    })
    read.on('error', (error) => {
      clearTimeout(timer)
      if (error instanceof StreamNotFoundError || error instanceof StreamDeletedError) resolve([])
      else reject(error)
    })
  })
}
