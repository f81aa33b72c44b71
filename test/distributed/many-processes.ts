import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { readConfiguration, type Environment } from '../../infra/configuration/configuration.ts'
import { DEMO_SECRET } from '../../infra/identity/issuer/accounts.ts'
import { freePort } from '../../infra/postgres/cluster.ts'
import { openLogger } from '../../infra/telemetry/logger.ts'
import { openGateway } from '../../services/park/process/gateway.ts'
import { SERVICE_NAMES, copiesVariable, type ServiceName } from '../../infra/configuration/services.ts'
import type { ParkProcess } from '../../services/park/process/process.ts'
import { openProjections } from '../../services/park/process/projections.ts'
import { openService } from '../../services/park/process/service.ts'
import { freshDatabase } from '../support/database.ts'

/** A distributed park whose processes live in this one, each with its own sessions and its own port: what they say to each other is real. */
export interface ManyProcesses {
  readonly origin: string
  readonly databaseUrl: string
  /** Copies of each service by name. */
  readonly services: Readonly<Record<ServiceName, readonly (ParkProcess & { readonly url: string })[]>>
  token(program: string): Promise<string>
  post(token: string, path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Response>
  query<T>(token: string, document: string, variables?: object): Promise<T>
  close(): Promise<void>
}

export async function manyProcesses({ copies = 2 }: { readonly copies?: number } = {}): Promise<ManyProcesses> {
  const database = await freshDatabase()
  const port = await freePort()
  const origin = `http://127.0.0.1:${port}`
  const logger = openLogger('silent')
  const common: Environment = {
    DATABASE_URL: database.url,
    NODE_ENV: 'test',
    LOG_LEVEL: 'silent',
    RATE_LIMIT_PER_MINUTE: '10000000',
  }
  const opened: ParkProcess[] = []
  const start = async (started: ParkProcess, at = 0) => {
    let closed: Promise<void> | undefined
    const process: ParkProcess = { app: started.app, close: () => (closed ??= started.close()) }
    opened.push(process)
    await process.app.listen({ host: '127.0.0.1', port: at })
    return { ...process, url: `http://127.0.0.1:${(process.app.server.address() as AddressInfo).port}` }
  }
  const options = (environment: Environment) => ({
    config: readConfiguration({ ...common, ...environment }),
    url: origin,
    logger,
  })

  const services = {} as Record<ServiceName, Awaited<ReturnType<typeof start>>[]>
  for (const name of SERVICE_NAMES) {
    services[name] = []
    for (let copy = 0; copy < copies; copy++)
      services[name].push(await start(await openService(name, options({ OIDC_ISSUER: `${origin}/oidc` }))))
  }
  await start(await openProjections([], options({})))
  const urls = Object.fromEntries(
    SERVICE_NAMES.map((name) => [copiesVariable(name), services[name].map(({ url }) => url).join(',')]),
  )
  await start(await openGateway(options(urls)), port)

  const sendJson = (path: string, token: string, body: unknown, headers: Readonly<Record<string, string>> = {}) =>
    fetch(`${origin}${path}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'idempotency-key': randomUUID(),
        ...headers,
      },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
  return {
    origin,
    databaseUrl: database.url,
    services,
    post: (token, path, body, headers) => sendJson(`/api/v1${path}`, token, body, headers),
    async token(program) {
      const response = await fetch(`${origin}/oidc/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${Buffer.from(`${program}:${DEMO_SECRET}`).toString('base64')}` },
        body: new URLSearchParams({ grant_type: 'client_credentials' }),
      })
      const { access_token: token } = (await response.json()) as { access_token?: string }
      if (token === undefined) throw new Error(`no token for ${program}`)
      return token
    },
    async query<T>(token: string, document: string, variables: object = {}) {
      const { data, errors } = (await (await sendJson('/graphql', token, { query: document, variables })).json()) as {
        data?: T
        errors?: readonly object[]
      }
      if (errors || data === undefined) throw new Error(JSON.stringify(errors))
      return data
    },
    async close() {
      await Promise.all(opened.map((process) => process.close()))
      await database.drop()
    },
  }
}
