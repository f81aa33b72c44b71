import { existsSync, readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import formats from 'ajv-formats'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { RecordedEvent } from '../../infra/event-store/port.ts'
import { upcast } from '../../infra/event-store/upcast.ts'
import { allProjections } from '../../projections/all.ts'
import { wildHistory } from '../../projections/journal/random-history.ts'
import { openMemoryTables } from '../../projections/runner/memory-tables.ts'
import { eventSchemas, type EventType, versionOf } from '../../schemas/streams.ts'
import { fromIntegration, toIntegration } from '../../schemas/integration/cloud-event.ts'
import { headersOf } from '../../schemas/integration/headers.ts'
import { messages } from '../../schemas/integration/messages.ts'
import { pastOf } from '../support/past.ts'
import { storedEvents } from '../support/stored-events.ts'

const stored = storedEvents()

/** There, through JSON, and back. */
function roundTrip(event: RecordedEvent): RecordedEvent {
  const restored = fromIntegration(JSON.parse(JSON.stringify(toIntegration(event))))
  if (!restored.ok) throw new Error(`${event.type} came back as ${restored.why}: ${restored.detail}`)
  return restored.event
}

async function rowsOf(events: readonly RecordedEvent[]): Promise<object> {
  const rows: Record<string, unknown> = {}
  for (const projection of allProjections) {
    const tables = openMemoryTables()
    const handled = events.filter(({ type }) => (projection.handles as readonly string[]).includes(type))
    const folding = projection.open()
    for (let at = 0; at < handled.length; at += 40)
      tables.apply(await folding.fold(handled.slice(at, at + 40), tables.rows, pastOf(events)))
    for (const table of projection.tables) rows[`${projection.name}.${table.name}`] = tables.all(table)
  }
  return rows
}

describe('an event that is told to the world and read back', () => {
  test('is the recorded event in its newest schema, to the last field', () => {
    for (const event of stored)
      expect(roundTrip(event)).toEqual({
        ...event,
        schemaVersion: versionOf(event.type as EventType),
        data: upcast(event).data,
      })
  })

  test('keeps the trace that it was decided in, where there is one, and tells it in the headers of its record too', () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
    const [event] = stored as [RecordedEvent]
    const traced = { ...event, metadata: { ...event.metadata, traceparent } }
    expect(roundTrip(traced).metadata.traceparent).toBe(traceparent)
    const [told, untold] = [traced, event].map(
      (one) => headersOf(one, { previous: 0, before: 0, epoch: 'e1' }).traceparent,
    )
    expect([told, untold]).toEqual([traceparent, undefined])
  })

  test('folds to the same rows: every event that was ever stored', async () => {
    expect(await rowsOf(stored.map(roundTrip))).toEqual(await rowsOf(stored))
  })

  test('folds to the same rows: histories made by chance', async () => {
    let told = 0
    await fc.assert(
      fc.asyncProperty(wildHistory(60), async (history) => {
        const valid = history.filter(({ type, data }) => eventSchemas[type as EventType].safeParse(data).success)
        told += valid.length
        expect(await rowsOf(valid.map(roundTrip))).toEqual(await rowsOf(valid))
      }),
      { numRuns: 40, seed: 11 },
    )
    expect(told).toBeGreaterThan(500)
  })

  test('of a version before, as topics still hold it, is read as well', () => {
    const former = stored.filter(({ type }) => messages[type as EventType].version > 1)
    expect([...new Set(former.map(({ type }) => type))].sort()).toEqual(
      Object.entries(messages)
        .filter(([, { version }]) => version > 1)
        .map(([type]) => type)
        .sort(),
    )
    for (const event of former) {
      const now = toIntegration(event)
      const then = { ...now, type: now.type.replace(/v2$/, 'v1'), data: { ...now.data, facts: event.data } }
      expect(now.data.facts, event.type).not.toEqual(event.data)
      expect(fromIntegration(JSON.parse(JSON.stringify(then)))).toEqual(
        fromIntegration(JSON.parse(JSON.stringify(now))),
      )
      expect(fromIntegration({ ...then, data: now.data }), event.type).toMatchObject({ ok: false, why: 'malformed' })
    }
  })

  test('names the document of a correction, a lot or a manifest, and finds it again', () => {
    const proposed = stored.find(({ type }) => type === 'CorrectionProposed')
    if (!proposed) throw new Error('there is a fixture of a proposal')
    const { lot, ...rest } = proposed.data as { readonly lot: string }
    const ofManifest = { ...proposed, data: { ...rest, manifest: '5f0c0c0e-0000-4000-8000-000000000001' } }
    for (const [event, document] of [
      [proposed, { kind: 'lot', id: lot }],
      [ofManifest, { kind: 'manifest', id: ofManifest.data.manifest }],
    ] as const) {
      const message = JSON.parse(JSON.stringify(toIntegration(event)))
      expect(message).toMatchObject({ type: 'cn.wufei.correction.proposed.v2', data: { facts: { document } } })
      expect(fromIntegration(message)).toMatchObject({ ok: true, event: { data: event.data } })
    }
  })

  test('has a public name of its own: no two messages share one', () => {
    const names = Object.values(messages).map(({ name }) => name)
    expect(new Set(names).size).toBe(Object.keys(eventSchemas).length)
    for (const name of names)
      expect(name).toMatch(
        /^cn\.wufei\.(lot|manifest|unit|plan|claim|finding|case|outage|correction|treatment|hold)\.[a-z]+(-[a-z]+)*$/,
      )
  })
})

