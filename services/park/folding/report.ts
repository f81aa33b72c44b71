import type { Position } from '../../../infra/event-store/port.ts'
import type { Logger } from '../../../infra/telemetry/logger.ts'
import type { Parked } from '../../../projections/runner/checkpoints.ts'
import type { Runner } from '../../../projections/runner/runner.ts'

/** Reports an event that a projection could not fold to the log of the process. Names no unit: the position finds the event. */
export const reportParked =
  (logger: Logger) =>
  ({ projection, position, error }: Parked): void =>
    logger.error(
      { projection, position, error },
      'an event could not be folded and is parked with its stream: npm run parked lists what the figures lack',
    )

/** Reports a fault of the feed over Kafka, which is tried again. */
export const feedFault =
  (logger: Logger) =>
  (fault: unknown): void =>
    logger.warn({ err: fault }, 'the feed met a fault and tries again')

/**
 * Readiness of a process that folds: how far its rows are. A runner that gave up, because its rows are of another log, is told to the log and
 * makes the process unready for good: those rows are nobody's answer.
 */
export function foldingCheck(
  runners: readonly Pick<Runner, 'done' | 'position'>[],
  logger: Logger,
): () => Promise<Position> {
  let gaveUp: { readonly fault: unknown } | undefined
  for (const { done } of runners)
    done.catch((fault: unknown) => {
      gaveUp = { fault }
      logger.fatal({ err: fault }, 'the rows are of another log: run a rebuild, then start again')
    })
  return async () => {
    if (gaveUp) throw new Error('nothing is folded here any more', { cause: gaveUp.fault })
    return Math.min(...(await Promise.all(runners.map((runner) => runner.position()))))
  }
}
