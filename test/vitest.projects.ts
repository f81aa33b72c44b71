import { fileURLToPath } from 'node:url'
import type { ViteUserConfig } from 'vitest/config'

// graphql keeps two copies of itself; Node takes the first, Vite would take the second, and the two do not know each other's classes.
const resolve = { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] }

/** Files that start processes, kill them, or change what belongs to a whole process: each has a worker of its own. */
const ALONE = [
  'infra/{deploy,event-store,kafka,postgres,process,relay,telemetry,testcontainers}/**/*.test.ts',
  'services/park/{folding,import}/**/*.test.ts',
  'test/{deploy,distributed,faults,import,kafka,starting,telemetry}/**/*.test.ts',
  'test/contracts/clients.test.ts',
  'test/gateway/browser.test.ts',
]

/**
 * All tests but those of some files. Most share a worker: modules are loaded once for all of them, where loading them for each file took as long as half
 * of the tests.
 */
export function testConfig(leftOut: readonly string[] = []): ViteUserConfig {
  const common = {
    setupFiles: ['test/support/end-with-run.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
  }
  return {
    root: fileURLToPath(new URL('..', import.meta.url)),
    test: {
      globalSetup: ['test/support/postgres-setup.ts'],
      maxWorkers: 2,
      projects: [
        {
          resolve,
          test: {
            ...common,
            name: 'together',
            isolate: false,
            include: ['{schemas,infra,projections,services,test}/**/*.test.ts'],
            exclude: [...ALONE, ...leftOut],
          },
        },
        { resolve, test: { ...common, name: 'alone', include: ALONE, exclude: [...leftOut] } },
      ],
    },
  }
}