describe('a message that is no event', () => {
  const [first] = stored
  const message = JSON.parse(JSON.stringify(toIntegration(first as RecordedEvent))) as Record<string, unknown> & {
    data: { facts: object }
  }

  test.each([
    ['text', 'malformed', 'nothing'],
    ['null', 'malformed', null],
    ['another standard', 'malformed', { ...message, specversion: '2.0' }],
    ['a place that is no number', 'malformed', { ...message, position: '-1' }],
    ['a place beyond what JavaScript can count', 'malformed', { ...message, position: '9007199254740993' }],
    [
      'facts with a field too many',
      'malformed',
      { ...message, data: { ...message.data, facts: { ...message.data.facts, surprise: 1 } } },
    ],
    ['no facts', 'malformed', { ...message, data: {} }],
    ['a type of somebody else', 'unknown-type', { ...message, type: 'cn.elsewhere.thing.v1' }],
    ['a type of the prototype', 'unknown-type', { ...message, type: 'constructor.v1' }],
    ['a version to come', 'unknown-version', { ...message, type: String(message.type).replace(/v\d+$/, 'v99') }],
  ])('%s is told apart as %s', (_, why, given) => {
    expect(fromIntegration(given)).toMatchObject({ ok: false, why })
  })

  test('never throws, whatever it is given', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(...Object.keys(message)), fc.jsonValue(), (any, field, value) => {
        expect(typeof fromIntegration(any).ok).toBe('boolean')
        expect(typeof fromIntegration({ ...message, [field]: value }).ok).toBe('boolean')
        expect(typeof fromIntegration({ ...message, data: { ...message.data, facts: any } }).ok).toBe('boolean')
      }),
      { numRuns: 300, seed: 5 },
    )
  })

  test('an event that a later system stored is not guessed at', () => {
    expect(() => toIntegration({ ...(first as RecordedEvent), schemaVersion: 99 })).toThrow('newer')
    expect(() => toIntegration({ ...(first as RecordedEvent), type: 'LotDreamtOf' })).toThrow('no message')
  })
})

const published = new URL('../../../shared/testdata/cloudevents/cloudevents-1.0-schema.json', import.meta.url)
const schemaThere = existsSync(published)
if (!schemaThere) console.log('skipped: the published schema of CloudEvents 1.0 is not beside this clone (../shared)')

test.skipIf(!schemaThere)('every message is valid by the published schema of CloudEvents 1.0', () => {
  const ajv = new Ajv({ strict: false, allErrors: true })
  ;(formats as unknown as (ajv: Ajv) => void)(ajv)
  const validate = ajv.compile(JSON.parse(readFileSync(published, 'utf8')))
  for (const event of stored) {
    const message = toIntegration(event, { source: 'urn:wufei:park:suzhou' })
    expect(validate(JSON.parse(JSON.stringify(message))), JSON.stringify(validate.errors)).toBe(true)
    for (const [name, value] of Object.entries(message)) {
      expect(name).toMatch(/^[a-z0-9]{1,20}$/)
      // Attributes of CloudEvents are text, whole numbers or truth values; only `data` may be more.
      if (name !== 'data') expect(['string', 'number', 'boolean']).toContain(typeof value)
    }
  }
})
