import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { admit } from '../../infra/event-store/admission.ts'
import { observedBatches } from '../../infra/event-store/observed-batches.ts'
import { openLogger } from '../../infra/telemetry/logger.ts'
import { spanned } from '../../infra/telemetry/spans.ts'
import type { Tracing } from '../../infra/telemetry/tracing.ts'
import { manifestStream, lotStream } from '../../schemas/values/identifiers.ts'
import { composedPark, type TestPark } from '../support/composed-park.ts'
import { CONSIGNOR, filing, furnish, MANIFEST, OLD, SOLVENT } from '../support/transfers.ts'
import { openCollector, traceTo, type Collector, type ExportedSpan } from './collector.ts'

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const CALLER = '00f067aa0ba902b7'
const sampled = (trace = TRACE) => `00-${trace}-${CALLER}-01`
const REASON = '补录'
// Spans are sent every five seconds (OpenTelemetry, OTEL_BSP_SCHEDULE_DELAY).
const SENT_WITHIN = { timeout: 20_000, interval: 100 }

let park: TestPark
let admin: string
let collector: Collector
let tracing: Tracing | undefined
/** Collects spans of pages: the folding thread is traced from its start, as a park is. */
let pages: Collector
const logged: string[] = []

beforeAll(async () => {
  pages = await openCollector()
  park = await composedPark({
    logger: openLogger('info', { write: (line: string) => void logged.push(line) }),
    environment: { OTEL_EXPORTER_OTLP_ENDPOINT: pages.url },
  })
  admin = await park.token('demo-admin')
  await furnish(park.park.store)
})
afterAll(async () => {
  await park.close()
  await pages.close()
})
afterEach(async () => {
  await tracing?.stop()
  tracing = undefined
  await collector?.close()
})

/** Everything that was traced since the collector was opened, after all of it is folded. */
async function spansOf(): Promise<readonly ExportedSpan[]> {
  expect(await park.runner.waitFor(await park.park.store.head(), 20_000)).toBe(true)
  await tracing?.stop()
  tracing = undefined
  return collector.spans()
}

const post = (path: string, body: object, headers: Readonly<Record<string, string>> = {}) =>
  park.app.inject({
    method: 'POST',
    url: `/api/v1${path}`,
    headers: {
      authorization: `Bearer ${admin}`,
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
      ...headers,
    },
    payload: JSON.stringify(body),
  })

let serial = 0
const lot = () => ({
  unit: CONSIGNOR,
  waste: { stream: 'hazardous', code: SOLVENT },
  name: '废清洗溶剂',
  grams: 54_000,
  batch: `HWCS20251205${801 + serial++}`,
  facility: 'MF0001',
  occurredAt: '2025-12-06T01:15:00+08:00',
  reason: REASON,
})

const one = (spans: readonly ExportedSpan[], name: string): ExportedSpan => {
  const [found, ...more] = spans.filter((span) => span.name === name)
  if (!found || more.length > 0)
    throw new Error(`${name}: ${more.length + (found ? 1 : 0)} in ${spans.map((span) => span.name).join(', ')}`)
  return found
}
const linksTo = (span: ExportedSpan, to: ExportedSpan): boolean =>
  span.links.some(({ traceId, spanId }) => traceId === to.traceId && spanId === to.spanId)

test('a command is one trace from the caller through request, decision and append; its batch and the pages of its events are linked to it', async () => {
  collector = await openCollector()
  tracing = await traceTo(collector.url, {
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20collector',
    OTEL_SERVICE_NAME: 'park-one',
  })
  const answer = await post('/lots', lot(), { traceparent: sampled() })
  expect(answer.statusCode, answer.body).toBe(201)
  const spans = await spansOf()

  const [request, command, decide, append, batch] = [
    'POST /api/v1/lots',
    'command',
    'decide',
    'append',
    'append batch',
  ].map((name) => one(spans, name)) as [ExportedSpan, ExportedSpan, ExportedSpan, ExportedSpan, ExportedSpan]
  expect([request, command, decide, append].map(({ traceId }) => traceId)).toEqual([TRACE, TRACE, TRACE, TRACE])
  expect(request.parentSpanId).toBe(CALLER)
  expect(command.parentSpanId).toBe(request.spanId)
  expect([decide.parentSpanId, append.parentSpanId]).toEqual([command.spanId, command.spanId])
  expect(batch.traceId).not.toBe(TRACE)
  expect(batch.parentSpanId ?? '').toBe('')
  expect(linksTo(batch, append)).toBe(true)
  for (const projection of ['journal', 'lots'])
    await vi.waitFor(
      () => expect(linksTo(one(pages.spans(), `project ${projection}`), command)).toBe(true),
      SENT_WITHIN,
    )

  const [event] = await park.park.store.readStream(lotStream(answer.json<{ id: string }>().id))
  expect(event?.metadata.traceparent).toBe(`00-${TRACE}-${command.spanId}-01`)
  expect(collector.headers[0]).toMatchObject({ authorization: 'Bearer collector' })
  expect(JSON.stringify(collector.exports[0]?.resourceSpans[0]?.resource)).toContain('park-one')
  const line = logged
    .map((text) => JSON.parse(text) as Record<string, unknown>)
    .find(({ trace_id }) => trace_id === TRACE)
  expect(line).toMatchObject({ msg: 'request', route: '/api/v1/lots', span_id: request.spanId })
})

