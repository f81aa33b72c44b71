#!/usr/bin/env bash
# @eventstore/db-client 6.2.1, discovery of a cluster: after a node failed, the client means to ask it last for gossip
# (dist/Client/discovery.js, "Move failed endpoint to the last"). The comparator looks at its first argument alone, so
# the failed node keeps the place that the shuffle gave it, and is asked first as often as any other of three.
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
import gossipServices from '@eventstore/db-client/generated/gossip_grpc_pb.js'
import gossip from '@eventstore/db-client/generated/gossip_pb.js'
import shared from '@eventstore/db-client/generated/shared_pb.js'
import streamServices from '@eventstore/db-client/generated/streams_grpc_pb.js'

const ROUNDS = 60
const versionOf = (name) => JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8')).version
console.log(`Node ${process.version}, @eventstore/db-client ${versionOf('@eventstore/db-client')}, ` +
  `@grpc/grpc-js ${versionOf('@grpc/grpc-js')}`)

const ports = []
let asked = []
function member(port, leads) {
  const info = new gossip.MemberInfo()
  info.setInstanceId(new shared.UUID().setString('00000000-0000-4000-8000-000000000001'))
  info.setTimeStamp('0')
  info.setState(gossip.MemberInfo.VNodeState[leads ? 'LEADER' : 'FOLLOWER'])
  info.setIsAlive(true)
  info.setHttpEndPoint(new gossip.EndPoint().setAddress('127.0.0.1').setPort(port))
  return info
}
const servers = []
for (let i = 0; i < 3; i++) {
  const server = new Server()
  server.addService(gossipServices.GossipService, {
    read(_call, reply) {
      asked.push(i)
      reply(null, new gossip.ClusterInfo().setMembersList(ports.map((port, n) => member(port, n === 0))))
    },
  })
  // Every node is out of service for reads, as one is that shuts down.
  server.addService(streamServices.StreamsService, {
    append: (_call, reply) => reply({ code: status.UNIMPLEMENTED }),
    batchAppend: (call) => call.emit('error', { code: status.UNIMPLEMENTED }),
    delete: (_call, reply) => reply({ code: status.UNIMPLEMENTED }),
    tombstone: (_call, reply) => reply({ code: status.UNIMPLEMENTED }),
    read: (call) => call.emit('error', { code: status.UNAVAILABLE, details: 'Server Is Not Ready' }),
  })
  ports.push(await new Promise((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) =>
      error ? reject(error) : resolve(port))))
  servers.push(server)
}

/** A read, whose failure the client takes for a reason to look for another node. */
async function read(client) {
  try {
    for await (const _ of client.readStream('s', { maxCount: 1 })) break
    return 'no error'
  } catch (error) {
    return error.type
  }
}

const firsts = [0, 0, 0]
const errors = new Set()
for (let round = 0; round < ROUNDS; round++) {
  const hosts = ports.map((port) => `127.0.0.1:${port}`).join(',')
  const client = EventStoreDBClient.connectionString(`esdb://${hosts}?tls=false`)
  // The first read goes to node 0, which gossip names as the leader, and fails there.
  errors.add(await read(client))
  await new Promise((resolve) => setTimeout(resolve, 5))
  asked = []
  errors.add(await read(client))
  firsts[asked[0]]++
  await client.dispose()
}
for (const server of servers) server.forceShutdown()
console.log(`errors of the reads: ${[...errors].join(', ')}`)
console.log(`asked first after node 0 failed, of ${ROUNDS}: node 0 ${firsts[0]}, node 1 ${firsts[1]}, node 2 ${firsts[2]}`)
console.log('moved to the end of the list, node 0 would be asked first 0 times')
process.exit(firsts[0] > 0 ? 0 : 1)
JS
node run.mjs
