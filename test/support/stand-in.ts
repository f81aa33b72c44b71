import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../../infra/event-store/stand-in/main.ts', import.meta.url))

/** The stand-in for EventStoreDB as a process of its own, its events in a database or in its memory. */
export async function standInProcess(databaseUrl?: string): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const env = { ...process.env, NODE_ENV: 'test', ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }) }
  const child = spawn(process.execPath, ['--import', 'tsx', MAIN], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  const line = await Promise.race([once(createInterface(child.stdout), 'line'), ended])
  const [url] = line as [unknown]
  if (typeof url !== 'string' || !url.startsWith('esdb://')) throw new Error(`the stand-in did not start: ${String(url)}`)
  return {
    url,
    async stop() {
      child.kill('SIGTERM')
      await ended
    },
  }
}
