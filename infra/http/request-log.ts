import type { FastifyBaseLogger } from 'fastify'
import type { Logger } from '../telemetry/logger.ts'

type Line = Parameters<Logger['info']>

/**
 * The logger of a request: a child with its id, made when the first line is written. Most requests write none beside the one at their end, and a
 * child costs a copy of all bindings with what must not be in them taken out.
 */
class RequestLogger {
  readonly #parent: Logger
  readonly #bindings: object
  #child: Logger | undefined

  constructor(parent: Logger, bindings: object) {
    this.#parent = parent
    this.#bindings = bindings
  }
  get #own(): Logger {
    return (this.#child ??= this.#parent.child(this.#bindings))
  }
  get level(): string {
    return this.#parent.level
  }
  child(bindings: object, options?: object): Logger {
    return this.#own.child(bindings, options)
  }
  fatal(...line: Line): void {
    this.#own.fatal(...line)
  }
  error(...line: Line): void {
    this.#own.error(...line)
  }
  warn(...line: Line): void {
    this.#own.warn(...line)
  }
  info(...line: Line): void {
    this.#own.info(...line)
  }
  debug(...line: Line): void {
    this.#own.debug(...line)
  }
  trace(...line: Line): void {
    this.#own.trace(...line)
  }
  silent(...line: Line): void {
    this.#own.silent(...line)
  }
}

/** `childLoggerFactory` of fastify over this logger. */
export const requestLogger =
  (logger: Logger) =>
  (_parent: FastifyBaseLogger, bindings: object): FastifyBaseLogger =>
    new RequestLogger(logger, bindings)
