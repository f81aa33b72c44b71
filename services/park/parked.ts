import { parseArgs } from 'node:util'
import { readConfiguration } from '../../infra/configuration/configuration.ts'
import { reasonOf } from '../../infra/process/reason.ts'
import { endPlainly } from '../../infra/process/start.ts'
import { listParked, type ParkedCursor, type ParkedEvent } from '../../projections/runner/parked-events.ts'
import { openPark } from './open.ts'

/** `npm run parked -- [--json]`: lists events that could not be folded. Exits 1 where there are any, 2 on wrong use. */
endPlainly()
const { json } = arguments_()
const PAGE = 500

const park = await openPark(readConfiguration(), { policies: [] })
const parked: ParkedEvent[] = []
for (let after: ParkedCursor | undefined; ; ) {
  const page = await listParked(park.pool, park.store, { first: PAGE, ...(after ? { after } : {}) })
  parked.push(...page)
  after = page.at(-1)
  if (page.length < PAGE) break
}
await park.close()

if (json) process.stdout.write(`${JSON.stringify({ parked })}\n`)
else {
  for (const { projection, position, type = 'unknown', stream, error, waitsFor, parkedAt, attempts } of parked) {
    const why = waitsFor === undefined ? `${error} (tried ${attempts} times)` : `waits for ${waitsFor}`
    process.stdout.write(`${position} ${projection} ${type} ${stream} parked ${parkedAt}: ${why}\n`)
  }
  process.stdout.write(
    parked.length === 0
      ? 'no event is parked: every figure holds the whole log\n'
      : `${parked.length} events are in no figure of the projections named. Start the park with code that can fold them ` +
          'and run `npm run replay`; where the event itself is wrong, report it with its position: it stays in the log, ' +
          'and its stream stays out of these figures until then\n',
  )
}
process.exit(parked.length === 0 ? 0 : 1)

function arguments_(): { readonly json: boolean } {
  try {
    return parseArgs({ options: { json: { type: 'boolean', default: false } } }).values
  } catch (error) {
    process.stderr.write(`${reasonOf(error)}\nusage: npm run parked -- [--json]\n`)
    process.exit(2)
  }
}
