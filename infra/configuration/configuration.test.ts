import { describe, expect, test } from 'vitest'
import { ConfigurationError, readConfiguration, type Environment } from './configuration.ts'
import { variables } from './variables.ts'

const noFile = () => {
  throw new Error('no such file')
}
const problemsOf = (environment: Environment, readFile: (path: string) => string = noFile): readonly string[] => {
  try {
    readConfiguration(environment, readFile)
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems
    throw error
  }
  return []
}

describe('an empty environment', () => {
  test('runs a park on this machine alone', () => {
    expect(readConfiguration({}, noFile)).toEqual({
      NODE_ENV: 'development',
      HOST: '127.0.0.1',
      PORT: 8080,
      DATA_DIR: '.data',
      PARK_DIVISION: '3205',
      LOG_LEVEL: 'info',
      FEED: 'store',
      KAFKA_CLIENT: 'kafkajs',
      OIDC_TOKEN_TYPE: 'at+jwt',
      KAFKA_TOPIC_PREFIX: 'wufei',
      KAFKA_PARTITIONS: 6,
      OTEL_SERVICE_NAME: 'wufei',
      OTEL_TRACES_SAMPLER_ARG: 1,
      OIDC_AUDIENCE: 'wufei',
      APPEND_BATCH: 256,
      CONTEXT_MAX_AGE_MS: 0,
      BOOKS_FROM: '2000-01-01',
      OPENING_STOCK_FROM: '1990-01-01',
      ACT_MASS_LIMIT_TONNES: 50_000,
      BODY_LIMIT_BYTES: 262_144,
      IMPORT_LIMIT_BYTES: 268_435_456,
      RATE_LIMIT_PER_MINUTE: 6_000,
      GRAPHQL_MAX_COST: 20_000,
      GRAPHQL_MAX_DEPTH: 12,
      GRAPHQL_MAX_ALIASES: 30,
      GRAPHQL_MAX_TOKENS: 2_000,
      CLIENT_ID: 'demo-admin',
      CLIENT_SECRET: 'demo',
    })
  })

  test('means the same as one whose variables are empty', () => {
    const empty = Object.fromEntries(Object.keys(variables).map((name) => [name, '']))
    expect(readConfiguration(empty, noFile)).toEqual(readConfiguration({}, noFile))
  })

  test('gives a configuration that nobody can change afterwards', () => {
    expect(Object.isFrozen(readConfiguration({}, noFile))).toBe(true)
  })
})

describe('a wrong environment', () => {
  test.each([
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '8080.5'],
    ['PORT', ' 8080'],
    ['PORT', '8e3'],
    ['BODY_LIMIT_BYTES', '0'],
    ['BOOKS_FROM', '2000-02-30'],
    ['BOOKS_FROM', '0000-01-01'],
    ['OPENING_STOCK_FROM', '1899-12-30'],
    ['ACT_MASS_LIMIT_TONNES', '0'],
    ['ACT_MASS_LIMIT_TONNES', '100001'],
    ['LOG_LEVEL', 'loud'],
    ['NODE_ENV', 'prod'],
    ['OTEL_TRACES_SAMPLER_ARG', '1.5'],
    ['OTEL_TRACES_SAMPLER_ARG', '1e-3'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318'],
    ['OIDC_ISSUER', 'issuer.example'],
    ['PUBLIC_URL', 'ftp://park.example'],
    ['REGISTRY_URLS', 'http://one.example,http://two.example/registry'],
  ])('is told by the name of the variable: %s=%s', (name, value) => {
    const problems = problemsOf({ [name]: value })
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(new RegExp(`^${name} is `))
  })

  test('is told all at once', () => {
    expect(problemsOf({ PORT: 'x', LOG_LEVEL: 'y', GRAPHQL_MAX_DEPTH: '0' })).toHaveLength(3)
  })
})

describe('headers for a collector', () => {
  const read = (text: string) =>
    readConfiguration({ OTEL_EXPORTER_OTLP_HEADERS: text }, noFile).OTEL_EXPORTER_OTLP_HEADERS

  test('are read as OpenTelemetry writes them', () => {
    expect(read('authorization=Bearer%20a%3Db, x-park=wufei')).toEqual({
      authorization: 'Bearer a=b',
      'x-park': 'wufei',
    })
  })

  test.each(['authorization', 'authorization=%zz', 'a=1,,b=2', '=x'])(
    'are told where they are none, without their value: %s',
    (text) => {
      expect(problemsOf({ OTEL_EXPORTER_OTLP_HEADERS: text })).toEqual([
        expect.stringMatching(/^OTEL_EXPORTER_OTLP_HEADERS: must be/),
      ])
    },
  )
})

describe('secrets', () => {
  const url = 'postgres://park:s3cret@db.example/park'

  test('may come from a file, whose last line break is no part of them', () => {
    expect(
      readConfiguration({ DATABASE_URL_FILE: '/run/secrets/db' }, (path) =>
        path === '/run/secrets/db' ? `${url}\n` : noFile(),
      ).DATABASE_URL,
    ).toBe(url)
  })

  test('are not taken from two places', () => {
    expect(problemsOf({ DATABASE_URL: url, DATABASE_URL_FILE: '/x' }, () => url)).toEqual([
      'DATABASE_URL and DATABASE_URL_FILE are both set; keep one',
    ])
  })

  test('that cannot be read are a problem, not an absent value', () => {
    expect(problemsOf({ DATABASE_URL_FILE: '/x' })).toEqual(['DATABASE_URL_FILE: /x cannot be read (no such file)'])
  })

  test('never stand in a message', () => {
    const problems = problemsOf({ DATABASE_URL: 'mysql://park:s3cret@db.example/park' })
    expect(problems).toHaveLength(1)
    expect(problems.join()).toMatch(/^DATABASE_URL: /)
    expect(problems.join()).not.toContain('s3cret')
  })
})

describe('production', () => {
  test('refuses the built-in issuer and its demo accounts', () => {
    expect(problemsOf({ NODE_ENV: 'production' })).toEqual([expect.stringMatching(/^OIDC_ISSUER: production needs/)])
  })

  test('runs with an issuer of its own', () => {
    expect(
      readConfiguration({ NODE_ENV: 'production', OIDC_ISSUER: 'https://login.example/realms/park' }, noFile)
        .OIDC_ISSUER,
    ).toBe('https://login.example/realms/park')
  })
})
