import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { endWithUs } from '../../process/end-with-us.ts'
import type { Behaviour } from './behaviour.ts'

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url))

export interface StandInProcess {
  /** For `EVENTSTORE_URL`. */
  readonly url: string
  stop(): Promise<void>
}

/** Starts the stand-in as a process of its own, its events in a database or, without one, in its memory. */
export async function startStandInProcess(
  databaseUrl?: string,
  behaviour: Partial<Behaviour> = {},
): Promise<StandInProcess> {
  const child = spawn(process.execPath, ['--import', 'tsx', MAIN, '0', JSON.stringify(behaviour)], {
    // Nothing of our own environment: it speaks of another process.
    env: databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  endWithUs(child)
  const ended = once(child, 'exit')
  const [url] = (await Promise.race([once(createInterface(child.stdout), 'line'), ended])) as readonly unknown[]
  if (typeof url !== 'string' || !url.startsWith('esdb://'))
    throw new Error(`the stand-in for EventStoreDB did not start: ${String(url)}`)
  return {
    url,
    async stop() {
      child.kill('SIGTERM')
      await ended
    },
  }
}
