import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const PROGRAM = fileURLToPath(new URL('fill/main.ts', import.meta.url))

/**
 * Fills an empty database with a log of so many made-up events and all read models of it, in a process of its own: who asks afterwards
 * would else pause for the garbage of who folded.
 */
export async function fillDatabase(databaseUrl: string, events: number): Promise<void> {
  const child = fork(PROGRAM, [String(events)], { env: { ...process.env, DATABASE_URL: databaseUrl } })
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error(`filling a database with ${events} events ended with ${code}`)
}
