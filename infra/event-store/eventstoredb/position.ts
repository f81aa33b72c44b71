import type { Position } from '../port.ts'
import { START, type WirePosition } from './client.ts'

/**
 * A commit position is a place in the server's files, in bytes: 2^53 of them are eight thousand terabytes. Beyond that two positions could
 * become one number, so it is refused.
 * @throws RangeError
 */
export function positionOf(commit: bigint): Position {
  if (commit > BigInt(Number.MAX_SAFE_INTEGER))
    throw new RangeError(`the commit position ${commit} is beyond what a number holds`)
  return Number(commit)
}

/** Every event written since version 20 has one position: its commit and its prepare are the same record. */
export const wirePosition = (position: Position): WirePosition | typeof START =>
  position === 0 ? START : { commit: BigInt(position), prepare: BigInt(position) }
