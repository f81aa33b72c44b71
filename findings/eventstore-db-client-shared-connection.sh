#!/usr/bin/env bash
# @eventstore/db-client 6.2.1 on @grpc/grpc-js 1.14.7: two clients of one process with equal settings share one HTTP/2
# connection (the subchannel pool of grpc-js is of the process) and so its limit of calls at once, 100 by the default of
# ASP.NET below EventStoreDB. With 100 reads or subscriptions open on the first, the second gets no answer.
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
import { EventStoreDBClient } from '@eventstore/db-client'
import streamServices from '@eventstore/db-client/generated/streams_grpc_pb.js'

const CALLS = 100
const WAIT_MS = 1_000
const versionOf = (name) => JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8')).version
console.log(`Node ${process.version}, @eventstore/db-client ${versionOf('@eventstore/db-client')}, ` +
  `@grpc/grpc-js ${versionOf('@grpc/grpc-js')}`)

const open = []
const unimplemented = (_call, reply) => reply({ code: status.UNIMPLEMENTED })
const server = new Server({ 'grpc.max_concurrent_streams': CALLS })
server.addService(streamServices.StreamsService, {
  append: unimplemented,
  batchAppend: (call) => call.emit('error', { code: status.UNIMPLEMENTED }),
  delete: unimplemented,
  tombstone: unimplemented,
  // Answered when the script says so; until then the call is open.
  read: (call) => void open.push(call),
})
const port = await new Promise((resolve, reject) =>
  server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
    error ? reject(error) : resolve(bound)))

const clientOf = (options) => EventStoreDBClient.connectionString(`esdb://127.0.0.1:${port}?tls=false${options}`)
async function read(client) {
  let count = 0
  for await (const _ of client.readStream('s', { maxCount: 1 })) count++
  return count
}
async function until(holds, milliseconds) {
  const end = performance.now() + milliseconds
  while (!holds() && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 10))
  return holds()
}

const [first, second, third] = [clientOf(''), clientOf(''), clientOf('&keepAliveTimeout=10001')]
const reads = Array.from({ length: CALLS }, () => read(first))
await until(() => open.length === CALLS, 20_000)
const byFirst = open.length
reads.push(read(second))
await until(() => open.length > byFirst, WAIT_MS)
const bySecond = open.length - byFirst
// The control: a setting that differs by a millisecond gives a connection of its own.
reads.push(read(third))
await until(() => open.length > byFirst + bySecond, 20_000)
const byThird = open.length - byFirst - bySecond

const connections = new Set(open.map((call) => call.getPeer())).size
for (const call of open) call.end()
await until(() => open.length === CALLS + 2, 20_000)
open.at(-1).end()
await Promise.all(reads)
console.log(`reads that reached the server: first client ${byFirst} of ${CALLS}, second client ${bySecond} of 1 ` +
  `in ${WAIT_MS} ms, third client, of another keepAliveTimeout, ${byThird} of 1; connections: ${connections}`)
const last = open.at(-1).getPeer() === open[0].getPeer()
console.log(`once the first client's reads had ended, the second client's came by ${last ? 'the same' : 'another'} connection`)
await Promise.all([first, second, third].map((client) => client.dispose()))
server.forceShutdown()
process.exit(byFirst === CALLS && bySecond === 0 && byThird === 1 && connections === 2 && last ? 0 : 1)
JS
node run.mjs
