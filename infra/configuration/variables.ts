import { z } from 'zod'
import { Day } from '../../schemas/values/time.ts'
import { isEventStoreUrl } from './event-store-url.ts'
import { copiesVariable, SERVICE_NAMES, type CopiesVariable } from './services.ts'

// Environment variables are text: numbers are read strictly, so that `1e3`, ` 5` or `5 minutes` are told, not guessed.
const whole = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,15}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.int().min(min).max(max))

const share = z
  .string()
  .regex(/^(0(\.\d{1,9})?|1(\.0{1,9})?)$/, 'must be a number from 0 to 1')
  .transform(Number)

const text = z.string().max(4_096)
const urls = z
  .string()
  .max(16_384)
  .transform((list) => list.split(',').map((url) => url.trim()))
  .pipe(
    z
      .array(
        z
          .url({ protocol: /^https?$/ })
          .refine((url) => /^https?:\/\/[^/]+\/?$/.test(url), 'must be an origin, without a path'),
      )
      .min(1),
  )
const brokers = z
  .string()
  .max(4_096)
  .transform((list) => list.split(',').map((address) => address.trim()))
  .pipe(z.array(z.string().regex(/^[^\s:/]+:\d{1,5}$/, 'must be host:port')).min(1))
/** As the OpenTelemetry specification writes headers in one variable. */
const headers = text.transform((list, context): Readonly<Record<string, string>> => {
  try {
    return Object.fromEntries(list.split(',').map(headerIn))
  } catch {
    context.addIssue({ code: 'custom', message: 'must be name=value with commas between them, percent-encoded' })
    return z.NEVER
  }
})
function headerIn(pair: string): readonly [string, string] {
  const [, name = '', value = ''] = /^\s*([\w-]+)\s*=\s*(.*?)\s*$/.exec(pair) ?? []
  if (name === '') throw new URIError('a header without a name')
  return [name, decodeURIComponent(value)]
}
const day = Day.refine((text) => text >= '1900-01-01' && text <= '2100-01-01', 'must be a day from 1900 to 2099')
const KIB = 1_024

/** One variable: how it is read, what holds without it, and what it is for. The README's table is printed from these rows. */
export interface Variable<T extends z.ZodType<unknown, string> = z.ZodType<unknown, string>> {
  readonly schema: T
  /** Text that holds where the variable is absent or empty; none means that it may stay absent. */
  readonly fallback?: string
  readonly about: string
  /** May come from a file instead, named by `<NAME>_FILE`, and is never printed. */
  readonly secret?: true
}

const copiesOfServices = Object.fromEntries(
  SERVICE_NAMES.map((name) => [
    copiesVariable(name),
    { schema: urls, about: `for the gateway: origins of the copies of \`${name}\`, with commas between them` },
  ]),
) as Readonly<Record<CopiesVariable, { readonly schema: typeof urls; readonly about: string }>>

