import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { openLogger } from '../../infra/telemetry/logger.ts'
import { composedPark } from '../support/composed-park.ts'
import { CARRIER, CONSIGNOR, filing, furnish, MANIFEST, PLATE, RECEIVER } from '../support/transfers.ts'
import { openCollector, traceTo } from './collector.ts'

const DRIVER = '欧阳测试驾驶员'
const PHONE = '13900001234'
const EMERGENCY = '19900000001'
const NAME_OF_UNIT = `例${CONSIGNOR}`

test('a driver, a phone and the names of units are in no span, no metric and no line of the log, whatever becomes of the command', async () => {
  const collector = await openCollector()
  const logged: string[] = []
  const logger = openLogger('trace', { write: (line: string) => void logged.push(line) })
  const park = await composedPark({ logger, environment: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url } })
  const tracing = await traceTo(collector.url, {}, logger)
  const answers: number[] = []
  try {
    await furnish(park.park.store)
    const admin = await park.token('demo-admin')
    const post = async (path: string, body: unknown) => {
      const headers = {
        authorization: `Bearer ${admin}`,
        'content-type': 'application/json',
        'idempotency-key': randomUUID(),
      }
      const answer = await park.app.inject({
        method: 'POST',
        url: `/api/v1${path}`,
        headers,
        payload: typeof body === 'string' ? body : JSON.stringify(body),
      })
      answers.push(answer.statusCode)
    }
    const driver = { name: DRIVER, phone: PHONE }
    const named = filing({ reason: '补录', legs: [{ carrier: CARRIER, plate: PLATE, driver }] })
    await post('/manifests', named)
    // Filed already, a field that is wrong, a field too many, JSON that breaks off behind the name, no such path.
    await post('/manifests', { ...named, occurredAt: '2025-12-06T08:16:00+08:00' })
    await post('/manifests', { ...named, legs: [{ carrier: CARRIER, plate: DRIVER, driver }] })
    await post('/drivers', { unit: RECEIVER, driver: { ...driver, extra: PHONE }, occurredAt: named.occurredAt })
    await post('/manifests', `{"driver": "${DRIVER}", "phone": "${PHONE}`)
    await post(`/manifests/${MANIFEST}/${encodeURIComponent(DRIVER)}`, {})
    // A fault of the database, whose statement has a person in its parameters.
    await park.park.pool.query('drop table personal.key')
    await post(
      '/manifests',
      filing({
        reason: '补录',
        legs: [{ carrier: CARRIER, plate: PLATE, driver: { name: `${DRIVER}二`, phone: PHONE } }],
      }),
    )
    await park.query(admin, `{ manifests(first: 1) { edges { node { id } } } }`)
    expect(await park.runner.waitFor(await park.park.store.head(), 20_000)).toBe(true)
    const metrics = (await park.app.inject({ url: '/metrics' })).body
    await Promise.all([tracing.stop(), park.runner.stop()])

    expect(answers).toEqual([201, 422, 400, 400, 400, 404, 500])
    const told = { spans: JSON.stringify(collector.exports), metrics, log: logged.join('') }
    expect(collector.spans().map(({ name }) => name)).toEqual(
      expect.arrayContaining(['POST /api/v1/manifests', 'project manifests']),
    )
    expect(metrics).toContain('wufei_refusals_total{code="manifest-already-filed",rule=""} 1')
    expect(logged.length).toBeGreaterThanOrEqual(answers.length)
    for (const [where, text] of Object.entries(told)) {
      for (const secret of [DRIVER, encodeURIComponent(DRIVER), PHONE, EMERGENCY, NAME_OF_UNIT])
        expect(text.includes(secret), `${secret} in ${where}`).toBe(false)
    }
    // Of whom something is, neither spans nor metrics say.
    for (const unit of [CONSIGNOR, CARRIER, RECEIVER])
      expect(`${told.spans}${told.metrics}`.includes(unit), unit).toBe(false)
  } finally {
    await tracing.stop()
    await park.close()
    await collector.close()
  }
})
