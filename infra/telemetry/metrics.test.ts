import { afterEach, expect, test, vi } from 'vitest'
import { openMetrics } from './metrics.ts'

afterEach(() => vi.useRealTimers())

test('who relays nothing tells no lag of the relay, or the least of all processes would always be 0', async () => {
  expect(await openMetrics().text()).not.toContain('wufei_relay_lag')
})

test('a lag that cannot be read, or not in time, keeps nobody from all the others', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const metrics = openMetrics()
  metrics.watchLag(() => new Promise(() => undefined))
  metrics.watchLag(() => Promise.reject(new Error('no database')))
  metrics.watchRelay(() => ({ events: 7, seconds: 1.5 }))
  const text = metrics.text()
  await vi.advanceTimersByTimeAsync(2_000)
  expect((await text).split('\n')).toEqual(
    expect.arrayContaining(['wufei_relay_lag_events 7', 'wufei_lag_unknown_total 2']),
  )
})
