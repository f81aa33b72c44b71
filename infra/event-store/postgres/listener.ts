import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import type { Signal } from '../signal.ts'
import { clientConfig, type ConnectionOptions } from './connection.ts'

const RECONNECT_MS = 250

export interface Listener {
  close(): Promise<void>
}

/**
 * Turns notifications into the signal, on a session of its own that is opened again whenever it ends. What was notified in between is lost,
 * so the signal is raised after each connecting too; and behind all of it every subscriber polls.
 */
export function openListener(options: ConnectionOptions, changes: Signal): Listener {
  const closing = new AbortController()
  let client: pg.Client | undefined

  async function listen(): Promise<void> {
    const mine = new pg.Client(clientConfig(options))
    client = mine
    const ended = new Promise<void>((done) => {
      mine.once('error', () => done())
      mine.once('end', () => done())
    })
    mine.on('error', () => undefined)
    mine.on('notification', () => changes.raise())
    try {
      await mine.connect()
      await mine.query('listen es_appended')
      changes.raise()
      await ended
    } finally {
      void mine.end().catch(() => undefined)
    }
  }

  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      await listen().catch(() => undefined)
      await delay(RECONNECT_MS, undefined, { signal: closing.signal }).catch(() => undefined)
    }
  }

  const running = run()
  return {
    async close() {
      closing.abort()
      await client?.end().catch(() => undefined)
      await running
    },
  }
}
