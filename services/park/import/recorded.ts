import type { Runtime } from '../../../infra/commanding/execute.ts'

/** Which of the book-keeper's commands were recorded, by the keys under which they are sent. */
export async function recordedCommands(
  { store, ids }: Pick<Runtime, 'store' | 'ids'>,
  keys: readonly string[],
): Promise<readonly string[]> {
  const keyOf = new Map(keys.map((key) => [ids.ofBookCommand(key), key]))
  const receipts = await store.receipts([...keyOf.keys()])
  return [...receipts.keys()].map((id) => keyOf.get(id) ?? id)
}
