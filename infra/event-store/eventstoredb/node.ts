import type { CallOptions, Channel, ClientDuplexStream, Metadata } from '@grpc/grpc-js'
import { inTime } from '../../process/in-time.ts'
import { openBatchStream, type Answer, type BatchStream } from './batch-append.ts'
import {
  EventStoreDBClient,
  jsonEvent,
  NO_STREAM,
  StreamDeletedError,
  StreamNotFoundError,
  streamServices,
  type AllStreamSubscription,
  type StreamingRead,
  type streams,
  type StreamsClient,
} from './client.ts'
import type { WireEvent } from './envelope.ts'
import { CallTimedOut } from './faults.ts'
import { openGate } from './gate.ts'
import { positionOf } from './position.ts'
import { refusedBy } from './refusals.ts'
import { measure, sizeRuleOf, type SizeRule } from './sizes.ts'

type Duplex = ClientDuplexStream<streams.BatchAppendReq, streams.BatchAppendResp>

/** What the client's own commands are made of. Protected in its types, which is one reason why its version is pinned. */
export interface ClientParts {
  GRPCStreamCreator(
    service: typeof StreamsClient,
    name: string,
    create: (client: StreamsClient) => Duplex,
  ): () => Promise<Duplex>
  getGRPCClient<T>(service: new (...parameters: never[]) => T, name: string): Promise<T>
  callArguments(options: { readonly requiresLeader: boolean }, callOptions: object): [Metadata, Partial<CallOptions>]
  supports(method: unknown): Promise<boolean>
  readonly capabilities: Promise<{ readonly serverVersion: string }>
  getChannel(): Promise<Channel>
}

/** The connections to one node, and what is under way on them. */
export interface Node {
  /** `host:port`. */
  readonly address: string
  append(stream: string, expected: number, events: readonly WireEvent[]): Promise<Answer>
  read<E>(start: (client: EventStoreDBClient) => StreamingRead<E>): Promise<readonly E[]>
  subscribe(start: (client: EventStoreDBClient) => AllStreamSubscription): AllStreamSubscription
  /** Ends what is under way with this cause, and the connections. */
  close(cause: Error): Promise<void>
}

export interface NodeOptions {
  readonly callMs: number
  readonly maxAppendSize: number | undefined
}

// Everything is asked of the leader: a follower may not have what was acknowledged a moment ago.
export const LEADER = { requiresLeader: true } as const

/**
 * Calls that one connection carries. The server's default is 100 (ASP.NET, MaxStreamsPerConnection); what is above waits inside the client, where its time
 * limit runs. Appends in batches share one call, so these are reads, and the few calls beside them.
 */
const CALLS = 96
const BESIDE = 6

let connections = 0

/**
 * Options of a connection string that this adapter answers for by itself: it finds the leader, so the client is given one host, and an append that
 * was not made has to throw (a server before 21.10 would otherwise have one at a wrong revision taken for written).
 */
const OURS = new Set([
  'nodepreference',
  'gossiptimeout',
  'discoveryinterval',
  'maxdiscoverattempts',
  'throwonappendfailure',
])
/** The name of an option as the client compares it (parseConnectionString of 6.2.1). */
const nameOf = (option: string): string => (option.split('=')[0] ?? '').toLowerCase().replaceAll(/[_-]/g, '')

/**
 * The connection string of one more connection. Clients of a process whose addresses and settings are the same share one (the pool of grpc-js), and with
 * it the calls that it carries; so each gets a keepAliveTimeout of its own, by a few milliseconds.
 */
function ownConnection(url: string): string {
  const [hosts = url, query] = url.split('?')
  const options = query?.split('&') ?? []
  const isTimeout = (option: string): boolean => nameOf(option) === 'keepalivetimeout'
  const base = Number(options.find(isTimeout)?.split('=')[1] ?? KEEP_ALIVE_TIMEOUT_MS)
  connections = (connections + 1) % 1_000
  const own = `keepAliveTimeout=${(base < 0 ? NEVER_MS : base) + connections}`
  return `${hosts}?${[...options.filter((option) => !isTimeout(option) && !OURS.has(nameOf(option))), own].join('&')}`
}

// The client's default, and what it may take instead of "never", in milliseconds.
const KEEP_ALIVE_TIMEOUT_MS = 10_000
const NEVER_MS = 900_000_000

