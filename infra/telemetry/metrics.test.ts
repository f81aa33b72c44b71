import { afterEach, expect, test, vi } from 'vitest'
import { openMetrics } from './metrics.ts'

afterEach(() => vi.useRealTimers())

test('a lag that cannot be read, or not in time, keeps nobody from all the others', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const metrics = openMetrics()
  metrics.watchLag(() => new Promise(() => undefined))
  metrics.watchLag(() => Promise.reject(new Error('no database')))
  metrics.watchRelay(() => ({ events: 7, seconds: 1.5 }))
  const text = metrics.text()
  await vi.advanceTimersByTimeAsync(2_000)
  expect(await text).toMatch(/^wufei_relay_lag_events 7$[^]*^wufei_lag_unknown_total 2$/m)
})
