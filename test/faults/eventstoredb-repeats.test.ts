import { fork, type ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { aRequest } from '../../infra/event-store/eventstoredb/requests.ts'
import type { AppendRequest } from '../../infra/event-store/port.ts'
import { startStandInProcess } from '../../infra/event-store/stand-in/process.ts'
import { rounds } from '../support/long.ts'

/** Commands that two processes send at once, for each delay. */
const REPEATS = rounds('REPEATS', { slice: 30, long: 2_000 })
const OPEN = 32
const PROGRAM = fileURLToPath(new URL('repeating-process.ts', import.meta.url))

interface Peer {
  append(request: AppendRequest): Promise<string>
  end(): Promise<void>
}

async function startPeer(url: string): Promise<Peer> {
  const child: ChildProcess = fork(PROGRAM, [url], { execArgv: ['--import', 'tsx'] })
  const ended = once(child, 'exit')
  const waiting = new Map<number, (outcome: string) => void>()
  let next = 0
  const ready = once(child, 'message')
  child.on('message', (message: { readonly id?: number; readonly outcome?: string }) => {
    if (message.id === undefined) return
    waiting.get(message.id)?.(message.outcome ?? '')
    waiting.delete(message.id)
  })
  await Promise.race([ready, ended])
  return {
    append: (request) =>
      new Promise((resolve) => {
        const id = next++
        waiting.set(id, resolve)
        child.send({ id, request })
      }),
    async end() {
      child.disconnect()
      await ended
    },
  }
}

test.each([5, 20, 100])(
  'a command that two processes send at once is appended by one and replayed by the other, and never a conflict, where writes are readable %i ms late',
  { timeout: 60_000 + REPEATS * 100 },
  async (readableAfterMs) => {
    const server = await startStandInProcess(undefined, { readableAfterMs })
    const peers = await Promise.all([startPeer(server.url), startPeer(server.url)])
    const counts: Record<string, number> = {}
    let sent = 0
    async function send(): Promise<void> {
      while (sent < REPEATS) {
        const number = sent++
        const stream = `lot-${randomUUID()}`
        // New streams, streams that hold something, and appends that name no revision.
        if (number % 3 === 1) await peers[0]?.append(aRequest({ stream }))
        const request = aRequest({ stream, expected: ([0, 1, 'any'] as const)[number % 3] ?? 0 })
        const outcomes = await Promise.all(peers.map((peer) => peer.append(request)))
        const pair = outcomes.sort().join(' and ')
        counts[pair] = (counts[pair] ?? 0) + 1
      }
    }
    await Promise.all(Array.from({ length: OPEN }, send))
    await Promise.all(peers.map((peer) => peer.end()))
    await server.stop()
    process.stdout.write(`repeats, writes readable ${readableAfterMs} ms late: ${JSON.stringify(counts)}\n`)
    expect(counts).toEqual({ 'appended and replayed': REPEATS })
  },
)
