import { defineConfig } from 'vitest/config'
import { testConfig } from './vitest.projects.ts'

/** What `npm run test:quick` leaves out, by what it would need; `npm test` runs all of it. */
const LEFT_OUT: Readonly<Record<string, readonly string[]>> = {
  'a broker of Kafka': ['test/kafka/**', 'infra/kafka/**', 'infra/relay/**', 'test/telemetry/kafka.test.ts'],
  'a browser': ['test/gateway/browser.test.ts'],
  'containers, Keycloak or packages of other registries': [
    'infra/testcontainers/**',
    'infra/deploy/**',
    'test/deploy/**',
    'test/contracts/clients.test.ts',
  ],
  'many processes, or commands as child processes': [
    'test/distributed/**',
    'test/starting/**',
    'infra/process/**',
    'infra/postgres/**',
  ],
  'minutes of crashes and random histories': [
    'test/faults/**',
    'test/oracle/random-walk.test.ts',
    'projections/journal/correct.test.ts',
    'test/oracle/live-equals-rebuilt.test.ts',
    'test/borders/bad-input.test.ts',
    'test/borders/roles.test.ts',
    'test/gateway/every-field.test.ts',
    'test/gateway/any-argument.test.ts',
    'projections/journal/fold.test.ts',
  ],
  'EventStoreDB, played by a stand-in': ['infra/event-store/eventstoredb/**'],
  'threads that load all sources, or validators of whole contracts': [
    'services/park/folding/thread.test.ts',
    'test/contracts/{openapi,asyncapi}.test.ts',
  ],
  'whole months of books': ['test/import/**', 'services/park/import/remote/**'],
}

process.stdout.write(`left out (npm test runs it): what needs ${Object.keys(LEFT_OUT).join('; ')}\n`)

export default defineConfig(testConfig(Object.values(LEFT_OUT).flat()))
