import { readFileSync } from 'node:fs'
import type { z } from 'zod'
import { variables, type Variable, type VariableName } from './variables.ts'

type Rows = typeof variables
type ValueOf<N extends VariableName> = z.output<Rows[N]['schema']>
/** A value by the name of its variable; undefined only where a variable has no fallback. */
type Values = {
  readonly [N in VariableName]: Rows[N] extends { fallback: string } ? ValueOf<N> : ValueOf<N> | undefined
}

/** What a process was told by its environment; read once, where it starts, and frozen. */
export type Configuration = Values

export type Environment = Readonly<Record<string, string | undefined>>

/** The environment is wrong; the message names every variable that is, and no secret's value. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError'
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(`The configuration is wrong:\n${problems.map((problem) => `  ${problem}`).join('\n')}`)
    this.problems = problems
  }
}

/**
 * Reads the configuration. An empty variable counts as absent, as it does for every shell that writes `NAME=`.
 * @throws ConfigurationError with all that is wrong at once.
 */
export function readConfiguration(
  environment: Environment = process.env,
  readFile: (path: string) => string = (path) => readFileSync(path, 'utf8'),
): Configuration {
  const problems: string[] = []
  const values: Record<string, unknown> = {}
  for (const [name, variable] of Object.entries<Variable>(variables)) {
    const raw = variable.secret ? secret(name, environment, readFile, problems) : environment[name]
    const given = raw === undefined || raw === '' ? variable.fallback : raw
    if (given === undefined) continue
    const read = variable.schema.safeParse(given)
    if (read.success) values[name] = read.data
    else
      problems.push(
        `${name}${variable.secret ? '' : ` is ${JSON.stringify(given)}`}: ${read.error.issues.map(({ message }) => message).join('; ')}`,
      )
  }
  if (
    values['NODE_ENV'] === 'production' &&
    values['OIDC_ISSUER'] === undefined &&
    !problems.some((problem) => problem.startsWith('OIDC_ISSUER'))
  ) {
    problems.push('OIDC_ISSUER: production needs an issuer of its own; the built-in one has demo accounts')
  }
  if (problems.length > 0) throw new ConfigurationError(problems)
  return Object.freeze(values) as Configuration
}

/** The value of a secret, from its variable or from the file that `<NAME>_FILE` names, but not from both. */
function secret(
  name: string,
  environment: Environment,
  readFile: (path: string) => string,
  problems: string[],
): string | undefined {
  const path = environment[`${name}_FILE`]
  if (!path) return environment[name]
  if (environment[name]) {
    problems.push(`${name} and ${name}_FILE are both set; keep one`)
    return undefined
  }
  try {
    // Editors and `kubectl create secret` end the file with a line break that is no part of the secret.
    return readFile(path).replace(/\r?\n$/, '')
  } catch (cause) {
    problems.push(`${name}_FILE: ${path} cannot be read (${cause instanceof Error ? cause.message : String(cause)})`)
    return undefined
  }
}