export function openNode(address: string, url: string, { callMs, maxAppendSize }: NodeOptions): Node {
  const client = EventStoreDBClient.connectionString(ownConnection(url))
  const parts = client as unknown as ClientParts
  const calls = openGate(CALLS - BESIDE)
  const answered = <T>(call: Promise<T>): Promise<T> =>
    inTime(call, callMs, () => new CallTimedOut(`no answer in ${callMs} ms`))
  /** Each connection of subscriptions, with the number that it carries: they live long, so they get connections of their own. */
  const lanes: { readonly client: EventStoreDBClient; open: number }[] = []
  const following = new Set<AllStreamSubscription>()
  const reading = new Set<(cause: Error) => void>()
  let batch: BatchStream | undefined
  let opening: Promise<BatchStream | undefined> | undefined
  let rule: SizeRule | undefined
  let closed: Error | undefined

  /** The stream of appends in use, or a new one; undefined where the server takes none. */
  async function openBatch(): Promise<BatchStream | undefined> {
    rule = sizeRuleOf((await parts.capabilities).serverVersion, maxAppendSize)
    if (!(await parts.supports(streamServices.StreamsService.batchAppend))) return undefined
    // Several may come here at once, and more than one stream does no harm: each append is answered by the one that it was sent by.
    const duplex = await parts.GRPCStreamCreator(streamServices.StreamsClient, 'batchAppend', (grpc) =>
      grpc.batchAppend(...parts.callArguments(LEADER, { deadline: Number.POSITIVE_INFINITY })),
    )()
    const opened = openBatchStream(duplex, callMs)
    if (closed) opened.end(closed)
    return opened
  }

  /** Kept also where it comes after its caller gave up: a stream without a reference would stay open for ever. */
  const nextBatch = (): Promise<BatchStream | undefined> =>
    (opening ??= openBatch()
      .then((opened) => (batch = opened))
      .finally(() => (opening = undefined)))

  /** Servers before 21.10 take an append by a call of its own. */
  async function writeAlone(stream: string, expected: number, events: readonly WireEvent[]): Promise<Answer> {
    const text = (bytes: Uint8Array) => JSON.parse(Buffer.from(bytes).toString('utf8')) as Record<string, unknown>
    const expectedRevision = expected === 0 ? NO_STREAM : BigInt(expected - 1)
    await calls.enter()
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
      return refusedBy(error)
    } finally {
      calls.leave()
    }
  }

  function lane(): (typeof lanes)[number] {
    const free = lanes.find(({ open }) => open < CALLS)
    if (free) return free
    const added = { client: EventStoreDBClient.connectionString(ownConnection(url)), open: 0 }
    lanes.push(added)
    return added
  }

  return {
    address,
    async append(stream, expected, events) {
      const current = batch?.sound ? batch : await answered(nextBatch())
      if (rule) measure(rule, events)
      if (closed) throw closed
      return current ? current.append({ stream, expected, events }) : answered(writeAlone(stream, expected, events))
    },
    async read(start) {
      await calls.enter()
      try {
        if (closed) throw closed
        return await collect(start(client), callMs, reading)
      } finally {
        calls.leave()
      }
    },
    subscribe(start) {
      const taken = lane()
      taken.open++
      const subscription = start(taken.client)
      following.add(subscription)
      subscription.once('close', () => {
        following.delete(subscription)
        taken.open--
      })
      return subscription
    },
    async close(cause) {
      closed = cause
      batch?.end(cause)
      for (const give of reading) give(cause)
      for (const subscription of following) subscription.destroy(cause)
      await Promise.all(
        [client, ...lanes.map((each) => each.client)].map(async (each) => {
          await each.dispose()
          const channel = await (each as unknown as ClientParts).getChannel()
          channel.close()
        }),
      )
    },
  }
}

/** All that a read gives, as long as no pause in it is longer than so many milliseconds. @throws CallTimedOut, or what `underWay` was given */
function collect<E>(
  read: StreamingRead<E>,
  milliseconds: number,
  underWay: Set<(cause: Error) => void>,
): Promise<readonly E[]> {
  return new Promise((resolve, reject) => {
    const events: E[] = []
    const over = (): void => {
      clearTimeout(timer)
      underWay.delete(giveUp)
    }
    // The client takes an end that we asked for as no error, and says nothing: what came so far would look whole.
    const giveUp = (cause: Error): void => {
      over()
      read.cancel().catch(() => undefined)
      reject(cause)
    }
    underWay.add(giveUp)
    const timer = setTimeout(() => giveUp(new CallTimedOut(`no event in ${milliseconds} ms`)), milliseconds)
    read.on('data', (event) => {
      events.push(event)
      timer.refresh()
    })
    read.on('end', () => {
      over()
      resolve(events)
    })
    read.on('error', (error) => {
      over()
      if (error instanceof StreamNotFoundError || error instanceof StreamDeletedError) resolve([])
      else reject(error)
    })
  })
}
