import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { DEMO_SECRET } from '../../../infra/identity/issuer/accounts.ts'

/** Unit whose lots are generated under load. */
export const UNIT = '914403001922038216'

/** What the sender of the load measured in one turn; times are milliseconds. */
export interface Measured {
  /** Commands per second. */
  readonly rate: number
  readonly p50: number
  readonly p99: number
  /** p99 of how long after its answer a command was in all figures; 0 where the sender was given no database to look at. */
  readonly behind: number
}

/** A park that takes lots from a sender in a process of its own. */
export interface LoadedPark {
  load(milliseconds: number): Promise<Measured>
  stop(): Promise<void>
}

/** Starts the sender of the load against a park that listens at `origin`. */
export function openSender(
  origin: string,
  token: string,
  open: number,
  databaseUrl?: string,
): { load(milliseconds: number): Promise<Measured>; end(): void } {
  const script = new URL('http-load.mjs', import.meta.url).pathname
  const given = [origin, token, UNIT, String(open), ...(databaseUrl === undefined ? [] : [databaseUrl])]
  const sender = spawn(process.execPath, [script, ...given], { stdio: ['pipe', 'pipe', 'inherit'] })
  const answers = createInterface({ input: sender.stdout })[Symbol.asyncIterator]()
  return {
    async load(milliseconds) {
      sender.stdin.write(`${milliseconds}\n`)
      const { value, done } = await answers.next()
      if (done) throw new Error('the sender of the HTTP load ended')
      return JSON.parse(value) as Measured
    },
    end: () => void sender.stdin.end(),
  }
}

/** An access token of a demo program (client credentials). */
export async function tokenOf(origin: string, client: string): Promise<string> {
  const response = await fetch(`${origin}/oidc/token`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${client}:${DEMO_SECRET}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: 'grant_type=client_credentials',
  })
  const { access_token: token } = (await response.json()) as { access_token?: string }
  if (token === undefined) throw new Error(`no token for the bench: ${response.status}`)
  return token
}

/** A park of a checkout in a process of its own. */
export interface StartedPark {
  readonly origin: string
  stop(): Promise<void>
}

/** The park of a checkout as `npm start` runs it; its log goes nowhere. */
export async function startPark(
  root: URL | string,
  databaseUrl: string,
  environment: Readonly<Record<string, string>>,
): Promise<StartedPark> {
  const park = spawn(process.execPath, ['--import', 'tsx', 'services/park/main.ts'], {
    cwd: root,
    env: { ...process.env, DATABASE_URL: databaseUrl, PORT: '0', RATE_LIMIT_PER_MINUTE: '10000000', ...environment },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  return {
    origin: await ready(park),
    async stop() {
      const over = once(park, 'exit')
      park.kill('SIGTERM')
      await over
    },
  }
}

/** The same with one producer registered, and a sender of its lots. */
export async function startLoadedPark(
  root: URL | string,
  databaseUrl: string,
  open: number,
  environment: Readonly<Record<string, string>> = {},
): Promise<LoadedPark> {
  const { origin, stop } = await startPark(root, databaseUrl, environment)
  await registerUnit(origin, await tokenOf(origin, 'demo-admin'))
  const sender = openSender(origin, await tokenOf(origin, `unit-${UNIT}`), open, databaseUrl)
  return {
    load: sender.load,
    async stop() {
      sender.end()
      await stop()
    },
  }
}

async function ready(park: ChildProcess): Promise<string> {
  const lines = createInterface({ input: park.stdout as NodeJS.ReadableStream })
  for await (const line of lines) {
    const origin = /^ready (\S+)/.exec(line)?.[1]
    if (origin !== undefined) return origin
  }
  throw new Error('a park of the bench ended before it was ready')
}

async function registerUnit(origin: string, token: string): Promise<void> {
  const response = await fetch(`${origin}/api/v1/units`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
    },
    body: JSON.stringify({
      unit: UNIT,
      name: '示例单位',
      roles: ['producer'],
      inside: true,
      occurredAt: new Date().toISOString(),
    }),
  })
  if (!response.ok) throw new Error(`no unit for the bench: ${response.status} ${await response.text()}`)
}
