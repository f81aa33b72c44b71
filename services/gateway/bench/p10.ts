import fastify from 'fastify'
import pg from 'pg'
import { quantile, rounded } from '../../../infra/event-store/bench/measure.ts'
import type { EventStore } from '../../../infra/event-store/port.ts'
import { openPostgresStore } from '../../../infra/event-store/postgres/store.ts'
import { identifyActors } from '../../../infra/http/actor.ts'
import { allProjections } from '../../../projections/all.ts'
import { loadSyntheticEvents } from '../../../projections/bench/load-events.ts'
import { prepareTables } from '../../../projections/runner/prepare.ts'
import { rebuild } from '../../../projections/runner/rebuild.ts'
import type { ReadDatabase } from '../../../projections/sql.ts'
import type { BenchLine, BenchOptions } from '../../../test/load/bench-line.ts'
import { graphqlPlugin } from '../graphql/plugin.ts'
import { projectedReadSide } from '../graphql/projected-read-side.ts'

const QUESTIONS = ['ledger', 'as known earlier', 'rate', 'custody'] as const
type Question = (typeof QUESTIONS)[number]

/** p99 of one question, milliseconds: through GraphQL, and of the statements that it sends to PostgreSQL, sent again by themselves. */
interface Latency {
  readonly graphql: number
  readonly sql: number
}
type Latencies = Readonly<Record<Question, Latency>>

interface Asked {
  readonly query: string
  readonly variables: Readonly<Record<string, unknown>>
}

const LEDGER =
  'query ($from: Date!, $to: Date!, $asOf: AsOf) { ledger(from: $from, to: $to, asOf: $asOf) { trialBalance position cells { stage stream opening in out adjusted closing } } }'
const RATE =
  'query ($from: Date!, $to: Date!) { recyclingRate(from: $from, to: $to, stream: HAZARDOUS, scope: { insideParkOnly: true }) { value percent numerator denominator formula { edition } position } }'
const CUSTODY = 'query ($of: ID!) { custody(of: $of) { root balanced truncated nodes { id kind title grams open wasteCode } edges { from to kind grams at } } }'

type Sent = Parameters<ReadDatabase['query']>[0]

/** A database that notes what it is asked while somebody listens. */
function noting(pool: pg.Pool): { readonly database: ReadDatabase; note<T>(work: () => Promise<T>): Promise<readonly Sent[]> } {
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

/** Fills a database with so many events and asks it, question by question in turns, through GraphQL and by bare SQL. */
async function measure(databaseUrl: string, events: number, rounds: number): Promise<Latencies> {
  await loadSyntheticEvents(databaseUrl, events)
  const store = await openPostgresStore({ url: databaseUrl })
  const pool = new pg.Pool({ connectionString: databaseUrl, options: '-c search_path=rm', max: 24 })
  const app = fastify()
  try {
    await prepareTables(pool, 'rm', allProjections, store)
    await rebuild({ pool, store, projections: allProjections, compare: false })
    await pool.query('vacuum analyze')
    const { database, note } = noting(pool)
    const head = await store.head()
    const runner = { position: () => Promise.resolve(head), waitFor: () => Promise.resolve(true) }
    identifyActors(app, () => Promise.resolve({ subject: 'bench', roles: ['admin'] }))
    await app.register(graphqlPlugin, { readSide: projectedReadSide({ database, store, runner }) })
    const ask = async ({ query, variables }: Asked) => {
      const answer = await app.inject({ method: 'POST', url: '/graphql', payload: { query, variables } })
      if (answer.statusCode !== 200 || answer.body.includes('"errors"')) throw new Error(answer.body.slice(0, 500))
    }
    const questions = await askedOf(pool, store)

    const times = new Map<string, number[]>(
      QUESTIONS.flatMap((question) => [
        [`graphql ${question}`, []],
        [`sql ${question}`, []],
      ]),
    )
    const timed = async (name: string, work: () => Promise<unknown>, counted: boolean) => {
      const began = performance.now()
      await work()
      if (counted) times.get(name)?.push(performance.now() - began)
    }
    for (let round = -WARM_UP; round < rounds; round++) {
      for (const question of QUESTIONS) {
        const list = questions[question]
        const asked = list[(round + WARM_UP) % list.length] as Asked
        const statements = await note(() => ask(asked))
        const bare = async () => {
          if (question === 'as known earlier') await store.positionAt((asked.variables['asOf'] as { readonly knownAt: string }).knownAt)
          for (const statement of statements) await pool.query(statement)
        }
        await timed(`graphql ${question}`, () => ask(asked), round >= 0)
        await timed(`sql ${question}`, bare, round >= 0)
      }
    }
    const p99 = (name: string) => quantile(times.get(name) ?? [], 0.99)
    return Object.fromEntries(QUESTIONS.map((question) => [question, { graphql: p99(`graphql ${question}`), sql: p99(`sql ${question}`) }])) as Record<
      Question,
      Latency
    >
  } finally {
    await app.close()
    await pool.end()
    await store.close()
  }
}

const WARM_UP = 40
const LOTS = 40

/** The same kinds of questions whatever the size: whole months that the log holds, days in their midst, packages of all ages. */
async function askedOf(pool: pg.Pool, store: EventStore): Promise<Readonly<Record<Question, readonly Asked[]>>> {
  const [newest] = await store.readAll((await store.head()) - 1, 1)
  const last = newest?.occurredAt.slice(0, 7) ?? '2025-01'
  const months = Array.from({ length: 12 }, (_, i) => `2025-${String(i + 1).padStart(2, '0')}`).filter((month) => month < last)
  const periods = months.map((month) => ({ from: `${month}-01`, to: new Date(Date.UTC(2025, Number(month.slice(5)), 0)).toISOString().slice(0, 10) }))
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

async function secondDatabase(databaseUrl: string): Promise<string> {
  const url = new URL(databaseUrl)
  const name = `${url.pathname.slice(1)}_large`
  const client = new pg.Client(databaseUrl)
  await client.connect()
  await client.query(`create database "${name}"`)
  await client.end()
  url.pathname = `/${name}`
  return url.href
}

interface Sizes {
  readonly small: Latencies
  readonly large: Latencies
  readonly events: readonly [number, number]
}

// The three lines are readings of one measurement, which takes minutes: it is made once a run.
let measured: Promise<Sizes> | undefined

async function bothSizes({ databaseUrl, quick, events: asked }: BenchOptions): Promise<Sizes> {
  const events = [100_000, asked ?? (quick ? 200_000 : 1_000_000)] as const
  const rounds = quick ? 100 : 300
  const small = await measure(databaseUrl, events[0], rounds)
  return { events, small, large: await measure(await secondDatabase(databaseUrl), events[1], rounds) }
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
  line('P10', 'ledger, ledger as known earlier, rate, custody: p99 through GraphQL against the SQL behind it, worst of both sizes', 2.5, ({ small, large }) =>
    [small, large].flatMap((size) => QUESTIONS.map((question) => size[question].graphql / size[question].sql)),
  ),
  line('P10-scale', 'the same: p99 through GraphQL of the larger log against the smaller one, worst question', 1.5, ({ small, large }) =>
    QUESTIONS.map((question) => large[question].graphql / small[question].graphql),
  ),
  line('P10-as-of', 'ledger as known on an earlier day against now: p99 through GraphQL, worst size', 1.5, ({ small, large }) =>
    [small, large].map((size) => size['as known earlier'].graphql / size.ledger.graphql),
  ),
]
