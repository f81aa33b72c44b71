import { openMemoryStore } from '../../infra/event-store/memory.ts'
import type { EventStore } from '../../infra/event-store/port.ts'
import { buildApp } from '../../infra/http/app.ts'
import { ActorClaims, actorOf } from '../../infra/identity/actor.ts'
import { openPool } from '../../infra/postgres/sessions.ts'
import { openLogger } from '../../infra/telemetry/logger.ts'
import { openMetrics } from '../../infra/telemetry/metrics.ts'
import { holdsProjection } from '../../projections/holds/projection.ts'
import { correctionsProjection } from '../../projections/corrections/projection.ts'
import { casesProjection } from '../../projections/cases/projection.ts'
import { findingsProjection } from '../../projections/findings/projection.ts'
import { journalWith } from '../../projections/journal/projection.ts'
import { lotsProjection } from '../../projections/lots/projection.ts'
import { manifestsProjection } from '../../projections/manifests/projection.ts'
import { registryProjection } from '../../projections/registry/projection.ts'
import { openRunner, type Runner } from '../../projections/runner/runner.ts'
import { graphqlPlugin } from '../../services/gateway/graphql/plugin.ts'
import { testIds } from '../support/ids.ts'
import { projectedReadSide } from '../../services/gateway/graphql/projected-read-side.ts'
import type { ReadSide } from '../../services/gateway/graphql/read-side.ts'
import { LEVELS } from '../../projections/journal/cube.ts'
import { freshDatabase } from '../support/database.ts'

/** Who asks, as the claims of a token. The door believes them as they are: verifying tokens is tested where it is done. */
export interface Claims {
  readonly sub: string
  readonly unit?: string
  readonly roles: readonly string[]
  readonly competence?: readonly string[]
}

export interface Answer {
  readonly status: number
  readonly data: Record<string, unknown> | null | undefined
  readonly errors: readonly {
    readonly message: string
    readonly extensions: Record<string, unknown>
    readonly path?: readonly (string | number)[]
  }[]
  readonly body: Record<string, unknown>
}

export interface Door {
  readonly store: EventStore
  readonly readSide: ReadSide
  readonly runner: Runner
  readonly databaseUrl: string
  readonly app: Awaited<ReturnType<typeof buildApp>>
  /** What the gateway said was its own fault. */
  readonly faults: readonly unknown[]
  ask(
    claims: Claims | undefined,
    query: string,
    variables?: Record<string, unknown>,
    headers?: Record<string, string>,
  ): Promise<Answer>
  /** Waits until the read models hold the log. */
  settled(): Promise<void>
  close(): Promise<void>
}

/** The read models behind the door. */
export const PROJECTIONS = [
  journalWith(LEVELS),
  lotsProjection,
  manifestsProjection,
  registryProjection,
  findingsProjection,
  casesProjection,
  correctionsProjection,
  holdsProjection,
]

/** The GraphQL door over real read models on PostgreSQL, with the model store as its log. */
export async function openDoor(
  tell: (store: EventStore) => Promise<number>,
  more?: (app: Door['app'], readSide: ReadSide, store: EventStore) => PromiseLike<unknown>,
): Promise<Door> {
  const database = await freshDatabase()
  const store = openMemoryStore()
  await tell(store)
  const runner = await openRunner({
    store,
    databaseUrl: database.url,
    projections: PROJECTIONS,
  })
  const pool = openPool({ connectionString: database.url, options: '-c search_path=rm' })
  const readSide = projectedReadSide({ ids: testIds, database: pool, store, runner })
  const faults: unknown[] = []
  const app = await buildApp({
    logger: openLogger('silent'),
    metrics: openMetrics(),
    authenticate: async ({ headers }) =>
      typeof headers['x-claims'] === 'string' ? actorOf(ActorClaims.parse(JSON.parse(headers['x-claims']))) : undefined,
  })
  await app.register(graphqlPlugin, { readSide, onFault: (fault) => void faults.push(fault) })
  await more?.(app, readSide, store)
  const settled = async () => void (await runner.waitFor(await store.head(), 30_000))
  await settled()
  return {
    store,
    readSide,
    runner,
    databaseUrl: database.url,
    app,
    faults,
    settled,
    async ask(claims, query, variables = {}, headers = {}) {
      const response = await app.inject({
        method: 'POST',
        url: '/graphql',
        payload: { query, variables },
        headers: {
          'content-type': 'application/json',
          accept: 'application/json',
          ...(claims ? { 'x-claims': JSON.stringify(claims) } : {}),
          ...headers,
        },
      })
      const body = response.json<Record<string, unknown>>()
      return {
        status: response.statusCode,
        data: body['data'] as Answer['data'],
        errors: (body['errors'] as Answer['errors'] | undefined) ?? [],
        body,
      }
    },
    async close() {
      await app.close()
      await runner.stop()
      await pool.end()
      await store.close()
      await database.drop()
    },
  }
}

const of = (unit: string, ...roles: string[]): Claims => ({ sub: `person-of-${unit}`, unit, roles })
export const admin: Claims = { sub: 'admin', roles: ['admin'] }
export const bureau = (...competence: string[]): Claims => ({ sub: 'official', roles: ['bureau'], competence })
export const producer = (unit: string): Claims => of(unit, 'producer')
export const carrier = (unit: string): Claims => of(unit, 'carrier', 'driver')
export const receiver = (unit: string): Claims => of(unit, 'receiver', 'producer')
