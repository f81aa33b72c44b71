import { randomUUID } from 'node:crypto'
import type { AllStreamResolvedEvent } from './client.ts'
import { expect, test } from 'vitest'
import { openLogIndex } from './log-index.ts'
import { openMemoryIndex } from './memory-index.ts'

function aLog() {
  const events: AllStreamResolvedEvent[] = []
  return {
    /** Answers the command under which an event was appended. */
    append(): string {
      const command = randomUUID()
      const commit = BigInt(events.length + 1) * 64n
      const metadata = {
        wufei: 1,
        id: randomUUID(),
        schemaVersion: 1,
        occurredAt: '2025-12-06T08:52:00Z',
        command,
        index: 0,
        count: 1,
        metadata: {},
      }
      const event = {
        streamId: `lot-${command}`,
        revision: 0n,
        id: randomUUID(),
        type: 'LotStored',
        created: new Date(),
        data: {},
        metadata,
      }
      events.push({ event: { ...event, position: { commit, prepare: commit } } } as unknown as AllStreamResolvedEvent)
      return command
    },
    epoch: () => Promise.resolve('e'),
    confirmLeader: () => Promise.resolve(true),
    lookMs: 1_000,
    readAll: async (from: number, count: number) =>
      events.filter(({ event }) => Number(event?.position.commit) >= from).slice(0, count),
  }
}

test('receipts miss nothing that was acknowledged before, also where another process wrote less of it into their index a moment earlier', async () => {
  const log = aLog()
  const shared = openMemoryIndex()
  log.append()
  const seenByOther = await log.readAll(0, 10)
  const command = log.append()
  const other = openLogIndex({ ...log, readAll: () => Promise.resolve(seenByOther) }, shared)
  const index = openLogIndex(log, {
    ...shared,
    async advance(...page) {
      await other.receipts([command])
      return shared.advance(...page)
    },
  })
  expect([...(await index.receipts([command])).keys()]).toEqual([command])
})
