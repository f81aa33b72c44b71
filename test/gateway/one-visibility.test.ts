import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { EventStore, NewEvent } from '../../infra/event-store/port.ts'
import { actorOf } from '../../infra/identity/actor.ts'
import { visibility } from '../../infra/identity/visibility.ts'
import { wildHistory } from '../../projections/journal/random-history.ts'
import { ROLES } from '../../schemas/actor.ts'
import { WASTE_STREAMS } from '../../schemas/values/waste.ts'
import { eventFeed } from '../../services/gateway/feed/feed.ts'
import { openDoor, type Claims, type Door } from './door.ts'
import { C, F, FOREIGN_LOT, LONELY, LOT, P, T, tellPark } from './park.ts'

const SEED = 20_261_130
const HISTORIES = 60

const envelope = () => ({
  commandId: randomUUID(),
  actor: { subject: 'books', roles: ['admin'] },
  provenance: 'book' as const,
})

async function append(store: EventStore, stream: string, event: Omit<NewEvent, 'metadata'>): Promise<void> {
  const metadata = envelope()
  const { outcome } = await store.append({
    stream,
    expected: 'any',
    commandId: metadata.commandId,
    events: [{ ...event, metadata }],
  })
  expect(outcome).toBe('appended')
}

/** The small park, sixty lots' worth of generated history around it, a filing that never came to be, and a claim. */
async function tellMuch(store: EventStore): Promise<number> {
  await tellPark(store)
  const histories = fc.sample(wildHistory(12), { numRuns: HISTORIES, seed: SEED })
  for (const [n, history] of histories.entries())
    for (const { stream, type, schemaVersion, occurredAt, data } of history)
      await append(store, `${stream}-${n}`, { type, schemaVersion, occurredAt, data })
  const plain = { schemaVersion: 1, occurredAt: '2025-12-09T09:00:00+08:00' }
  await append(store, 'manifest-00000000-0000-4000-8000-00000000dead', {
    ...plain,
    type: 'ManifestAbandoned',
    data: { reason: 'never-filed' },
  })
  await append(store, 'claim-label-x', { ...plain, type: 'NameClaimed', data: { by: `lot-${LOT}` } })
  return store.head()
}

let door: Door
beforeAll(async () => {
  door = await openDoor(tellMuch, (app, _, store) => app.register(eventFeed, { prefix: '/api/v1', store }))
})
afterAll(async () => {
  expect(door.faults).toEqual([])
  await door.close()
})

/** Positions in the feed of this reader, page by page from the beginning. */
async function fed(claims: Claims): Promise<readonly string[]> {
  const positions: string[] = []
  for (let after = '0'; ; ) {
    const page = await door.app.inject({
      method: 'GET',
      url: `/api/v1/events?after=${after}`,
      headers: { 'x-claims': JSON.stringify(claims) },
    })
    expect(page.statusCode, page.body).toBe(200)
    const events = page.json<{ position: string }[]>()
    positions.push(...events.map(({ position }) => position))
    const reached = String(page.headers['wufei-position'])
    if (events.length === 0 && reached === after) return positions
    after = reached
  }
}

/** Positions that GraphQL opens to this reader, each asked for by itself. */
async function opened(claims: Claims): Promise<readonly string[]> {
  const head = await door.store.head()
  const positions: string[] = []
  for (let first = 1; first <= head; first += 25) {
    const some = Array.from({ length: Math.min(25, head - first + 1) }, (_, i) => first + i)
    const { data, errors } = await door.ask(
      claims,
      `{ ${some.map((position) => `p${position}: event(position: "${position}") { position }`).join(' ')} }`,
    )
    expect(errors).toEqual([])
    positions.push(...some.filter((position) => data?.[`p${position}`]).map(String))
  }
  return positions
}

/** Positions that a subscription would pass on to this reader. */
async function followed(claims: Claims): Promise<readonly string[]> {
  const actor = actorOf(claims)
  if (!actor) throw new Error('no actor')
  const all = await door.store.readAll(0, await door.store.head())
  return (await door.readSide.visibleEvents(all, visibility(actor))).map(({ position }) => String(position))
}

