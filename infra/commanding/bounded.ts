import type { z } from 'zod'
import { boundsOf } from '../../schemas/commands/bounds.ts'
import type { Refusal } from '../../schemas/decision.ts'
import type { Envelope, Runtime } from './execute.ts'

/**
 * What of a command lies outside the bounds of the park; nothing where it may go on. Every door asks this before it calls a use case: REST for
 * each request, the import for each command of a row. Reactions are not asked, because what they move was bounded when it came in.
 * A command that was recorded before is never refused for bounds that were set later: it gets its first answer.
 */
export async function outOfBounds(
  { bounds, clock, store }: Pick<Runtime, 'bounds' | 'clock' | 'store'>,
  schema: z.core.$ZodType,
  command: unknown,
  { commandId }: Pick<Envelope, 'commandId'>,
): Promise<readonly Refusal[]> {
  const breaches = boundsOf(schema)(command, bounds, clock.now())
  if (breaches.length === 0) return breaches
  return (await store.receipts([commandId])).has(commandId) ? [] : breaches
}
