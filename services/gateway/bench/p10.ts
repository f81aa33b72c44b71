import fastify from 'fastify'
import type pg from 'pg'
import { quantile, rounded } from '../../../infra/event-store/bench/measure.ts'
import type { EventStore } from '../../../infra/event-store/port.ts'
import { openPostgresStore } from '../../../infra/event-store/postgres/store.ts'
import { identifyActors } from '../../../infra/http/actor.ts'
import { openPool } from '../../../infra/postgres/sessions.ts'
import { fillDatabase } from '../../../projections/bench/fill-database.ts'
import type { ReadDatabase } from '../../../projections/sql.ts'
import type { BenchLine, BenchOptions } from '../../../test/load/bench-line.ts'
import { secondDatabase } from '../../../test/load/second-database.ts'
import { graphqlPlugin } from '../graphql/plugin.ts'
import { openIds } from '../../../infra/ids/ids.ts'
import { projectedReadSide } from '../graphql/projected-read-side.ts'

const QUESTIONS = ['ledger', 'as known earlier', 'rate', 'custody'] as const
type Question = (typeof QUESTIONS)[number]

/** Milliseconds of one question: through GraphQL, and of the statements that it sends to PostgreSQL, sent again by themselves. */
interface Latency {
  readonly graphql: number
  readonly sql: number
}
/** p99 of each question. */
type Latencies = Readonly<Record<Question, Latency>>

const byQuestion = <T>(of: (question: Question) => T): Readonly<Record<Question, T>> =>
  Object.fromEntries(QUESTIONS.map((question) => [question, of(question)])) as Record<Question, T>

interface Asked {
  readonly query: string
  readonly variables: Readonly<Record<string, unknown>>
}

const LEDGER =
  'query ($from: Date!, $to: Date!, $asOf: AsOf) { ledger(from: $from, to: $to, asOf: $asOf) { trialBalance position cells { stage stream opening in out adjusted closing } } }'
const RATE =
  'query ($from: Date!, $to: Date!) { recyclingRate(from: $from, to: $to, stream: HAZARDOUS, scope: { insideParkOnly: true }) { value percent numerator denominator formula { edition } position } }'
const CUSTODY =
  'query ($of: ID!) { custody(of: $of) { root balanced truncated nodes { id kind title grams open wasteCode } edges { from to kind grams at } } }'

type Sent = Parameters<ReadDatabase['query']>[0]

/** A database that notes what it is asked while somebody listens. */
function noting(pool: pg.Pool): {
  readonly database: ReadDatabase
  note<T>(work: () => Promise<T>): Promise<readonly Sent[]>
} {
  let notes: Sent[] | undefined
  return {
    database: {
      query: (statement) => {
        notes?.push(statement)
        return pool.query(statement)
      },
    },
    async note(work) {
      const mine: Sent[] = (notes = [])
      await work()
      notes = undefined
      return mine
    },
  }
}

interface Park {
  /** Asks the question of that turn, through GraphQL and by bare SQL. */
  ask(question: Question, turn: number): Promise<Latency>
  close(): Promise<void>
}

async function openPark(databaseUrl: string): Promise<Park> {
  const store = await openPostgresStore({ url: databaseUrl })
  const pool = openPool({ connectionString: databaseUrl, options: '-c search_path=rm', max: 24 })
  const app = fastify()
  const { database, note } = noting(pool)
  const head = await store.head()
  const runner = { position: () => Promise.resolve(head), waitFor: () => Promise.resolve(true) }
  identifyActors(app, () => Promise.resolve({ subject: 'bench', roles: ['admin'] }))
  await app.register(graphqlPlugin, {
    readSide: projectedReadSide({ ids: openIds({ secret: Buffer.alloc(32), keyed: true }), database, store, runner }),
  })
  const questions = await askedOf(pool, store)

  const ask = async ({ query, variables }: Asked) => {
    const answer = await app.inject({ method: 'POST', url: '/graphql', payload: { query, variables } })
    if (answer.statusCode !== 200 || answer.body.includes('"errors"')) throw new Error(answer.body.slice(0, 500))
  }
  const timed = async (work: () => Promise<unknown>): Promise<number> => {
    const began = performance.now()
    await work()
    return performance.now() - began
  }
  return {
    async ask(question, turn) {
      const list = questions[question]
      const asked = list[turn % list.length] as Asked
      const statements = await note(() => ask(asked))
      const graphql = await timed(() => ask(asked))
      const sql = await timed(async () => {
        if (question === 'as known earlier')
          await store.positionAt((asked.variables['asOf'] as { readonly knownAt: string }).knownAt)
        for (const statement of statements) await pool.query(statement)
      })
      return { graphql, sql }
    },
    async close() {
      await app.close()
      await pool.end()
      await store.close()
    },
  }
}

const WARM_UP = 40
const LOTS = 40
const MONTHS = 12
// That of the made-up log.
const FIRST_YEAR = 2025

