import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { createInterface } from 'node:readline'
import { readConfiguration } from '../../../infra/configuration/configuration.ts'
import { closedLoop, interleaved, median, ratioOf, rounded } from '../../../infra/event-store/bench/measure.ts'
import { DEMO_SECRET } from '../../../infra/identity/issuer/accounts.ts'
import { freePort } from '../../../infra/postgres/cluster.ts'
import { openLogger } from '../../../infra/telemetry/logger.ts'
import type { Actor } from '../../../schemas/actor.ts'
import { grams } from '../../../schemas/values/mass.ts'
import type { BenchLine } from '../../../test/load/bench-line.ts'
import { generateLot } from '../../generation/commands.ts'
import { registerUnit } from '../../registry/commands.ts'
import { composePark, type ComposedPark } from '../compose.ts'

const OPEN = 64
const UNIT = '914403001922038216'
const admin: Actor = { subject: 'bench', roles: ['admin'] }

/** The same command through REST and through the service's own use case, in turns: what HTTP, tokens, JSON and problems cost. */
const line: BenchLine = {
  name: 'P14',
  title: `durable commands/s through REST at ${OPEN} connections, against the same command through the service API`,
  target: 'none set; the price of HTTP is stated',
  async run({ quick, databaseUrl }) {
    const port = await freePort()
    const origin = `http://127.0.0.1:${port}`
    const config = {
      ...readConfiguration({}),
      DATABASE_URL: databaseUrl,
      PORT: port,
      RATE_LIMIT_PER_MINUTE: 10_000_000,
      CONTEXT_MAX_AGE_MS: 60_000,
    }
    const composed = await composePark(config, { url: origin, logger: openLogger('error', process.stderr) })
    await registerUnit(
      composed.park.runtime,
      { unit: UNIT, name: '示例单位', roles: ['producer'], inside: true, occurredAt: new Date().toISOString() },
      { commandId: randomUUID(), actor: admin, provenance: 'live' },
    )
    await composed.app.listen({ host: '127.0.0.1', port })
    const http = openHttpLoad(origin, await tokenOf(origin))
    try {
      const [rounds, milliseconds] = quick ? [2, 1_500] : [6, 3_000]
      await http.rate(1_000)
      const rates = await interleaved(rounds, {
        http: () => http.rate(milliseconds),
        api: () => closedLoop(OPEN, milliseconds, () => generate(composed)),
      })
      const ratio = rounded(ratioOf(rates.http, rates.api))
      return {
        ratio,
        target: 0,
        passed: true,
        figures: {
          'HTTP commands/s': Math.round(median(rates.http)),
          'service API commands/s': Math.round(median(rates.api)),
        },
        notes: 'the sender of the HTTP load, the park and PostgreSQL share the two cores',
      }
    } finally {
      http.end()
      await composed.close()
    }
  },
}

async function generate({ park }: ComposedPark): Promise<void> {
  const command = {
    unit: UNIT,
    waste: { stream: 'hazardous', code: '900-249-08' },
    grams: grams(54_000),
    occurredAt: park.runtime.clock.now(),
  } as const
  const outcome = await generateLot(park.runtime, command, {
    commandId: randomUUID(),
    actor: admin,
    provenance: 'live',
  })
  if (outcome.status !== 'done') throw new Error(`a command of the bench came to ${JSON.stringify(outcome)}`)
}

async function tokenOf(origin: string): Promise<string> {
  const response = await fetch(`${origin}/oidc/token`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`unit-${UNIT}:${DEMO_SECRET}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: 'grant_type=client_credentials',
  })
  const { access_token: token } = (await response.json()) as { access_token?: string }
  if (token === undefined) throw new Error(`no token for the bench: ${response.status}`)
  return token
}

function openHttpLoad(origin: string, token: string): { rate(milliseconds: number): Promise<number>; end(): void } {
  const sender = spawn(
    process.execPath,
    [new URL('http-load.mjs', import.meta.url).pathname, origin, token, UNIT, String(OPEN)],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  )
  const answers = createInterface({ input: sender.stdout })[Symbol.asyncIterator]()
  return {
    async rate(milliseconds) {
      sender.stdin.write(`${milliseconds}\n`)
      const { value, done } = await answers.next()
      if (done) throw new Error('the sender of the HTTP load ended')
      return Number(value)
    },
    end: () => void sender.stdin.end(),
  }
}

export const lines: readonly BenchLine[] = [line]
