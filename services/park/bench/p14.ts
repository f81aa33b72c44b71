import { randomUUID } from 'node:crypto'
import { readConfiguration } from '../../../infra/configuration/configuration.ts'
import { closedLoop, interleaved, median, ratioOf, rounded } from '../../../infra/event-store/bench/measure.ts'
import { freePort } from '../../../infra/postgres/cluster.ts'
import { openLogger } from '../../../infra/telemetry/logger.ts'
import type { Actor } from '../../../schemas/actor.ts'
import { grams } from '../../../schemas/values/mass.ts'
import type { BenchLine, BenchOptions } from '../../../test/load/bench-line.ts'
import { secondDatabase } from '../../../test/load/second-database.ts'
import { generateLot } from '../../generation/commands.ts'
import { registerUnit } from '../../registry/commands.ts'
import { composePark, type ComposedPark } from '../compose.ts'
import { type LoadedPark, type Measured, openSender, startLoadedPark, tokenOf, UNIT } from './park-under-load.ts'

const OPEN = 64
const ROOT = new URL('../../..', import.meta.url)
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
    const http = openSender(origin, await tokenOf(origin, `unit-${UNIT}`), OPEN)
    try {
      const [rounds, milliseconds] = quick ? [2, 1_500] : [6, 3_000]
      await http.load(1_000)
      const rates = await interleaved(rounds, {
        http: async () => (await http.load(milliseconds)).rate,
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

/** What this checkout and the one that `BASE` names measured in turns, each on a database of its own; only this one without `BASE`. */
interface Compared {
  readonly own: readonly Measured[]
  readonly base: readonly Measured[] | undefined
}

async function compare(
  { databaseUrl, base }: BenchOptions,
  [rounds, milliseconds]: readonly [number, number],
  environment: Readonly<Record<string, string>>,
): Promise<Compared> {
  const started: LoadedPark[] = []
  const start = async (root: URL | string, url: string): Promise<LoadedPark> => {
    const park = await startLoadedPark(root, url, OPEN, environment)
    started.push(park)
    await park.load(2_000)
    return park
  }
  try {
    const parks = {
      own: await start(ROOT, databaseUrl),
      base: base === undefined ? undefined : await start(base, await secondDatabase(databaseUrl, 'base')),
    }
    const measured = { own: [] as Measured[], base: [] as Measured[] }
    for (let round = 0; round < rounds; round++) {
      for (const side of round % 2 === 0 ? (['own', 'base'] as const) : (['base', 'own'] as const)) {
        const turn = await parks[side]?.load(milliseconds)
        if (turn) measured[side].push(turn)
      }
    }
    return { own: measured.own, base: base === undefined ? undefined : measured.base }
  } finally {
    for (const park of started) await park.stop()
  }
}

const all = (turns: readonly Measured[], figure: keyof Measured): readonly number[] => turns.map((turn) => turn[figure])
const ratioBetween = ({ own, base = [] }: Compared, figure: keyof Measured): number =>
  rounded(ratioOf(all(own, figure), all(base, figure)))
const figuresOf = ({ own, base }: Compared): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries({ own, base }).flatMap(([side, turns]) =>
      turns === undefined
        ? []
        : [
            [
              side,
              `${Math.round(median(all(turns, 'rate')))}/s, p50 ${rounded(median(all(turns, 'p50')), 1)}, p99 ${rounded(median(all(turns, 'p99')), 1)}, figures behind by ${rounded(median(all(turns, 'behind')), 1)} ms p99`,
            ],
          ],
    ),
  )

const NO_BASE = 'BASE names no checkout to compare with'
const TIMES = 2
const LIVE = { times: 3, p50: 0.4, behindMs: 100 } as const

/** REST alone: what other streams hold may be a minute old, and nothing is logged. */
const againstBase: BenchLine = {
  name: 'P14-base',
  title: `durable commands/s through REST at ${OPEN} connections, against the checkout that BASE names`,
  target: `>= ${TIMES}`,
  async run(options) {
    const turns = options.quick ? ([2, 2_000] as const) : ([7, 4_000] as const)
    const compared = await compare(options, turns, { CONTEXT_MAX_AGE_MS: '60000', LOG_LEVEL: 'error' })
    const ratio = ratioBetween(compared, 'rate')
    const figures = figuresOf(compared)
    return compared.base === undefined
      ? { ratio: Number.NaN, target: TIMES, passed: false, figures, notes: `${NO_BASE}; ${figures['own'] ?? ''}` }
      : { ratio, target: TIMES, passed: ratio >= TIMES, figures }
  },
}

/** The park as people start it. */
const live: BenchLine = {
  name: 'P14-live',
  title: `lots through REST at ${OPEN} connections into a park as npm start gives it, all read models folding: commands/s against the checkout that BASE names`,
  target: `>= ${LIVE.times} x its commands/s, <= ${LIVE.p50} x its p50, figures behind by <= ${LIVE.behindMs} ms p99`,
  async run(options) {
    const turns = options.quick ? ([2, 3_000] as const) : ([5, 15_000] as const)
    const compared = await compare(options, turns, {})
    const [ratio, latency] = [ratioBetween(compared, 'rate'), ratioBetween(compared, 'p50')]
    const inTime = median(all(compared.own, 'behind')) <= LIVE.behindMs
    const figures = figuresOf(compared)
    return compared.base === undefined
      ? { ratio: Number.NaN, target: LIVE.times, passed: false, figures, notes: `${NO_BASE}; ${figures['own'] ?? ''}` }
      : {
          ratio,
          target: LIVE.times,
          passed: ratio >= LIVE.times && latency <= LIVE.p50 && inTime,
          figures: { ...figures, 'p50 against base': latency },
        }
  },
}

export const lines: readonly BenchLine[] = [line, againstBase, live]
