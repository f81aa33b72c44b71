import { randomUUID } from 'node:crypto'
import type { BenchLine } from '../../../test/load/bench-line.ts'
import { EventStoreDBClient, jsonEvent, NO_STREAM, START } from '../eventstoredb/client.ts'
import { openEventStoreDb, type EventStoreDb } from '../eventstoredb/store.ts'
import { startStandInProcess } from '../stand-in/process.ts'
import { newEvent, OCCURRED_AT } from './load.ts'
import { closedLoop, interleaved, median, ratioOf, rounded } from './measure.ts'

const OPEN = 256
const PAGE = 1_000

interface Sides {
  readonly store: EventStoreDb
  readonly client: EventStoreDBClient
  close(): Promise<void>
}

/** The stand-in in a process of its own, its events in memory so that the clients are what is measured; the adapter and a bare client on it. */
async function openSides(): Promise<Sides> {
  const { url, stop } = await startStandInProcess()
  const store = await openEventStoreDb({ url })
  const client = EventStoreDBClient.connectionString(url)
  return {
    store,
    client,
    async close() {
      await store.close()
      await client.dispose()
      await stop()
    },
  }
}

const appendThrough = (store: EventStoreDb): Promise<unknown> => {
  const commandId = randomUUID()
  return store.append({ stream: `lot-${randomUUID()}`, expected: 0, commandId, events: [newEvent(commandId)] })
}

/** The same event, with what the adapter keeps beside it; nothing is checked, derived or remembered. */
const appendBare = (client: EventStoreDBClient): Promise<unknown> => {
  const commandId = randomUUID()
  const { type, data, metadata } = newEvent(commandId)
  const kept = {
    wufei: 1,
    id: commandId,
    schemaVersion: 1,
    occurredAt: OCCURRED_AT,
    command: commandId,
    count: 1,
    index: 0,
    metadata,
  }
  return client.appendToStream(
    `lot-${randomUUID()}`,
    jsonEvent({ type, data: data as Record<string, unknown>, metadata: kept }),
    {
      expectedRevision: NO_STREAM,
    },
  )
}

const appends: BenchLine = {
  name: 'P9-appends',
  title: `appends through the EventStoreDB adapter, ${OPEN} open, against the bare client on the same stand-in`,
  target: '>= 0.9',
  async run({ quick }) {
    const [rounds, milliseconds] = quick ? [3, 1_000] : [6, 1_500]
    const { store, client, close } = await openSides()
    try {
      await closedLoop(OPEN, 1_000, () => appendThrough(store))
      await closedLoop(OPEN, 1_000, () => appendBare(client))
      const rates = await interleaved(rounds, {
        adapter: () => closedLoop(OPEN, milliseconds, () => appendThrough(store)),
        bare: () => closedLoop(OPEN, milliseconds, () => appendBare(client)),
      })
      const ratio = rounded(ratioOf(rates.adapter, rates.bare))
      return {
        ratio,
        target: 0.9,
        passed: ratio >= 0.9,
        figures: { 'appends/s': Math.round(median(rates.adapter)), 'peer appends/s': Math.round(median(rates.bare)) },
      }
    } finally {
      await close()
    }
  },
}

const reads: BenchLine = {
  name: 'P9-reads',
  title: `the log read through the EventStoreDB adapter in pages of ${PAGE}, against the bare client on the same stand-in`,
  target: '>= 0.9',
  async run({ quick }) {
    const [rounds, events] = quick ? [3, 10_000] : [6, 30_000]
    const { store, client, close } = await openSides()
    try {
      const commandIds = Array.from({ length: events / 100 }, () => randomUUID())
      for (const commandId of commandIds) {
        await store.append({
          stream: `lot-${commandId}`,
          expected: 0,
          commandId,
          events: Array.from({ length: 100 }, () => newEvent(commandId)),
        })
      }
      const rate = async (read: () => Promise<number>): Promise<number> => {
        const start = performance.now()
        const count = await read()
        if (count < events) throw new Error(`read ${count} events of ${events}`)
        return (count / (performance.now() - start)) * 1_000
      }
      const throughAdapter = async (): Promise<number> => {
        let [count, after] = [0, 0]
        for (;;) {
          const page = await store.readAll(after, PAGE)
          if (page.length === 0) return count
          count += page.length
          after = page.at(-1)?.position ?? after
        }
      }
      const throughClient = async (): Promise<number> => {
        let count = 0
        let fromPosition: typeof START | { readonly commit: bigint; readonly prepare: bigint } = START
        for (;;) {
          let read = 0
          for await (const { event } of client.readAll({ fromPosition, maxCount: PAGE })) {
            read++
            if (event) fromPosition = event.position
          }
          count += read
          if (read < PAGE) return count
        }
      }
      await throughAdapter()
      await throughClient()
      const rates = await interleaved(rounds, { adapter: () => rate(throughAdapter), bare: () => rate(throughClient) })
      const ratio = rounded(ratioOf(rates.adapter, rates.bare))
      return {
        ratio,
        target: 0.9,
        passed: ratio >= 0.9,
        figures: { 'events/s': Math.round(median(rates.adapter)), 'peer events/s': Math.round(median(rates.bare)) },
      }
    } finally {
      await close()
    }
  },
}

export const lines: readonly BenchLine[] = [appends, reads]
