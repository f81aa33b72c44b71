import { recordedActs } from '../../../infra/commanding/holding.ts'
import type { Runtime } from '../../../infra/commanding/execute.ts'

/** Which of the book-keeper's commands were recorded, by the keys under which they are sent. */
export async function recordedCommands(
  runtime: Pick<Runtime, 'store' | 'ids'>,
  keys: readonly string[],
): Promise<readonly string[]> {
  const keyOf = new Map(keys.map((key) => [runtime.ids.ofBookCommand(key), key]))
  const acts = await recordedActs(runtime, [...keyOf.keys()])
  return [...acts.keys()].map((id) => keyOf.get(id) ?? id)
}
