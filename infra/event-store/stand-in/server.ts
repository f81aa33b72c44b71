import { Server, ServerCredentials } from '@grpc/grpc-js'
import { openMemoryStore } from '../memory.ts'
import type { EventStore } from '../port.ts'
import { openAppending } from './appending.ts'
import { nameOf } from './messages.ts'
import { openReading } from './reading.ts'
import type { Stored } from './records.ts'
import { openScript, type Script } from './script.ts'
import { features, featureServices, streams, streamServices } from './stubs.ts'
import { unsupported } from './trouble.ts'

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
}

/** A server that speaks EventStoreDB's protocol. */
export interface StandIn {
  readonly host: string
  readonly port: number
  readonly connectionString: string
  readonly script: Script
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
  const { append, batchAppend } = openAppending(store, script, tombstones)
  const read = openReading(store, script, tombstones, created)
  const server = new Server({ 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 })

  server.addService(streamServices.StreamsService, {
    append,
    batchAppend,
    read,
    delete: (_call: unknown, reply: (error: Error) => void) => reply(unsupported('soft deletion')),
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
      reply(null, supportedMethods(options.batches ?? true)),
  })
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
    goAway: (graceMs) => server.drain(`${host}:${port}`, graceMs),
    async close() {
      server.forceShutdown()
    },
  }
}

function supportedMethods(batches: boolean): features.SupportedMethods {
  const methods = new features.SupportedMethods()
  methods.setEventStoreServerVersion('24.10.0')
  for (const name of ['append', 'read', 'delete', 'tombstone', ...(batches ? ['batchappend'] : [])]) {
    const method = new features.SupportedMethod()
    method.setServiceName('event_store.client.streams.streams')
    method.setMethodName(name)
    methods.addMethods(method)
  }
  return methods
}