test('each command is linked to the one batch that carried it, and is not its parent', async () => {
  collector = await openCollector()
  tracing = await traceTo(collector.url)
  const answers = await Promise.all(Array.from({ length: 12 }, () => post('/lots', lot())))
  expect(answers.map(({ statusCode }) => statusCode)).toEqual(answers.map(() => 201))
  const spans = await spansOf()
  const batches = spans.filter(({ name }) => name === 'append batch')
  const appends = spans.filter(({ name }) => name === 'append')
  expect(appends.length).toBeGreaterThanOrEqual(12)
  for (const append of appends) expect(batches.filter((batch) => linksTo(batch, append))).toHaveLength(1)
  for (const batch of batches) expect(batch.parentSpanId ?? '').toBe('')
})

test('a batch that carries two commands is linked to both', async () => {
  collector = await openCollector()
  tracing = await traceTo(collector.url)
  const sizes: number[] = []
  const { from, send } = observedBatches(
    () => Promise.resolve([]),
    (requests) => sizes.push(requests),
  )
  const event = { type: 'LotLabelled', schemaVersion: 1, occurredAt: '2025-12-06T08:15:00+08:00', data: {} }
  const admitted = ['one', 'two'].map((name) => {
    const commandId = randomUUID()
    const metadata = { commandId, actor: { subject: 's', roles: [] }, provenance: 'live' as const }
    return spanned(name, {}, () =>
      from(admit({ stream: `lot-${name}`, expected: 0, commandId, events: [{ ...event, metadata }] })),
    )
  })
  await send(admitted)
  const spans = await spansOf()
  for (const name of ['one', 'two']) expect(linksTo(one(spans, 'append batch'), one(spans, name))).toBe(true)
  expect(sizes).toEqual([2])
})

test('what follows from an event by policy belongs to the trace of the command that caused it', async () => {
  collector = await openCollector()
  tracing = await traceTo(collector.url)
  const trace = TRACE.replaceAll('4', '5')
  const answer = await post('/manifests', filing({ reason: REASON }), { traceparent: sampled(trace) })
  expect(answer.statusCode, answer.body).toBe(201)
  const spans = await spansOf()
  // The manifest itself, and a reservation for each of its two packages.
  const commands = spans.filter(({ name, traceId }) => name === 'command' && traceId === trace)
  const events = [
    ...(await park.park.store.readStream(manifestStream(MANIFEST))),
    ...(await park.park.store.readStream(lotStream(OLD.lot))).slice(-1),
  ]
  expect(events.map(({ type }) => type)).toEqual(['ManifestFiled', 'LotReserved'])
  for (const { metadata } of events)
    expect(commands.map(({ spanId }) => `00-${trace}-${spanId}-01`)).toContain(metadata.traceparent)
})

test('a share of 0 keeps no trace, not even of a caller who asks for theirs, and events keep what the caller sent', async () => {
  collector = await openCollector()
  tracing = await traceTo(collector.url, { OTEL_TRACES_SAMPLER_ARG: '0' })
  const answer = await post('/lots', lot(), { traceparent: sampled() })
  expect(await spansOf()).toEqual([])
  const [event] = await park.park.store.readStream(lotStream(answer.json<{ id: string }>().id))
  expect(event?.metadata.traceparent).toBe(sampled())
})

test('without a collector events keep the trace of the caller, and nothing where there is none or it cannot be read', async () => {
  const traceOf = async (headers: Readonly<Record<string, string>>) => {
    const answer = await post('/lots', lot(), headers)
    const [event] = await park.park.store.readStream(lotStream(answer.json<{ id: string }>().id))
    return event?.metadata.traceparent
  }
  expect(await traceOf({ traceparent: sampled() })).toBe(sampled())
  expect(await traceOf({})).toBeUndefined()
  for (const wrong of [
    'x',
    sampled('0'.repeat(32)),
    `ff-${TRACE}-${CALLER}-01`,
    `${sampled()}-more`,
    sampled().toUpperCase(),
  ])
    expect(await traceOf({ traceparent: wrong })).toBeUndefined()
})

test('a collector that is gone costs no command, and the park says that it is gone', async () => {
  collector = await openCollector()
  const { url } = collector
  await collector.close()
  const told: string[] = []
  tracing = await traceTo(url, {}, openLogger('warn', { write: (line: string) => void told.push(line) }))
  expect((await post('/lots', lot())).statusCode).toBe(201)
  await tracing.stop()
  expect(told.join('')).toContain('ECONNREFUSED')
})
