import { Gauge, type Registry } from 'prom-client'
import type { Lag, Runner } from './runner.ts'

/** Publishes how far the read models are behind the log, asked anew at every scrape. */
export function publishLags(runner: Pick<Runner, 'lags'>, registry: Registry): void {
  const gauges: Readonly<Record<'events' | 'seconds' | 'parked', string>> = {
    events: 'Events that the read model does not hold yet',
    seconds: 'Age of the oldest event that the read model does not hold yet',
    parked: 'Events that were set aside because a fold failed on them',
  }
  const figures = Object.entries(gauges) as [keyof typeof gauges & keyof Lag, string][]
  for (const [figure, help] of figures) {
    const gauge = new Gauge({
      name: `wufei_projection_lag_${figure}`,
      help,
      labelNames: ['projection'],
      registers: [registry],
      async collect() {
        for (const lag of await runner.lags()) gauge.set({ projection: lag.projection }, lag[figure])
      },
    })
  }
}
