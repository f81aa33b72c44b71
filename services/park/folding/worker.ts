import { parentPort } from 'node:worker_threads'
import { openLogger } from '../../../infra/telemetry/logger.ts'
import { openTracing } from '../../../infra/telemetry/tracing.ts'
import { allProjections as projections } from '../../../projections/all.ts'
import { openRunner, type Runner } from '../../../projections/runner/runner.ts'
import { openKafkaFeeds } from '../feed.ts'
import { openStore } from '../store.ts'
import { plainFault, type Order, type Report } from './messages.ts'

/** The folding thread: opens a log, sessions and read models of its own and folds until it is stopped. */
const port = parentPort
if (!port) throw new Error('the folding thread is started by the park')
const report = (said: Report): void => port.postMessage(said)

interface Folding {
  readonly runner: Runner
  close(): Promise<void>
}
let opening: Promise<Folding> | undefined

port.on('message', (order: Order) => {
  switch (order.do) {
    case 'open':
      opening = open(order)
      opening.then(
        () => report({ is: 'open' }),
        (fault: unknown) => report({ is: 'not open', fault: plainFault(fault) }),
      )
      return
    case 'replay':
      void replay(order.call)
      return
    case 'stop':
      void stop()
  }
})

async function open({ config, databaseUrl }: Extract<Order, { do: 'open' }>): Promise<Folding> {
  const onFault = (of: 'projection' | 'feed') => (fault: unknown) =>
    report({ is: 'fault', of, fault: plainFault(fault) })
  const logger = openLogger(config.LOG_LEVEL, process.stderr)
  const tracing = await openTracing(config, logger)
  const store = await openStore(config, databaseUrl)
  const feeds = openKafkaFeeds({ config, store, databaseUrl, onFault: onFault('feed') })
  const runner = await openRunner({
    store,
    feed: feeds?.feed,
    databaseUrl,
    projections,
    onFault: onFault('projection'),
    onParked: (parked) => report({ is: 'parked', parked }),
    onLeading: (positions) => report({ is: 'leading', positions: positions && Object.fromEntries(positions) }),
  })
  runner.onAdvance((projection, position) =>
    report({ is: 'advanced', projection, position, ...(feeds ? { counts: { ...feeds.counts } } : {}) }),
  )
  runner.done.catch((fault: unknown) => report({ is: 'gave up', fault: plainFault(fault) }))
  return {
    runner,
    async close() {
      await runner.stop()
      await feeds?.close()
      await store.close()
      await tracing.stop()
    },
  }
}

async function replay(call: number): Promise<void> {
  try {
    report({ is: 'replayed', call, events: (await (await opening)?.runner.replayParked()) ?? 0 })
  } catch (fault) {
    report({ is: 'not replayed', call, fault: plainFault(fault) })
  }
}

/** With its port closed and nothing open the thread ends by itself. */
async function stop(): Promise<void> {
  const folding = await opening?.catch(() => undefined)
  await folding?.close().catch((fault: unknown) => report({ is: 'fault', of: 'projection', fault: plainFault(fault) }))
  port?.close()
}
