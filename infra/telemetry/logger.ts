import { pino, type Logger, type LoggerOptions } from 'pino'
import { currentIds } from './spans.ts'

export type { Logger }

/** What must never be in a log: credentials, and whatever names a person. Shallow and nested alike, as far as pino's patterns go. */
const SECRETS = [
  'authorization',
  'cookie',
  'password',
  'secret',
  'token',
  'access_token',
  'id_token',
  'refresh_token',
  'client_secret',
  'phone',
  'name',
  'driver',
  'handler',
  'contact',
  'sealed',
]

const redact = {
  paths: [
    'req.headers.authorization',
    'req.headers.cookie',
    'res.headers["set-cookie"]',
    ...SECRETS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]),
  ],
  censor: '[redacted]',
}

/** The one logger: JSON lines on stdout, or wherever `destination` says. A line written within a span carries the ids of its trace. */
export function openLogger(level: string, destination?: NonNullable<Parameters<typeof pino>[1]>): Logger {
  const options: LoggerOptions = { level, redact, base: null, mixin: currentIds, serializers: { err: errorForLog } }
  return destination ? pino(options, destination) : pino(options)
}

/** Faults with their causes, but without the statement and parameters that a driver hangs on them: they hold what users typed. */
function errorForLog(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error }
  const { name: type, message, stack, cause } = error
  const code = (error as NodeJS.ErrnoException).code
  return {
    type,
    message,
    ...(code ? { code } : {}),
    stack,
    ...(cause instanceof Error ? { cause: errorForLog(cause) } : {}),
  }
}