/** Every environment variable that the system reads. */
export const variables = {
  NODE_ENV: {
    schema: z.enum(['development', 'test', 'production']),
    fallback: 'development',
    about: '`production` refuses the built-in issuer and its demo accounts',
  },
  HOST: { schema: text.min(1), fallback: '127.0.0.1', about: 'address to listen on' },
  PORT: { schema: whole(0, 65_535), fallback: '8080', about: 'port to listen on; 0 takes a free one' },
  PUBLIC_URL: {
    schema: z.url({ protocol: /^https?$/ }),
    about: 'origin by which browsers and programs reach the park; by default the address listened on',
  },
  DATA_DIR: { schema: text.min(1), fallback: '.data', about: 'folder of the embedded PostgreSQL' },
  DATABASE_URL: {
    schema: z.url({ protocol: /^postgres(ql)?$/ }),
    about: 'a PostgreSQL server instead of the embedded one',
    secret: true,
  },
  EVENTSTORE_URL: {
    schema: text.refine(
      isEventStoreUrl,
      'must be esdb://name:password@host:port?option=value (or esdb+discover://), name and password percent-encoded, with options that its client knows',
    ),
    about: 'EventStoreDB for the log instead of PostgreSQL, `esdb://…` or `esdb+discover://…`',
    secret: true,
  },
  EVENTSTORE_MAX_APPEND_SIZE: {
    schema: whole(1_024, 256 * KIB * KIB),
    about: 'MaxAppendSize of EventStoreDB in bytes, where it is not the default of its version',
  },
  PARK_DIVISION: {
    schema: z.string().regex(/^[1-9]\d{3}(\d\d)?$/, 'must be a division code of GB/T 2260, four or six digits'),
    fallback: '3205',
    about: 'division of the park: where waste is moved from that leaves a site without a division of its own',
  },
  LOG_LEVEL: {
    schema: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']),
    fallback: 'info',
    about: 'least severe line that is logged',
  },
  FEED: {
    schema: z.enum(['store', 'kafka']),
    fallback: 'store',
    about: 'where projections read the log: from the event store, or through Kafka',
  },
  KAFKA_BROKERS: {
    schema: brokers,
    about: 'brokers of Kafka, `host:port` with commas between them; one that answers is enough',
  },
  KAFKA_LIBS: {
    schema: text.min(1),
    about:
      'folder of the jars of the broker that `npm run distributed` starts; by default `.cache/kafka`, filled by `infra/kafka/broker/fetch.sh`',
  },
  KAFKA_CLIENT: {
    schema: z.enum(['kafkajs', 'platformatic']),
    fallback: 'kafkajs',
    about:
      'client library that speaks to Kafka; `platformatic` is installed by hand: `npm install --prefix .cache/platformatic-kafka @platformatic/kafka@1.35.0`',
  },
  KAFKA_TOPIC_PREFIX: {
    schema: z.string().regex(/^[a-zA-Z0-9._-]{1,200}$/, 'must be letters, digits, dots, dashes'),
    fallback: 'wufei',
    about: 'what the names of the topics begin with',
  },
  KAFKA_GROUP: {
    schema: z.string().regex(/^[a-zA-Z0-9._-]{1,200}$/, 'must be letters, digits, dots, dashes'),
    about:
      'consumer group in which copies of `projections` share the partitions of what is folded by stream; absent: one of them folds',
  },
  KAFKA_PARTITIONS: {
    schema: whole(1, 1_000),
    fallback: '6',
    about: 'partitions of each topic; for ever, because keys would move',
  },
  OTEL_EXPORTER_OTLP_ENDPOINT: {
    schema: z.url({ protocol: /^https?$/ }),
    about: 'collector that traces are sent to (OTLP over HTTP); absent: nothing is traced',
  },
  OTEL_EXPORTER_OTLP_HEADERS: {
    schema: headers,
    about: 'headers for the collector, `name=value` with commas between them',
    secret: true,
  },
  OTEL_SERVICE_NAME: { schema: text.min(1), fallback: 'wufei', about: 'name of this process in traces' },
  OTEL_TRACES_SAMPLER_ARG: {
    schema: share,
    fallback: '1',
    about: 'share of traces that is kept, 0 to 1; the same in every process',
  },
  OIDC_ISSUER: {
    schema: z.url({ protocol: /^https?$/ }),
    about: 'issuer of access tokens (OpenID Connect Discovery); absent: the built-in one at `/oidc`',
  },
  OIDC_AUDIENCE: { schema: text.min(1), fallback: 'wufei', about: 'audience that access tokens must name' },
  OIDC_TOKEN_TYPE: {
    schema: z.enum(['at+jwt', 'JWT']),
    fallback: 'at+jwt',
    about:
      '`typ` that the header of an access token must bear (RFC 9068); `JWT` for an issuer that says so of all its tokens, as Keycloak does unless its clients are set to `at+jwt`',
  },
  APPEND_BATCH: {
    schema: whole(1, 4_096),
    fallback: '256',
    about: 'most commands that one commit of the event store takes',
  },
  CONTEXT_MAX_AGE_MS: {
    schema: whole(0, 60_000),
    fallback: '0',
    about:
      'how old a decision’s knowledge of other streams may be, milliseconds; leave 0 where more than one process writes',
  },
  BOOKS_FROM: {
    schema: day,
    fallback: '2000-01-01',
    about: 'first business day of the books: an act before it is refused (422 `before-the-books`)',
  },
  OPENING_STOCK_FROM: {
    schema: day,
    fallback: '1990-01-01',
    about: 'first day on which stock of earlier years may have been generated',
  },
  ACT_MASS_LIMIT_TONNES: {
    // Sums of blocks of the journal are kept as bigint; up to here 90 million acts of the bound fit into one.
    schema: whole(1, 100_000),
    fallback: '50000',
    about:
      'most tonnes that one act may bring about or move, at each of its masses and their sum; a year, a store or a count may hold 1,000 times as much',
  },
  BODY_LIMIT_BYTES: {
    schema: whole(KIB, 16 * KIB * KIB),
    fallback: String(256 * KIB),
    about: 'largest body of a request, bytes',
  },
  IMPORT_LIMIT_BYTES: {
    schema: whole(KIB, 8 * KIB * KIB * KIB),
    fallback: String(256 * KIB * KIB),
    about: 'largest file of an import, bytes',
  },
  RATE_LIMIT_PER_MINUTE: {
    schema: whole(1, 10_000_000),
    fallback: '6000',
    about: 'requests a minute of one actor or address',
  },
  GRAPHQL_MAX_COST: {
    schema: whole(1, 10_000_000),
    fallback: '20000',
    about: 'highest cost of a query: fields that its answer may hold',
  },
  GRAPHQL_MAX_DEPTH: { schema: whole(1, 100), fallback: '12', about: 'deepest selection of a query' },
  GRAPHQL_MAX_ALIASES: { schema: whole(0, 10_000), fallback: '30', about: 'most aliases of a query' },
  GRAPHQL_MAX_TOKENS: { schema: whole(100, 1_000_000), fallback: '2000', about: 'most tokens of a query document' },
  CLIENT_ID: {
    schema: text.min(1),
    fallback: 'demo-admin',
    about: 'program in whose name `npm run import -- --gateway` sends, at the issuer of that park',
  },
  CLIENT_SECRET: { schema: text.min(1), fallback: 'demo', about: 'its secret', secret: true },
  ...copiesOfServices,
} as const satisfies Readonly<Record<string, Variable>>

export type VariableName = keyof typeof variables
