import { randomUUID } from 'node:crypto'
import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { EventMetadata } from '../../schemas/event.ts'
import { admit, type Admitted } from './admission.ts'
import { BATCH_LIMITS, openBatcher, type BatchLimits } from './batcher.ts'
import { StoreUnavailable } from './faults.ts'
import type { AppendResult } from './port.ts'

const metadata: EventMetadata = { commandId: randomUUID(), actor: { subject: 'u-1', roles: [] }, provenance: 'live' }
const aRequest = (stream: string, commandId: string = randomUUID()): Admitted =>
  admit({
    stream,
    expected: 'any',
    commandId,
    events: [{ type: 'LotStored', schemaVersion: 1, occurredAt: '2025-12-06T08:52:00+08:00', data: {}, metadata }],
  })

/** A server that answers when it is told to. */
function aServer(limits: Partial<BatchLimits> = {}) {
  const arrived: { readonly batch: readonly Admitted[]; answer(): void; fail(fault: Error): void }[] = []
  const batcher = openBatcher(
    (batch) =>
      new Promise((resolve, reject) => {
        const answers = batch.map((): AppendResult => ({ outcome: 'closed' }))
        arrived.push({ batch, answer: () => resolve(answers), fail: reject })
      }),
    { ...BATCH_LIMITS, ...limits },
  )
  const streamsOf = (index: number): readonly string[] => (arrived[index]?.batch ?? []).map(({ stream }) => stream)
  return { batcher, arrived, streamsOf }
}

describe('the batcher', () => {
  test('sends the next batch while one is under way, and a third only after an answer', async () => {
    const { batcher, arrived, streamsOf } = aServer()
    const answers: Promise<AppendResult>[] = []
    for (const stream of ['a', 'b', 'c', 'd']) {
      answers.push(batcher.append(aRequest(stream)))
      await turn()
    }
    expect([streamsOf(0), streamsOf(1), arrived.length]).toEqual([['a'], ['b'], 2])
    arrived[0]?.answer()
    await answers[0]
    await turn()
    expect([streamsOf(2), arrived.length]).toEqual([['c', 'd'], 3])
    for (const one of arrived) one.answer()
    expect(await Promise.all(answers)).toHaveLength(4)
  })

  test('shares many that wait over the batches that may be under way, and sends few together', async () => {
    const { batcher, arrived } = aServer()
    for (let i = 0; i < 200; i++) void batcher.append(aRequest(`lot-${i}`))
    await turn()
    expect(arrived.map(({ batch }) => batch.length)).toEqual([100, 100])

    const quiet = aServer()
    for (let i = 0; i < 20; i++) void quiet.batcher.append(aRequest(`lot-${i}`))
    await turn()
    expect(quiet.arrived.map(({ batch }) => batch.length)).toEqual([20])
  })

  test('has only one batch of a stream under way, so that what is sent again cannot fall behind what follows', async () => {
    const { batcher, arrived, streamsOf } = aServer()
    const first = batcher.append(aRequest('hot'))
    await turn()
    const later = [batcher.append(aRequest('hot')), batcher.append(aRequest('cold')), batcher.append(aRequest('hot'))]
    await turn()
    expect([streamsOf(0), streamsOf(1)]).toEqual([['hot'], ['cold']])
    arrived[1]?.answer()
    await later[1]
    await turn()
    expect(arrived).toHaveLength(2)
    arrived[0]?.answer()
    await first
    await turn()
    expect(streamsOf(2)).toEqual(['hot', 'hot'])
  })

  test('has each command under way once: its repeat waits for the answer, in a stream of its own too', async () => {
    const { batcher, arrived, streamsOf } = aServer()
    const commandId = randomUUID()
    const first = batcher.append(aRequest('a', commandId))
    void batcher.append(aRequest('b', commandId))
    await turn()
    expect(arrived).toHaveLength(1)
    arrived[0]?.answer()
    await first
    await turn()
    expect(streamsOf(1)).toEqual(['b'])
  })

  test('tells a fault to those of its batch and to nobody else', async () => {
    const { batcher, arrived } = aServer()
    const unlucky = batcher.append(aRequest('a'))
    await turn()
    const lucky = batcher.append(aRequest('b'))
    await turn()
    arrived[0]?.fail(new StoreUnavailable('gone'))
    await expect(unlucky).rejects.toThrow('gone')
    arrived[1]?.answer()
    expect(await lucky).toEqual({ outcome: 'closed' })
  })

  test('keeps a batch within its bytes', async () => {
    const one = aRequest('a')
    const { batcher, arrived } = aServer({ bytes: one.bytes * 3, underWay: 1 })
    for (const stream of ['a', 'b', 'c', 'd']) void batcher.append(aRequest(stream))
    await turn()
    expect(arrived.map(({ batch }) => batch.length)).toEqual([3])
  })

  test('that is closed takes nothing more and ends when all that waited were answered', async () => {
    const { batcher, arrived } = aServer({ requests: 1, underWay: 1 })
    const answers = [batcher.append(aRequest('a')), batcher.append(aRequest('b'))]
    let closed = false
    const closing = batcher.close().then(() => (closed = true))
    await expect(batcher.append(aRequest('c'))).rejects.toThrow(StoreUnavailable)
    await turn()
    arrived[0]?.answer()
    await answers[0]
    await turn()
    expect(closed).toBe(false)
    arrived[1]?.answer()
    await Promise.all([...answers, closing])
  })
})
