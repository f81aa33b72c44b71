import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { startCluster } from '../../infra/postgres/cluster.ts'
import { temporaryFolder } from '../../infra/process/temporary-folder.ts'

declare module 'vitest' {
  interface ProvidedContext {
    postgres: string
  }
}

/** One PostgreSQL server for the whole run; every test file makes databases of its own on it. Killed half-way, it leaves none. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { path } = temporaryFolder('test')
  const cluster = await startCluster({
    dir: join(path, 'postgres'),
    temporary: path,
    durable: false,
    settings: ['max_connections=400', 'shared_buffers=256MB'],
  })
  project.provide('postgres', cluster.url())
  return () => cluster.stop()
}
