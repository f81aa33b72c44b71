import type { BenchLine } from '../../../test/load/bench-line.ts'
import { commandSender } from './commands.ts'
import { openBenchStore, openUnnestPeer, peerRate } from './load.ts'
import { closedLoop, interleaved, median, ratioOf, rounded } from './measure.ts'

const line = (open: number, target: number): BenchLine => ({
  name: `P1-${open}`,
  title: `durable commands/s through the service API, ${open} open, against an unnest INSERT of 1,000 rows`,
  target: `>= ${target}`,
  async run({ quick, databaseUrl }) {
    const [rounds, milliseconds] = quick ? [3, 700] : [6, 2_000]
    const bench = await openBenchStore(databaseUrl)
    try {
      const insert = await openUnnestPeer(bench.client, 'public.bare')
      const command = commandSender(bench.store)
      await closedLoop(open, 500, command)
      await peerRate(insert, 500)
      const rates = await interleaved(rounds, {
        commands: () => closedLoop(open, milliseconds, command),
        rows: () => peerRate(insert, milliseconds),
      })
      const ratio = rounded(ratioOf(rates.commands, rates.rows))
      return {
        ratio,
        target,
        passed: ratio >= target,
        figures: { 'commands/s': Math.round(median(rates.commands)), 'peer rows/s': Math.round(median(rates.rows)) },
      }
    } finally {
      await bench.close()
    }
  },
})

export const lines: readonly BenchLine[] = [line(256, 0.45), line(64, 0.33)]