/** The same kinds of questions whatever the size: whole months spread over all that the log holds, days in their midst, packages of all ages. */
async function askedOf(pool: pg.Pool, store: EventStore): Promise<Readonly<Record<Question, readonly Asked[]>>> {
  const [newest] = await store.readAll((await store.head()) - 1, 1)
  const last = new Date(newest?.occurredAt ?? Number.NaN)
  const whole = (last.getUTCFullYear() - FIRST_YEAR) * 12 + last.getUTCMonth()
  const day = (month: number, date: number) => new Date(Date.UTC(FIRST_YEAR, month, date)).toISOString().slice(0, 10)
  const periods = Array.from(
    { length: Math.min(whole, MONTHS) },
    (_, i) => Math.floor(((i + 1) * whole) / Math.min(whole, MONTHS)) - 1,
  ).map((month) => ({
    from: day(month, 1),
    to: day(month + 1, 0),
  }))
  const { rows } = await pool.query<{ id: string }>(`select id from lot where not pool order by md5(id) limit ${LOTS}`)
  return {
    ledger: periods.map((variables) => ({ query: LEDGER, variables })),
    'as known earlier': periods.map((period) => ({
      query: LEDGER,
      variables: { ...period, asOf: { knownAt: `${period.from.slice(0, 7)}-20T12:00:00+08:00` } },
    })),
    rate: periods.map((variables) => ({ query: RATE, variables })),
    custody: rows.map(({ id }) => ({ query: CUSTODY, variables: { of: id } })),
  }
}

interface Sizes {
  readonly small: Latencies
  readonly large: Latencies
  readonly events: readonly [number, number]
}
const SIZES = ['small', 'large'] as const
type Size = (typeof SIZES)[number]

// The three lines are readings of one measurement, which takes minutes: it is made once a run.
let measured: Promise<Sizes> | undefined

/** Asks both sizes in turns, forth and back, so that whatever else the machine does hits both. */
async function bothSizes({ databaseUrl, quick, events: asked }: BenchOptions): Promise<Sizes> {
  const events = [100_000, asked ?? (quick ? 200_000 : 1_000_000)] as const
  const urls = [databaseUrl, await secondDatabase(databaseUrl, 'large')] as const
  for (const i of [0, 1] as const) await fillDatabase(urls[i], events[i])
  const parks: Readonly<Record<Size, Park>> = { small: await openPark(urls[0]), large: await openPark(urls[1]) }
  try {
    return { events, ...(await askInTurns(parks, quick ? 100 : 1_000)) }
  } finally {
    for (const park of Object.values(parks)) await park.close()
  }
}

async function askInTurns(
  parks: Readonly<Record<Size, Park>>,
  rounds: number,
): Promise<Readonly<Record<Size, Latencies>>> {
  const answers = { small: byQuestion<Latency[]>(() => []), large: byQuestion<Latency[]>(() => []) }
  for (let turn = 0; turn < WARM_UP + rounds; turn++) {
    for (const question of QUESTIONS) {
      for (const size of turn % 2 === 0 ? SIZES : SIZES.toReversed()) {
        const answer = await parks[size].ask(question, turn)
        if (turn >= WARM_UP) answers[size][question].push(answer)
      }
    }
  }
  const p99 = (list: readonly Latency[], side: keyof Latency) =>
    quantile(
      list.map((answer) => answer[side]),
      0.99,
    )
  const latencies = (size: Size): Latencies =>
    byQuestion((question) => ({
      graphql: p99(answers[size][question], 'graphql'),
      sql: p99(answers[size][question], 'sql'),
    }))
  return { small: latencies('small'), large: latencies('large') }
}

function line(name: string, title: string, limit: number, ratioOf: (sizes: Sizes) => readonly number[]): BenchLine {
  return {
    name,
    title,
    target: `<= ${limit}`,
    async run(options) {
      const sizes = await (measured ??= bothSizes(options))
      const ratio = rounded(Math.max(...ratioOf(sizes)))
      const figures = Object.fromEntries(
        QUESTIONS.map((question) => {
          const [small, large] = [sizes.small[question], sizes.large[question]]
          return [
            `${question}, p99 ms GraphQL (SQL)`,
            `${sizes.events[0]}: ${rounded(small.graphql)} (${rounded(small.sql)}), ${sizes.events[1]}: ${rounded(large.graphql)} (${rounded(large.sql)})`,
          ]
        }),
      )
      return { ratio, target: limit, passed: ratio <= limit, figures }
    },
  }
}

export const lines: readonly BenchLine[] = [
  line(
    'P10',
    'ledger, ledger as known earlier, rate, custody: p99 through GraphQL against the SQL behind it, worst of both sizes',
    2.5,
    ({ small, large }) =>
      [small, large].flatMap((size) => QUESTIONS.map((question) => size[question].graphql / size[question].sql)),
  ),
  line(
    'P10-scale',
    'the same: p99 through GraphQL of the larger log against the smaller one, worst question',
    1.5,
    ({ small, large }) => QUESTIONS.map((question) => large[question].graphql / small[question].graphql),
  ),
  line(
    'P10-as-of',
    'ledger as known on an earlier day against now: p99 through GraphQL, worst size',
    1.5,
    ({ small, large }) => [small, large].map((size) => size['as known earlier'].graphql / size.ledger.graphql),
  ),
]
