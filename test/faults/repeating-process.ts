/** A process of the test of repeats: appends what its parent sends, and answers each with its outcome. */
import { openEventStoreDb } from '../../infra/event-store/eventstoredb/store.ts'
import type { AppendRequest } from '../../infra/event-store/port.ts'

const [, , url = ''] = process.argv
const store = await openEventStoreDb({ url })

process.on('message', ({ id, request }: { readonly id: number; readonly request: AppendRequest }) => {
  void (async () => {
    try {
      const { outcome } = await store.append(request)
      process.send?.({ id, outcome })
    } catch (error) {
      process.send?.({ id, outcome: String(error) })
    }
  })()
})
process.on('disconnect', () => void store.close().then(() => process.exit(0)))
process.send?.({ ready: true })
