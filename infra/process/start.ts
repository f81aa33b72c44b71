import { ConfigurationError } from '../configuration/configuration.ts'
import type { Logger } from '../telemetry/logger.ts'
import { end, isEnding } from './at-end.ts'
import { reasonOf } from './reason.ts'

/**
 * Ends a process that could not start: with 2 where its configuration is wrong, with 1 otherwise, and with it all that it had started. Whoever
 * reads this has something to mend that is not in our code, so where in it that was found is told to those who ask for it (`debug`).
 */
export const startFailed =
  (logger: Logger) =>
  (fault: unknown): Promise<never> => {
    // A start that was broken off by a signal fails because of that.
    if (isEnding()) return end(1)
    if (fault instanceof ConfigurationError) {
      process.stderr.write(`${fault.message}\n`)
      return end(2)
    }
    logger.fatal({ reason: reasonOf(fault) }, 'the process could not start')
    logger.debug({ err: fault }, 'the process could not start')
    return end(1)
  }

const BUGS = [TypeError, RangeError, ReferenceError, SyntaxError]

/** What keeps a command from its answer in one line, and only a fault of our own code with its place. */
export const plainly = (fault: unknown): string =>
  BUGS.some((kind) => fault instanceof kind) ? ((fault as Error).stack ?? String(fault)) : reasonOf(fault)
