import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { EventStore } from '../../infra/event-store/port.ts'
import { openPostgresStore } from '../../infra/event-store/postgres/store.ts'
import type { ManifestEvent } from '../../schemas/manifest/events.ts'
import { manifestStream } from '../../schemas/values/identifiers.ts'
import { ARRIVED, DEPARTED, FILED, furnish, given, MANIFEST } from '../support/transfers.ts'
import { manyProcesses, type ManyProcesses } from './many-processes.ts'

let park: ManyProcesses
let store: EventStore
beforeAll(async () => {
  park = await manyProcesses({ copies: 2 })
  store = await openPostgresStore({ url: park.databaseUrl })
}, 120_000)
afterAll(async () => {
  await store.close()
  await park.close()
})

test('of all processes the leader of its service carries out what is due, once; the next leader goes on where it stopped', {
  timeout: 60_000,
}, async () => {
  await furnish(store)
  const manifest = (n: number) => manifestStream(MANIFEST.slice(0, -2) + String(n).padStart(2, '0'))
  const lateBy = async (n: number) =>
    given(store, manifest(n), [
      FILED,
      DEPARTED,
      ARRIVED,
      { type: 'ManifestCompleted', occurredAt: '2025-12-20T09:00:00+08:00', data: {} },
    ] as readonly ManifestEvent[])
  const findings = async () =>
    (await store.readAll(0, 10_000))
      .filter(({ stream }) => stream.startsWith('finding-'))
      .map(({ stream, type }) => `${stream} ${type}`)
      .toSorted()
  const whole = (n: number) =>
    Array.from({ length: n }, (_, i) => i)
      .flatMap((i) => [`finding-R71-${manifest(i)} FindingRaised`, `finding-R71-${manifest(i)} FindingSettled`])
      .toSorted()

  for (let n = 0; n < 10; n++) await lateBy(n)
  await vi.waitFor(async () => expect(await findings()).toEqual(whole(10)), { timeout: 30_000, interval: 200 })

  const [first] = park.services.supervision
  await first?.close()
  for (let n = 10; n < 20; n++) await lateBy(n)
  await vi.waitFor(async () => expect(await findings()).toEqual(whole(20)), { timeout: 30_000, interval: 200 })
})
