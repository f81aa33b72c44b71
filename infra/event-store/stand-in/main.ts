import { readConfiguration } from '../../configuration/configuration.ts'
import { openMemoryStore } from '../memory.ts'
import { openPostgresStore } from '../postgres/store.ts'
import type { Behaviour } from './behaviour.ts'
import { startStandIn } from './server.ts'

// `node --import tsx infra/event-store/stand-in/main.ts [PORT] [BEHAVIOUR]`: events go to DATABASE_URL, or to memory without it; how
// it behaves, where that is not the default, is JSON (behaviour.ts). The first line on standard output is the address for EVENTSTORE_URL.
const { DATABASE_URL, HOST, APPEND_BATCH } = readConfiguration()
const store =
  DATABASE_URL === undefined
    ? openMemoryStore()
    : await openPostgresStore({ url: DATABASE_URL, batch: { requests: APPEND_BATCH } })
const [, , port = '0', behaviour = '{}'] = process.argv
const standIn = await startStandIn({
  store,
  host: HOST,
  port: Number(port),
  behaviour: JSON.parse(behaviour) as Partial<Behaviour>,
})
console.log(standIn.connectionString)

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    void standIn
      .close()
      .then(() => store.close())
      .then(() => process.exit(0))
  })
}
