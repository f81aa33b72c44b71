import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import { openPool } from '../../postgres/sessions.ts'
import type { BenchLine } from '../../../test/load/bench-line.ts'
import type { EventStore } from '../port.ts'
import { newEvent, openBenchStore } from './load.ts'
import { aTurn, interleaved, median, openLoop, quantile, ratioOf, rounded } from './measure.ts'

/** Share of the bare SELECT's rate that a catch-up read must reach. */
const CATCH_UP = 0.65

const append = (store: EventStore, stream: string, count: number): Promise<unknown> => {
  const commandId = randomUUID()
  return store.append({
    stream,
    expected: 'any',
    commandId,
    events: Array.from({ length: count }, () => newEvent(commandId)),
  })
}

const PAGE = 5_000
/** What an event is, one value a column: what a peer reads. */
const COLUMNS = 'e.position, e.stream, e.revision, e.id, e.type, e.schema_version, e.occurred_at, e.recorded_at, e.body'

const catchUp: BenchLine = {
  name: 'P4',
  title: 'catch-up read of the log, decoded, against the bare range SELECT as text',
  target: `>= ${CATCH_UP}`,
  async run({ quick, databaseUrl }) {
    const events = quick ? 20_000 : 100_000
    const bench = await openBenchStore(databaseUrl)
    try {
      for (let i = 0; i < events / 500; i++) await append(bench.store, `lot-${randomUUID()}`, 500)
      await bench.client.query('vacuum analyze es.event')
      const rate = async (read: (after: number) => Promise<unknown>): Promise<number> => {
        const start = performance.now()
        for (let after = 0; after < events; after += PAGE) await read(after)
        return (events / (performance.now() - start)) * 1_000
      }
      const text = { getTypeParser: () => (value: string) => value }
      const bare = {
        name: 'bare',
        text: `select ${COLUMNS} from es.event e where e.position > $1 and e.position <= $1 + $2::bigint order by e.position`,
      }
      const rates = await interleaved(quick ? 3 : 8, {
        decoded: () => rate((after) => bench.store.readAll(after, PAGE)),
        bare: () =>
          rate((after) => bench.client.query({ ...bare, values: [after, PAGE], rowMode: 'array', types: text })),
      })
      const ratio = rounded(ratioOf(rates.decoded, rates.bare))
      return {
        ratio,
        target: CATCH_UP,
        passed: ratio >= CATCH_UP,
        figures: { 'events/s': Math.round(median(rates.decoded)), 'peer events/s': Math.round(median(rates.bare)) },
      }
    } finally {
      await bench.close()
    }
  },
}

const coldLoad = (events: number): BenchLine => ({
  name: `P6-${events}`,
  title: `cold load of a stream of ${events} events, against the bare SELECT of its rows`,
  target: '<= 2',
  async run({ quick, databaseUrl }) {
    const bench = await openBenchStore(databaseUrl)
    try {
      const stream = `lot-${randomUUID()}`
      for (let i = 0; i < events; i += 500) await append(bench.store, stream, Math.min(500, events - i))
      await bench.client.query('vacuum analyze es.event')
      const took = async (call: () => Promise<unknown>): Promise<number> => {
        const start = performance.now()
        await call()
        return performance.now() - start
      }
      const bare = { name: 'bare', text: `select ${COLUMNS} from es.event e where e.stream = $1 order by e.revision` }
      const rounds = events > 1_000 ? (quick ? 10 : 40) : quick ? 200 : 1_000
      const times = await interleaved(rounds, {
        load: () => took(() => bench.store.readStream(stream)),
        bare: () => took(() => bench.client.query({ ...bare, values: [stream], rowMode: 'array' })),
      })
      const ratio = rounded(median(times.load) / median(times.bare))
      return {
        ratio,
        target: 2,
        passed: ratio <= 2,
        figures: {
          'p50 ms': rounded(median(times.load)),
          'p99 ms': rounded(quantile(times.load, 0.99)),
          'peer p50 ms': rounded(median(times.bare)),
        },
      }
    } finally {
      await bench.close()
    }
  },
})

const latency: BenchLine = {
  name: 'P3',
  title: 'append at 1,000/s open loop, p99, against the p99 of one-row commits, one after another',
  target: '<= 4',
  async run({ quick, databaseUrl }) {
    const [rounds, milliseconds] = quick ? [3, 1_000] : [6, 3_000]
    const bench = await openBenchStore(databaseUrl)
    const sessions = openPool({ connectionString: databaseUrl, max: 10 })
    try {
      await bench.client.query('create table public.one_row (id uuid primary key)')
      const oneRow = (on: Pick<pg.Client, 'query'> = bench.client) =>
        on.query({ name: 'one', text: 'insert into public.one_row values ($1)', values: [randomUUID()] })
      const commits = async (): Promise<number> => {
        const times: number[] = []
        for (const start = performance.now(); performance.now() - start < milliseconds; ) {
          const before = performance.now()
          await oneRow()
          times.push(performance.now() - before)
        }
        return quantile(times, 0.99)
      }
      const appends = async (): Promise<number> =>
        quantile(await openLoop(1_000, milliseconds, () => append(bench.store, `lot-${randomUUID()}`, 1), aTurn), 0.99)
      // What the bare database does under the very same arrivals: a stall of the machine meets all that are due in it, there too.
      const arriving = async (): Promise<number> =>
        quantile(await openLoop(1_000, milliseconds, () => oneRow(sessions), aTurn), 0.99)
      for (const warm of [appends, arriving]) await warm()
      const p99 = await interleaved(rounds, { append: appends, commit: commits, arriving })
      const ratio = rounded(ratioOf(p99.append, p99.commit))
      const figures = {
        'p99 ms': rounded(median(p99.append)),
        'peer p99 ms': rounded(median(p99.commit)),
        'one-row commits at the same arrivals, p99 ms': rounded(median(p99.arriving)),
      }
      return { ratio, target: 4, passed: ratio <= 4, figures }
    } finally {
      await sessions.end()
      await bench.close()
    }
  },
}

export const lines: readonly BenchLine[] = [latency, catchUp, coldLoad(20), coldLoad(10_000)]
