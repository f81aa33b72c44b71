import { Server, ServerCredentials, ServerInterceptingCall, type ServerInterceptor } from '@grpc/grpc-js'
import { openMemoryStore } from '../memory.ts'
import type { EventStore } from '../port.ts'
import { openAppending } from './appending.ts'
import { openBehaviour, type Behaviour, type Member } from './behaviour.ts'
import { clusterMessage, nameOf } from './messages.ts'
import { openReading } from './reading.ts'
import type { Stored } from './records.ts'
import { openScript, type Script } from './script.ts'
import { features, featureServices, type gossip, gossipServices, streams, streamServices } from './stubs.ts'
import { openView } from './view.ts'

export interface StandInOptions {
  /** Where the events are kept; in memory by default. The stand-in does not close it. */
  readonly store?: EventStore
  readonly script?: Script
  readonly host?: string
  /** 0 takes a free one. */
  readonly port?: number
  /** False: a server of before 21.10, which takes every append by a call of its own. */
  readonly batches?: boolean
  /** The moment that is told of an event, in ticks of 100 ns: by default when the store took it. For clocks that go back. */
  readonly created?: (event: Stored) => bigint
  readonly behaviour?: Partial<Behaviour>
  /** True: counts the calls that a connection has open. It costs a little with every message. */
  readonly counts?: boolean
}

/** Calls that one connection may have open; the default of the web server below EventStoreDB (ASP.NET, MaxStreamsPerConnection). */
const STREAMS_PER_CONNECTION = 100
/** Bytes of one message: TFConsts.EffectiveMaxLogRecordSize of the server. */
const MESSAGE_LIMIT = 16 * 1_048_576 - 10_000

/** A server that speaks EventStoreDB's protocol. */
export interface StandIn {
  readonly host: string
  readonly port: number
  readonly connectionString: string
  readonly script: Script
  /** To be changed while it runs. */
  readonly behaviour: Behaviour
  /** The most calls that one connection had open at once, and how many all have now, where they are counted. */
  load(): { readonly most: number; readonly open: number }
  /** Asks every client to go (GOAWAY) and cuts off, after `graceMs`, who stays. New connections are taken. */
  goAway(graceMs: number): void
  /** Stops at once: whatever is under way is cut off. */
  close(): Promise<void>
}

/** Starts a stand-in for EventStoreDB on our own store; README.md says what it does as the real one does, and what it does not. */
export async function startStandIn(options: StandInOptions = {}): Promise<StandIn> {
  const {
    store = openMemoryStore(),
    script = openScript(),
    host = '127.0.0.1',
    created = (event) => event.created,
  } = options
  const tombstones = new Set<string>()
  const behaviour = openBehaviour(options.behaviour)
  const view = openView(store, behaviour)
  const { append, batchAppend } = openAppending(view, script, tombstones, behaviour)
  const read = openReading(store, view, script, tombstones, behaviour, created)
  const counted = openCounted()
  const server = new Server({
    'grpc.max_receive_message_length': MESSAGE_LIMIT,
    'grpc.max_send_message_length': -1,
    'grpc.max_concurrent_streams': STREAMS_PER_CONNECTION,
    ...(options.counts === true ? { interceptors: [counted.interceptor] } : {}),
  })

  server.addService(streamServices.StreamsService, {
    append,
    batchAppend,
    read,
    delete(call: { readonly request: streams.DeleteReq }, reply: (error: null, done: streams.DeleteResp) => void) {
      void (async () => {
        await view.hide(nameOf(call.request.getOptions()?.getStreamIdentifier()))
        reply(null, new streams.DeleteResp())
      })()
    },
    tombstone(
      call: { readonly request: streams.TombstoneReq },
      reply: (error: null, done: streams.TombstoneResp) => void,
    ) {
      tombstones.add(nameOf(call.request.getOptions()?.getStreamIdentifier()))
      reply(null, new streams.TombstoneResp())
    },
  })
  server.addService(featureServices.ServerFeaturesService, {
    getSupportedMethods: (_call: unknown, reply: (error: null, methods: features.SupportedMethods) => void) =>
      reply(null, supportedMethods(options.batches ?? true, behaviour.version)),
  })
  server.addService(gossipServices.GossipService, {
    read: (_call: unknown, reply: (error: null, cluster: gossip.ClusterInfo) => void) =>
      reply(null, clusterMessage(behaviour.gossip?.() ?? [itself()])),
  })
  const itself = (): Member => ({ host, port, state: behaviour.state, isAlive: true })
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync(`${host}:${options.port ?? 0}`, ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  )
  return {
    host,
    port,
    connectionString: `esdb://${host}:${port}?tls=false`,
    script,
    behaviour,
    load: counted.load,
    goAway: (graceMs) => server.drain(`${host}:${port}`, graceMs),
    async close() {
      server.forceShutdown()
    },
  }
}

function supportedMethods(batches: boolean, version: string): features.SupportedMethods {
  const methods = new features.SupportedMethods()
  methods.setEventStoreServerVersion(version)
  for (const name of ['append', 'read', 'delete', 'tombstone', ...(batches ? ['batchappend'] : [])]) {
    const method = new features.SupportedMethod()
    method.setServiceName('event_store.client.streams.streams')
    method.setMethodName(name)
    methods.addMethods(method)
  }
  return methods
}

/** Counts the calls of each connection, by the address at its other end. */
function openCounted(): { readonly interceptor: ServerInterceptor; readonly load: StandIn['load'] } {
  const open = new Map<string, number>()
  let most = 0
  return {
    load: () => ({ most, open: [...open.values()].reduce((sum, count) => sum + count, 0) }),
    interceptor(_method, call) {
      const peer = call.getPeer()
      const count = (open.get(peer) ?? 0) + 1
      open.set(peer, count)
      most = Math.max(most, count)
      let over = false
      const leave = (): void => {
        if (!over) open.set(peer, (open.get(peer) ?? 1) - 1)
        over = true
      }
      return new ServerInterceptingCall(call, {
        start: (next) => next({ onCancel: leave }),
        sendStatus(status, next) {
          leave()
          next(status)
        },
      })
    },
  }
}
