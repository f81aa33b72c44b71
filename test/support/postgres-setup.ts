import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { startCluster } from '../../infra/postgres/cluster.ts'

declare module 'vitest' {
  interface ProvidedContext {
    postgres: string
  }
}

/** One PostgreSQL server for the whole run; every test file makes databases of its own on it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dir = join(tmpdir(), `wufei-test-${process.pid}`)
  const cluster = await startCluster({ dir, durable: false, settings: ['max_connections=400', 'shared_buffers=256MB'] })
  project.provide('postgres', cluster.url())
  return async () => {
    await cluster.stop()
    rmSync(dir, { recursive: true, force: true })
    for (const beside of ['secret', 'owner']) rmSync(`${dir}.${beside}`, { force: true })
  }
}
