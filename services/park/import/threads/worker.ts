import { parentPort } from 'node:worker_threads'
import { openPark, type Park } from '../../open.ts'
import { plainFault } from '../../folding/messages.ts'
import { attemptHere } from '../local-park.ts'
import { importRuntime, type ImportRuntime } from '../runtime.ts'
import type { AskedAttempt, Order, Report } from './messages.ts'
import { outbox } from './outbox.ts'

/** An import thread: decides and records plans over a log, sessions and states of its own until it is stopped. */
const port = parentPort
if (!port) throw new Error('an import thread is started by the import')
const report = (said: Report): void => port.postMessage(said)
const failed = (fault: unknown): void => report({ is: 'fault', fault: plainFault(fault) })

interface Deciding {
  readonly park: Park
  readonly own: ImportRuntime
}
let opening: Promise<Deciding> | undefined

const answer = outbox<Extract<Report, { is: 'attempted' }>['attempted'][number]>(
  (attempted) =>
    void opening?.then(({ own }) => report({ is: 'attempted', attempted, events: own.watched.events() }), failed),
)

port.on('message', (order: Order) => {
  switch (order.do) {
    case 'open':
      opening = openPark(order.config).then((park) => ({ park, own: importRuntime(park.runtime, false) }))
      opening.then(() => report({ is: 'open' }), failed)
      return
    case 'attempt':
      for (const asked of order.attempts) attempt(asked).catch(failed)
      return
    case 'stop':
      void stop()
  }
})

async function attempt({ call, steps, ...options }: AskedAttempt): Promise<void> {
  const deciding = await opening
  if (!deciding) throw new Error('an import thread is opened before anything is asked of it')
  answer({ call, ...(await attemptHere(deciding.own.begin, steps, options)) })
}

/** With its port closed and nothing open the thread ends by itself. */
async function stop(): Promise<void> {
  const deciding = await opening?.catch(() => undefined)
  await deciding?.park.close().catch(failed)
  port?.close()
}
