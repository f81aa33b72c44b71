import { readConfiguration, type Environment } from '../../infra/configuration/configuration.ts'
import { DEMO_SECRET } from '../../infra/identity/issuer/accounts.ts'
import { idsMigrations } from '../../infra/ids/park-key.ts'
import { migrate } from '../../infra/postgres/migrate.ts'
import { inSession } from '../../infra/postgres/sessions.ts'
import { openLogger, type Logger } from '../../infra/telemetry/logger.ts'
import { composePark, type ComposedPark } from '../../services/park/compose.ts'
import { freshDatabase } from './database.ts'

/** A whole park on a database of its own, spoken to through its doors without a port. */
export interface TestPark extends ComposedPark {
  /** An access token of the built-in issuer for a demo program, such as `demo-bureau` or `unit-<credit code>`. */
  token(program: string): Promise<string>
  /** `data` of a query; throws what GraphQL found wrong. */
  query<T>(token: string, document: string, variables?: object): Promise<T>
}

interface TestParkOptions {
  readonly logger?: Logger
  /** By which the world reaches it, where it is to listen. */
  readonly origin?: string
  /** Variables beside those of every test. */
  readonly environment?: Environment
  /** Database of another park whose secret for ids it shares, so that the ids of both can be compared. */
  readonly secretOf?: string
}

export async function composedPark({
  logger = openLogger('silent'),
  environment = {},
  origin = 'http://park.test',
  secretOf,
}: TestParkOptions = {}): Promise<TestPark> {
  const database = await freshDatabase()
  if (secretOf !== undefined) await shareSecret(secretOf, database.url)
  const config = readConfiguration({
    DATABASE_URL: database.url,
    NODE_ENV: 'test',
    LOG_LEVEL: 'silent',
    RATE_LIMIT_PER_MINUTE: '10000000',
    ...environment,
  })
  const composed = await composePark(config, { url: origin, logger })
  await composed.app.ready()
  return {
    ...composed,
    async token(program) {
      const response = await composed.app.inject({
        method: 'POST',
        url: '/oidc/token',
        headers: {
          authorization: `Basic ${Buffer.from(`${program}:${DEMO_SECRET}`).toString('base64')}`,
          'content-type': 'application/x-www-form-urlencoded',
          host: 'park.test',
        },
        payload: 'grant_type=client_credentials',
      })
      const { access_token: token } = response.json<{ access_token?: string }>()
      if (token === undefined) throw new Error(`no token for ${program}: ${response.body}`)
      return token
    },
    async query<T>(token: string, document: string, variables: object = {}) {
      const response = await composed.app.inject({
        method: 'POST',
        url: '/graphql',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        payload: { query: document, variables },
      })
      const { data, errors } = response.json<{ data?: T; errors?: readonly object[] }>()
      if (errors || data === undefined) throw new Error(`${response.statusCode}: ${response.body.slice(0, 2_000)}`)
      return data
    },
    async close() {
      await composed.close()
      await database.drop()
    },
  }
}

/** Makes the secret for ids in a new database the one of another park. */
async function shareSecret(from: string, to: string): Promise<void> {
  const secret = await inSession(from, async (client) => {
    const { rows } = await client.query<{ secret: Buffer }>('select secret from ids.park_key')
    return rows[0]?.secret
  })
  await inSession(to, async (client) => {
    await migrate(client, idsMigrations)
    await client.query('insert into ids.park_key (secret, keyed) values ($1, true)', [secret])
  })
}
