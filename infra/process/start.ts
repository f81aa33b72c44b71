import { ConfigurationError } from '../configuration/configuration.ts'
import type { Logger } from '../telemetry/logger.ts'
import { reasonOf } from './reason.ts'

/**
 * Ends a process that could not start: with 2 where its configuration is wrong, with 1 otherwise. Whoever reads this has something to mend that is
 * not in our code, so where in it that was found is told to those who ask for it (`debug`).
 */
export const startFailed =
  (logger: Logger) =>
  (fault: unknown): never => {
    if (fault instanceof ConfigurationError) {
      process.stderr.write(`${fault.message}\n`)
      process.exit(2)
    }
    logger.fatal({ reason: reasonOf(fault) }, 'the process could not start')
    logger.debug({ err: fault }, 'the process could not start')
    process.exit(1)
  }

const BUGS = [TypeError, RangeError, ReferenceError, SyntaxError]

/** The same for a command that ends with its answer: what keeps it from one is told in one line, and only a fault of our own code with its place. */
export function endPlainly(): void {
  process.on('uncaughtException', (fault) => {
    const said = BUGS.some((kind) => fault instanceof kind) ? fault.stack : reasonOf(fault)
    process.stderr.write(`${said}\n`)
    process.exit(fault instanceof ConfigurationError ? 2 : 1)
  })
}
