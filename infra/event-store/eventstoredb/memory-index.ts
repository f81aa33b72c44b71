import type { Receipt } from '../port.ts'
import { BEGINNING, type IndexedReceipt, type IndexState, type IndexStorage } from './log-index.ts'

/** An index for a process and a log that both are small: each process reads the whole log once. */
export function openMemoryIndex(): IndexStorage {
  const receipts = new Map<string, Receipt>()
  const inOrder: IndexedReceipt[] = []
  let kept: IndexState & { readonly epoch: string | undefined } = {
    epoch: undefined,
    position: 0,
    latest: '',
    setbacks: [],
  }

  return {
    async load(epoch) {
      if (kept.epoch !== epoch) {
        receipts.clear()
        inOrder.length = 0
        kept = { epoch, position: 0, latest: '', setbacks: [] }
      }
      return kept
    },
    async advance(epoch, from, { receipts: added, position, latest, setbacks }) {
      if (kept.epoch !== epoch || kept.position !== from) return false
      for (const receipt of added) {
        const { command, recordedAt: _, ...plain } = receipt
        if (!receipts.has(command)) receipts.set(command, plain)
        inOrder.push(receipt)
      }
      const changed = new Set(setbacks.map((setback) => setback.from))
      kept = {
        epoch,
        position,
        latest,
        setbacks: [...kept.setbacks.filter((setback) => !changed.has(setback.from)), ...setbacks],
      }
      return true
    },
    receipts: async (commands) =>
      new Map(
        commands.flatMap((command) => {
          const receipt = receipts.get(command)
          return receipt ? [[command, receipt] as const] : []
        }),
      ),
    lastBy: async (moment) => inOrder.findLast(({ recordedAt }) => recordedAt <= moment)?.position ?? 0,
    async lastAt(position) {
      const last = inOrder.findLast((receipt) => receipt.position <= position)
      return last ? { position: last.position, latest: last.recordedAt } : BEGINNING
    },
    close: () => Promise.resolve(),
  }
}
