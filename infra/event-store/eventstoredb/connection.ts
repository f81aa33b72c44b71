import type { Position } from '../port.ts'
import type { Answer } from './batch-append.ts'
import {
  BACKWARDS,
  END,
  excludeSystemEvents,
  FORWARDS,
  type AllStreamResolvedEvent,
  type AllStreamSubscription,
  type ResolvedEvent,
} from './client.ts'
import type { WireEvent } from './envelope.ts'
import type { Patience } from './faults.ts'
import { openGate } from './gate.ts'
import { LEADER, type Node } from './node.ts'
import { openNodes } from './nodes.ts'
import { wirePosition } from './position.ts'
import { plainly } from './refusals.ts'

/** Single calls to EventStoreDB: each has a time limit and a place among those under way, and none is made twice. */
export interface Connection {
  append(stream: string, expected: number, events: readonly WireEvent[]): Promise<Answer>
  /** Events from a revision, counted from 0, or backwards from the end; none where the stream does not exist or has a tombstone. */
  readStream(stream: string, from: number | 'end', count: number): Promise<readonly ResolvedEvent[]>
  /** All events, also those of the server and of others, from a position with the one that lies there, or backwards from the end. */
  readAll(from: Position | 'end', count: number): Promise<readonly AllStreamResolvedEvent[]>
  /** Events behind a position, without the server's own, as they come. */
  subscribe(after: Position, buffer: number): Promise<Following>
  /** Whether the node in use leads by the word of most of its cluster, after going where they point; see nodes.ts. */
  confirmLeader(): Promise<boolean>
  close(): Promise<void>
}

export interface Following {
  readonly subscription: AllStreamSubscription
  /** What an error of it means, after the leader was looked for where it gives reason to: the next subscription is made there. */
  failed(error: unknown): Promise<unknown>
}

export interface ConnectionOptions {
  readonly url: string
  /** Appends under way at once; the others wait. */
  readonly openCalls: number
  readonly patience: Pick<Patience, 'callMs'>
  readonly watchMs: number
  readonly maxAppendSize: number | undefined
}

export function connect({ url, openCalls, patience, watchMs, maxAppendSize }: ConnectionOptions): Connection {
  const nodes = openNodes({ url, patience, callMs: patience.callMs, watchMs, maxAppendSize })
  const gate = openGate(openCalls)

  async function asked<T>(doing: string, call: (node: Node) => Promise<T>): Promise<T> {
    const current = nodes.current()
    const node = current instanceof Promise ? await current : current
    try {
      return await call(node)
    } catch (error) {
      throw await nodes.failed(node, plainly(error, doing))
    }
  }

  return {
    async append(stream, expected, events) {
      const crowded = gate.enter()
      if (crowded) await crowded
      try {
        return await asked('append', (node) => node.append(stream, expected, events))
      } finally {
        gate.leave()
      }
    },
    readStream: (stream, from, count) =>
      asked('read a stream', (node) =>
        node.read((client) =>
          client.readStream(
            stream,
            from === 'end'
              ? { ...LEADER, direction: BACKWARDS, fromRevision: END, maxCount: count }
              : { ...LEADER, direction: FORWARDS, fromRevision: BigInt(from), maxCount: count },
          ),
        ),
      ),
    readAll: (from, count) =>
      asked('read $all', (node) =>
        node.read((client) =>
          client.readAll(
            from === 'end'
              ? { ...LEADER, direction: BACKWARDS, fromPosition: END, maxCount: count }
              : { ...LEADER, direction: FORWARDS, fromPosition: wirePosition(from), maxCount: count },
          ),
        ),
      ),
    async subscribe(after, buffer) {
      const node = await nodes.current()
      const subscription = node.subscribe((client) =>
        client.subscribeToAll(
          { ...LEADER, fromPosition: wirePosition(after), filter: excludeSystemEvents() },
          { highWaterMark: buffer },
        ),
      )
      return { subscription, failed: (error) => nodes.failed(node, plainly(error, 'subscribe to $all')) }
    },
    confirmLeader: nodes.confirmLeader,
    close: nodes.close,
  }
}
