import { afterAll, beforeAll, expect, test } from 'vitest'
import { derivedId } from '../../infra/event-store/event-id.ts'
import type { DomainEvent } from '../../schemas/streams.ts'
import { admin, bureau, openDoor, producer, type Claims, type Door } from './door.ts'
import type { Grams } from '../../schemas/values/mass.ts'
import { businessDay } from '../../schemas/values/time.ts'
import { F, FOREIGN_LOT, LOT, MANIFEST, P, POOL, tellPark } from './park.ts'

let door: Door
let origin: string
beforeAll(async () => {
  door = await openDoor(tellPark)
  origin = await door.app.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(async () => {
  expect(door.faults).toEqual([])
  await door.close()
})

/** Reads a subscription until it has said so many things, as a program outside would. */
async function listen(
  claims: Claims,
  subscription: string,
  count: number,
  meanwhile?: () => Promise<void>,
): Promise<readonly Record<string, unknown>[]> {
  const gone = new AbortController()
  const response = await fetch(`${origin}/graphql`, {
    method: 'POST',
    signal: gone.signal,
    body: JSON.stringify({ query: `subscription { ${subscription} }` }),
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', 'x-claims': JSON.stringify(claims) },
  })
  if (!response.headers.get('content-type')?.includes('text/event-stream')) throw new Error(await response.text())
  const said: Record<string, unknown>[] = []
  let text = ''
  await meanwhile?.()
  try {
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += chunk
      const blocks = text.split('\n\n')
      text = blocks.pop() ?? ''
      for (const block of blocks) {
        const line = block.split('\n').find((part) => part.startsWith('data:') && part.length > 6)
        if (line) said.push(JSON.parse(line.slice(5)) as Record<string, unknown>)
      }
      if (said.length >= count) break
    }
  } finally {
    gone.abort()
  }
  return said
}

let told = 0
async function tell(stream: string, event: DomainEvent, finding?: string): Promise<number> {
  const commandId = derivedId('told', told++)
  const findings =
    finding === undefined ? {} : { findings: [{ rule: finding, severity: 'WARN' as const, pointer: '', facts: {} }] }
  const result = await door.store.append({
    stream,
    expected: 'any',
    commandId,
    events: [
      {
        ...event,
        schemaVersion: 1,
        metadata: { commandId, actor: { subject: 'x', roles: ['admin'] }, provenance: 'live', ...findings },
      },
    ],
  })
  if (result.outcome !== 'appended') throw new Error(result.outcome)
  return result.position
}

test('a manifest’s changes are told from a position on, in order, nothing skipped and nothing twice', async () => {
  const all = (
    await listen(producer(P), 'manifestChanged(after: "0") { position manifest { number status } event { type } }', 8)
  ).map(({ data }) => (data as { manifestChanged: { position: string; event: { type: string } } }).manifestChanged)
  expect(all.map(({ event }) => event.type)).toEqual([
    'cn.wufei.manifest.filed.v1',
    'cn.wufei.manifest.picked-up.v1',
    'cn.wufei.manifest.departed.v2',
    'cn.wufei.manifest.arrived.v1',
    'cn.wufei.manifest.load-weighed.v1',
    'cn.wufei.manifest.line-decided.v1',
    'cn.wufei.manifest.completed.v1',
    'cn.wufei.manifest.line-treated.v1',
  ])
})

test('a subscription that was cut off goes on behind the last position it was told', async () => {
  const query = (after: string) => `manifestChanged(after: "${after}") { position event { type } }`
  const of = (said: readonly Record<string, unknown>[]) =>
    said.map(({ data }) => (data as { manifestChanged: { position: string; event: { type: string } } }).manifestChanged)
  const first = of(await listen(producer(P), query('0'), 3)).slice(0, 3)
  const rest = of(await listen(producer(P), query(first.at(-1)?.position ?? ''), 2)).slice(0, 2)
  expect([...first, ...rest].map(({ event }) => event.type)).toEqual([
    'cn.wufei.manifest.filed.v1',
    'cn.wufei.manifest.picked-up.v1',
    'cn.wufei.manifest.departed.v2',
    'cn.wufei.manifest.arrived.v1',
    'cn.wufei.manifest.load-weighed.v1',
  ])
})

test('a finding that is raised now is told to whom it concerns, and to nobody else', async () => {
  const label = (owner: string): DomainEvent => ({
    type: 'LotLabelled',
    occurredAt: '2025-12-08T09:00:00+08:00',
    data: { label: `${owner}9004040620251208001` },
  })
  const said = await listen(producer(P), 'findingRaised { rule subject position }', 1, async () => {
    await tell(`lot-${FOREIGN_LOT}`, label(F), 'R31')
    await tell(`lot-${LOT}`, label(P), 'R31')
  })
  expect(said).toMatchObject([{ data: { findingRaised: { rule: 'R31', subject: LOT } } }])
})

test('of an event with two findings the second is told to who was cut off after the first', async () => {
  const commandId = derivedId('told', 'two findings')
  const finding = (rule: string) => ({ rule, severity: 'WARN' as const, pointer: '', facts: {} })
  const result = await door.store.append({
    stream: `lot-${LOT}`,
    expected: 'any',
    commandId,
    events: [
      {
        type: 'LotLabelled',
        occurredAt: '2025-12-08T10:00:00+08:00',
        data: { label: `${P}9004040620251208002` },
        schemaVersion: 1,
        metadata: {
          commandId,
          actor: { subject: 'x', roles: ['admin'] },
          provenance: 'live',
          findings: [finding('R31'), finding('R42')],
        },
      },
    ],
  })
  const position = result.outcome === 'appended' ? result.position : 0
  await tell(
    `lot-${LOT}`,
    { type: 'LotLabelled', occurredAt: '2025-12-08T11:00:00+08:00', data: { label: `${P}9004040620251208003` } },
    'R60',
  )
  const raised = async (after: string, count: number) =>
    (await listen(producer(P), `findingRaised(${after}) { id rule }`, count))
      .slice(0, count)
      .map(({ data }) => (data as { findingRaised: { id: string; rule: string } }).findingRaised)
  const [first] = await raised(`after: "${position - 1}"`, 1)
  expect(first).toEqual({ id: `${position}-0`, rule: 'R31' })
  const rest = ['R42', 'R60']
  expect((await raised(`after: "${position}"`, 2)).map(({ rule }) => rule)).toEqual(rest)
  expect((await raised(`afterFinding: "${first?.id}"`, 2)).map(({ rule }) => rule)).toEqual(rest)
  expect((await raised(`afterFinding: "${position}-1"`, 1)).map(({ rule }) => rule)).toEqual(['R60'])
})

test('a subscription after what is no place in this log is refused by name, not left deaf', async () => {
  const head = await door.store.head()
  const refusal = async (subscription: string) => {
    const [said] = await listen(admin, subscription, 1)
    return (said as { errors?: { extensions: { code: string; facts: object } }[] }).errors?.[0]?.extensions
  }
  for (const [field, selection] of [
    ['manifestChanged', 'position'],
    ['findingRaised', 'id'],
    ['ledgerChanged', 'position'],
  ] as const) {
    expect(await refusal(`${field}(after: "${head + 1}") { ${selection} }`)).toMatchObject({
      code: 'position-beyond-head',
      facts: { head: String(head), epoch: await door.store.epoch() },
    })
    expect(await refusal(`${field}(after: "-1") { ${selection} }`)).toMatchObject({ code: 'query-invalid' })
  }
  expect(await refusal(`findingRaised(afterFinding: "${head + 1}-0") { id }`)).toMatchObject({
    code: 'position-beyond-head',
  })
  expect(await refusal('findingRaised(afterFinding: "x") { id }')).toMatchObject({ code: 'cursor-invalid' })
  expect(await refusal('findingRaised(after: "0", afterFinding: "1-0") { id }')).toMatchObject({ code: 'after-twice' })
})

test('the ledger’s changes name the streams and days to ask for again', async () => {
  const said = await listen(bureau('hazardous'), 'ledgerChanged(after: "0") { position streams businessDays }', 1)
  expect(said[0]).toMatchObject({
    data: { ledgerChanged: { streams: ['HAZARDOUS'], businessDays: ['2025-12-01', '2025-12-06', '2025-12-07'] } },
  })
})

test('a correction changes the ledger of the days on which what it corrects happened', async () => {
  const [generated] = await door.store.readStream(`lot-${POOL}`)
  if (!generated) throw new Error('the pool begins with its first record')
  const { grams } = generated.data as { readonly grams: Grams }
  const head = await door.store.head()
  await tell(`lot-${POOL}`, {
    type: 'LotCorrected',
    occurredAt: '2025-12-20T10:00:00+08:00',
    data: {
      correction: derivedId('correction', 1),
      changes: [{ of: generated.id, revision: 1, was: { grams }, is: { grams: grams - 1_000 } }],
      reason: '抄错磅单',
      agreed: [P],
    },
  })
  const said = await listen(admin, `ledgerChanged(after: "${head}") { streams businessDays }`, 1)
  const day = businessDay(generated.occurredAt)
  expect(day).not.toBe('2025-12-20')
  expect(said[0]).toMatchObject({ data: { ledgerChanged: { businessDays: expect.arrayContaining([day]) } } })
})

test('one manifest can be followed alone, and a foreign one stays silent', async () => {
  const own = await listen(admin, `manifestChanged(number: "${MANIFEST}", after: "0") { manifest { id } }`, 8)
  expect(
    new Set(
      own.map(({ data }) => (data as { manifestChanged: { manifest: { id: string } } }).manifestChanged.manifest.id),
    ),
  ).toEqual(new Set([MANIFEST]))
})