/** Positions in the histories of every lot and manifest that lists show to this reader. */
async function histories(claims: Claims): Promise<readonly string[]> {
  const positions: number[] = []
  for (const list of ['lots', 'manifests'])
    for (let after: string | null = null; ; ) {
      const { data, errors } = await door.ask(
        claims,
        `query ($after: String) { ${list}(first: 20, after: $after) { pageInfo { hasNextPage endCursor }
          nodes { events(first: 100) { pageInfo { hasNextPage } nodes { position } } } } }`,
        { after },
      )
      expect(errors).toEqual([])
      const found = data?.[list] as {
        pageInfo: { hasNextPage: boolean; endCursor: string }
        nodes: { events: { pageInfo: { hasNextPage: boolean }; nodes: { position: string }[] } }[]
      }
      for (const { events } of found.nodes) {
        expect(events.pageInfo.hasNextPage).toBe(false)
        positions.push(...events.nodes.map(({ position }) => Number(position)))
      }
      if (!found.pageInfo.hasNextPage) break
      after = found.pageInfo.endCursor
    }
  return positions.toSorted((a, b) => a - b).map(String)
}

const units = [P, F, C, T, LONELY, '91350100M000100Y43']
const streams = fc
  .sample(fc.subarray([...WASTE_STREAMS]), { numRuns: 6, seed: SEED })
  .concat([[], [...WASTE_STREAMS], ['municipal'], ['industrial']])
const readers: readonly (readonly [string, Claims])[] = [
  ...units.flatMap((unit) =>
    ROLES.map((role) => [`${role} of ${unit}`, { sub: `${role} of ${unit}`, unit, roles: [role] }] as const),
  ),
  ...streams.map(
    (competence) => [`office of ${competence.join(', ')}`, { sub: 'official', roles: ['bureau'], competence }] as const,
  ),
  ['bookkeeper', { sub: 'books', roles: ['admin'] }],
]

test.each(readers)(
  'feed, events, subscriptions and histories show %s the same events',
  {
    timeout: 120_000,
  },
  async (_, claims) => {
    const feed = await fed(claims)
    expect(await opened(claims)).toEqual(feed)
    expect(await followed(claims)).toEqual(feed)
    const positions = new Set(await histories(claims))
    expect(feed.filter((position) => positions.has(position))).toEqual([...positions])
  },
)

test('a producer reads in the feed what became of its own waste, and nothing of anyone else’s', async () => {
  const page = await door.app.inject({
    method: 'GET',
    url: '/api/v1/events',
    headers: { 'x-claims': JSON.stringify({ sub: 'p', unit: P, roles: ['producer'] }) },
  })
  const events = page.json<{ subject: string; type: string }[]>()
  expect(events.filter(({ subject }) => subject === `lot-${LOT}`).map(({ type }) => type)).toEqual(
    (await door.store.readStream(`lot-${LOT}`)).map(({ type }) =>
      expect.stringContaining(type.replace(/^Lot/, '').toLowerCase().slice(0, 4)),
    ),
  )
  expect(page.body).not.toContain(FOREIGN_LOT)
})

test('a unit that takes over a lot reads the whole of it, also right after its feed looked at the lot before', async () => {
  const lot = randomUUID()
  const waste = { stream: 'hazardous', code: '900-404-06' } as const
  const from = { at: 'generation', holder: F, place: 'MF0001' } as const
  const occurredAt = '2025-12-10T09:00:00+08:00'
  const newcomer: Claims = { sub: 'newcomer', unit: LONELY, roles: ['receiver'] }
  const told = { schemaVersion: 1, occurredAt }
  await append(door.store, `lot-${lot}`, {
    ...told,
    type: 'LotGenerated',
    data: { waste, origin: { unit: F, inside: true }, to: from, grams: 5, pool: false },
  })
  const before = await fed(newcomer)
  await append(door.store, `lot-${lot}`, {
    ...told,
    type: 'LotPickedUp',
    data: {
      waste,
      from,
      to: { at: 'transport', holder: LONELY, place: '苏E1A100', document: 'x#1' },
      grams: 5,
      whole: true,
      manifest: randomUUID(),
      line: 1,
    },
  })
  await door.settled()
  const head = await door.store.head()
  expect(await fed(newcomer)).toEqual([...before, String(head - 1), String(head)])
  expect(await opened(newcomer)).toEqual(await fed(newcomer))
})

test('a token with none of our roles reads nothing by any door, and is told so', async () => {
  for (const claims of [
    { sub: 'nobody', roles: [] },
    { sub: 'nobody', unit: P, roles: [] },
  ]) {
    expect(await fed(claims)).toEqual([])
    expect(await followed(claims)).toEqual([])
    const { data, errors } = await door.ask(claims, '{ event(position: "1") { id } }')
    expect([data?.['event'] ?? null, errors.map(({ extensions }) => extensions['code'])]).toEqual([null, ['forbidden']])
  }
})
