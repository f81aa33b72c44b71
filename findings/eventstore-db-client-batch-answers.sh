#!/usr/bin/env bash
# @eventstore/db-client 6.2.1: what a server answers inside a call of BatchAppend is not what the same answer is outside.
# - "Server Is Not Ready" (a node that does not lead answers so, the call living on) becomes UnknownError, "Could not
#   recognize ...", and the client goes on asking this node; as the status of a call it is UnavailableError.
# - With throwOnAppendFailure=false a wrong revision answers nextExpectedRevision 1 whatever the stream's revision is:
#   dist/streams/appendToStream/batchAppend.js makes it of hasCurrentStreamRevision() and not of getCurrentStreamRevision().
# Exits 0 when the behaviour is as described, 1 when it changed. Installs into a folder of its own, which it removes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > package.json <<'JSON'
{
  "private": true,
  "dependencies": { "@eventstore/db-client": "6.2.1", "@grpc/grpc-js": "1.14.7", "google-protobuf": "3.21.4" },
  "overrides": { "@grpc/grpc-js": "1.14.7", "google-protobuf": "3.21.4" }
}
JSON
npm install --no-audit --no-fund --loglevel=error
cat > run.mjs <<'JS'
import { readFileSync } from 'node:fs'
import { Server, ServerCredentials, status } from '@grpc/grpc-js'
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client'
import featureServices from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js'
import features from '@eventstore/db-client/generated/serverfeatures_pb.js'
import shared from '@eventstore/db-client/generated/shared_pb.js'
import statuses from '@eventstore/db-client/generated/status_pb.js'
import streamServices from '@eventstore/db-client/generated/streams_grpc_pb.js'
import streams from '@eventstore/db-client/generated/streams_pb.js'
import any from 'google-protobuf/google/protobuf/any_pb.js'
import empty from 'google-protobuf/google/protobuf/empty_pb.js'

const REVISION = 41
const versionOf = (name) => JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8')).version
console.log(`Node ${process.version}, @eventstore/db-client ${versionOf('@eventstore/db-client')}, ` +
  `@grpc/grpc-js ${versionOf('@grpc/grpc-js')}`)

const unimplemented = (_call, reply) => reply({ code: status.UNIMPLEMENTED })
let calls = 0
/** What an append to a stream of this name is answered with, inside the call. */
const answers = {
  'not-ready': () => ['Server Is Not Ready', new Uint8Array(), 'google.protobuf.Empty'],
  wrong: () => [
    'WrongExpectedVersion',
    new shared.WrongExpectedVersion().setCurrentStreamRevision(String(REVISION)).setExpectedNoStream(new empty.Empty())
      .serializeBinary(),
    'event_store.client.WrongExpectedVersion',
  ],
}
const server = new Server()
server.addService(featureServices.ServerFeaturesService, {
  getSupportedMethods(_call, reply) {
    const method = new features.SupportedMethod().setServiceName('event_store.client.streams.streams')
      .setMethodName('batchappend')
    reply(null, new features.SupportedMethods().setEventStoreServerVersion('24.10.0').setMethodsList([method]))
  },
})
server.addService(streamServices.StreamsService, {
  append: unimplemented,
  delete: unimplemented,
  tombstone: unimplemented,
  read: (call) => call.emit('error', { code: status.UNAVAILABLE, details: 'Server Is Not Ready' }),
  batchAppend(call) {
    calls++
    call.on('data', (request) => {
      const identifier = request.getOptions().getStreamIdentifier()
      const [message, bytes, type] = answers[Buffer.from(identifier.getStreamName()).toString()]()
      const details = new any.Any()
      details.pack(bytes, type)
      call.write(new streams.BatchAppendResp().setCorrelationId(request.getCorrelationId())
        .setStreamIdentifier(identifier)
        .setError(new statuses.Status().setMessage(message).setDetails(details)))
    })
    call.on('end', () => call.end())
    call.on('error', () => undefined)
  },
})
const port = await new Promise((resolve, reject) =>
  server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
    error ? reject(error) : resolve(bound)))
const url = `esdb://127.0.0.1:${port}?tls=false`

const client = EventStoreDBClient.connectionString(url)
const event = () => jsonEvent({ type: 'An', data: {} })
const failure = (call) => call.then(() => undefined, (error) => error)
const inBand = [await failure(client.appendToStream('not-ready', event())),
  await failure(client.appendToStream('not-ready', event()))]
const callsOfTwo = calls
const outside = await failure((async () => { for await (const _ of client.readStream('s')) break })())
for (const error of inBand) console.log(`append, refused inside the call: ${error.type}, "${error.message}"`)
console.log(`calls of BatchAppend for both: ${callsOfTwo}`)
console.log(`read, refused by the status of the call: ${outside.type}`)

const quiet = EventStoreDBClient.connectionString(`${url}&throwOnAppendFailure=false`)
const answer = await quiet.appendToStream('wrong', event(), { expectedRevision: 'no_stream' })
console.log(`append at a wrong revision, the stream's being ${REVISION}: success ${answer.success}, ` +
  `nextExpectedRevision ${answer.nextExpectedRevision}`)
const thrown = await failure(client.appendToStream('wrong', event(), { expectedRevision: 'no_stream' }))
console.log(`the same with errors: ${thrown.type}, actualVersion ${thrown.actualVersion}`)
await client.dispose()
await quiet.dispose()
server.forceShutdown()
const asDescribed = inBand.every(({ type, message }) => type === 'unknown' && /Could not recognize/.test(message)) &&
  callsOfTwo === 1 && outside.type === 'unavailable' &&
  answer.success === false && answer.nextExpectedRevision === 1n && thrown.actualVersion === BigInt(REVISION)
process.exit(asDescribed ? 0 : 1)
JS
node run.mjs
