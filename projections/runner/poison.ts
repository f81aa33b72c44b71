import pg from 'pg'

/** The fold failed on an event: a fault of the code or of the event, which must not keep other streams from being folded. */
export class FoldFailed extends Error {
  override readonly name = 'FoldFailed'
}

/** @returns the fold's fault with its own name and words in front, so that a list of parked events says what failed. */
export const foldFailed = (cause: unknown): FoldFailed =>
  new FoldFailed(cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause), { cause })

/**
 * Whether a second try would meet the same fault: the fold failed, or PostgreSQL refuses the values of its rows (SQLSTATE classes
 * 22 data exception and 23 integrity constraint violation). The live fold and a rebuild ask the same question, so both park the same events.
 */
export const isPoison = (fault: unknown): boolean =>
  fault instanceof FoldFailed || (fault instanceof pg.DatabaseError && /^2[23]/.test(fault.code ?? ''))
