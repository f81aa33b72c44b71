import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { inSession } from '../../infra/postgres/sessions.ts'
import { admin, bureau, openDoor, producer, type Door } from './door.ts'

const UNIT = '913205942CL12TH3BX'
const OTHER = '914403001922038216'
let door: Door

async function generate(unit: string, grams: number): Promise<number> {
  const commandId = randomUUID()
  const result = await door.store.append(lot(unit, grams, commandId))
  if (result.outcome !== 'appended') throw new Error(result.outcome)
  await door.settled()
  return result.position
}

const lot = (unit: string, grams: number, commandId: string = randomUUID()) => ({
  stream: `lot-${commandId}`,
  expected: 0,
  commandId,
  events: [
    {
      type: 'LotGenerated',
      schemaVersion: 1,
      occurredAt: '2025-12-01T08:00:00+08:00',
      data: {
        waste: { stream: 'hazardous', code: '900-404-06' },
        origin: { unit, inside: true },
        to: { at: 'generation', holder: unit, place: '' },
        grams,
        pool: false,
      },
      metadata: { commandId, actor: { subject: 's', roles: ['admin' as const] }, provenance: 'live' as const },
    },
  ],
})

beforeAll(async () => {
  door = await openDoor(async (store) => {
    await store.append(lot(UNIT, 1_000))
    return 1
  })
})
afterAll(() => door.close())

const LEDGER = (asOf = '') =>
  `{ ledger(from: "2025-12-01", to: "2025-12-31"${asOf}) { position trialBalance cells(stage: GENERATION, stream: HAZARDOUS) { in } } }`

async function get(query: string, claims: object = admin, headers: Record<string, string> = {}) {
  const answer = await door.app.inject({
    url: `/graphql?query=${encodeURIComponent(query)}`,
    headers: { accept: 'application/json', authorization: 'Bearer x', 'x-claims': JSON.stringify(claims), ...headers },
  })
  const ledger = answer.statusCode === 200 ? answer.json<{ data: { ledger: Figures } }>().data.ledger : undefined
  return { status: answer.statusCode, headers: answer.headers, in: ledger?.cells[0]?.in, position: ledger?.position }
}
interface Figures {
  readonly position: string
  readonly cells: readonly { readonly in: number }[]
}

const onRows = (statement: string) =>
  inSession(door.databaseUrl, async (client) => {
    await client.query('set search_path = rm')
    await client.query(statement)
  })
/** Writes past the runner, so that an answer that was read again shows it. */
const tamper = (grams: number) => onRows(`update journal_entry set grams = ${grams} where position = 1`)

test('a ledger that is asked again at the same rows is the same answer, and 304 to who has it', async () => {
  const first = await get(LEDGER())
  expect(first).toMatchObject({ status: 200, in: 1_000 })
  expect(first.headers['cache-control']).toBe('private, no-cache')
  const tag = String(first.headers.etag)
  await tamper(7)
  expect(await get(LEDGER())).toMatchObject({ status: 200, in: 1_000 })
  const again = await get(LEDGER(), admin, { 'if-none-match': `"other", W/${tag}` })
  expect([again.status, again.headers.etag]).toEqual([304, tag])
  expect((await get(LEDGER(), admin, { 'if-none-match': '"other"' })).status).toBe(200)
  // By POST it is given again, too.
  const posted = { ledger: { cells: [{ in: 1_000 }] } }
  const { data } = await door.ask(admin, LEDGER())
  expect(data).toMatchObject({ ledger: { cells: [{ in: 7 }] } })
  await tamper(1_000)
  expect((await door.ask(admin, LEDGER())).data).toMatchObject({ ledger: { cells: [{ in: 7 }] } })
  await onRows(`update checkpoint set updated_at = now() where projection = 'journal'`)
  expect((await door.ask(admin, LEDGER())).data).toMatchObject(posted)
})

test('it is another one once something was folded, and for another asker', async () => {
  const before = await get(LEDGER())
  const position = await generate(OTHER, 500)
  expect(await get(LEDGER())).toMatchObject({ in: 1_500, position: String(position) })
  expect((await get(LEDGER(), admin, { 'if-none-match': String(before.headers.etag) })).status).toBe(200)
  expect((await get(LEDGER(), producer(UNIT))).in).toBe(1_000)
  expect((await get(LEDGER(), producer(OTHER))).in).toBe(500)
  expect((await get(LEDGER(), bureau('hazardous'))).in).toBe(1_500)
})

test('one of a past position holds while the log grows, and not after the rows were folded anew', async () => {
  const past = await generate(UNIT, 10)
  const asOf = LEDGER(`, asOf: {position: "${past}"}`)
  await generate(UNIT, 20)
  const first = await get(asOf)
  expect(first).toMatchObject({ in: 1_510, position: String(past) })
  await tamper(3)
  await generate(UNIT, 40)
  expect(await get(asOf)).toMatchObject({ in: 1_510, position: String(past) })
  expect((await get(asOf, admin, { 'if-none-match': String(first.headers.etag) })).status).toBe(304)
  // A swap after a rebuild, and a process that takes over, raise the fence.
  await onRows(`update checkpoint set fence = fence + 1 where projection = 'journal'`)
  expect((await get(asOf)).in).toBe(513)
  await tamper(1_000)
})

test('of the newest position, or of a moment to come, it moves with the log', async () => {
  const newest = await generate(UNIT, 100)
  const ahead = LEDGER(', asOf: {knownAt: "2099-01-01T00:00:00+08:00"}')
  const before = await get(ahead)
  expect(before.position).toBe(String(newest))
  const next = await generate(UNIT, 200)
  expect(await get(ahead)).toMatchObject({ in: Number(before.in) + 200, position: String(next) })
  expect((await get(LEDGER(`, asOf: {position: "${newest}"}`))).in).toBe(before.in)
})

test('while events of the journal are parked nothing is taken for past', async () => {
  const past = await generate(UNIT, 1)
  await generate(UNIT, 2)
  const asOf = LEDGER(`, asOf: {position: "${past}"}`)
  await onRows(
    `insert into parked (projection, position, stream, error, attempts) values ('journal', 99999, 'lot-x', 'e', 1)`,
  )
  const { in: grams } = await get(asOf)
  await tamper(1_001)
  // A replay writes the checkpoint, whose row version is looked at.
  await onRows(`update checkpoint set updated_at = now() where projection = 'journal'`)
  expect((await get(asOf)).in).toBe(Number(grams) + 1)
  await tamper(1_000)
  await onRows(`delete from parked`)
})

test('what opens to postings or lots, mistakes and mutations are executed each time and not stored', async () => {
  const opened = await get(
    `{ ledger(from: "2025-12-01", to: "2025-12-31") { cells(stage: GENERATION, stream: HAZARDOUS) { in postings(first: 1) { totalCount } } } }`,
  )
  expect([opened.status, opened.headers['cache-control'], opened.headers.etag]).toEqual([200, 'no-store', undefined])
  const wrong = await door.ask(admin, '{ ledger(from: "2025-12-31", to: "2025-12-01") { position } }')
  expect(wrong.errors[0]?.extensions['code']).toBe('period-reversed')
  expect((await door.ask(undefined, LEDGER())).status).toBe(401)
})

test('many who ask the same at once get one answer', async () => {
  await generate(UNIT, 5)
  const answers = await Promise.all(Array.from({ length: 40 }, () => get(LEDGER())))
  expect(new Set(answers.map(({ headers }) => headers.etag)).size).toBe(1)
})
