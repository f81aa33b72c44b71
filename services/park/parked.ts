import { parseArgs } from 'node:util'
import { readConfiguration } from '../../infra/configuration/configuration.ts'
import { runCommand, WrongUse } from '../../infra/process/command.ts'
import { reasonOf } from '../../infra/process/reason.ts'
import { listParked, type ParkedCursor, type ParkedEvent } from '../../projections/runner/parked-events.ts'
import { openPark } from './open.ts'
import { unlessLost } from './unless-lost.ts'

const PAGE = 500

/** `npm run parked -- [--json]`: lists events that could not be folded. Exits 1 where there are any, 2 on wrong use. */
await runCommand(async ({ answer }) => {
  arguments_()
  const park = await openPark(readConfiguration(), { policies: [] })
  const parked = await unlessLost(park, async () => {
    const found: ParkedEvent[] = []
    for (let after: ParkedCursor | undefined; ; ) {
      const page = await listParked(park.pool, park.store, { first: PAGE, ...(after ? { after } : {}) })
      found.push(...page)
      after = page.at(-1)
      if (page.length < PAGE) return found
    }
  })
  await park.close()
  answer({ parked }, printed(parked))
  return parked.length === 0 ? 0 : 1
})

function printed(parked: readonly ParkedEvent[]): string {
  const lines = parked.map(
    ({ projection, position, type = 'unknown', stream, error, waitsFor, parkedAt, attempts }) => {
      const why = waitsFor === undefined ? `${error} (tried ${attempts} times)` : `waits for ${waitsFor}`
      return `${position} ${projection} ${type} ${stream} parked ${parkedAt}: ${why}`
    },
  )
  const total =
    parked.length === 0
      ? 'no event is parked: every figure holds the whole log'
      : `${parked.length} events are in no figure of the projections named. Start the park with code that can fold them ` +
        'and run `npm run replay`; where the event itself is wrong, report it with its position: it stays in the log, ' +
        'and its stream stays out of these figures until then'
  return `${[...lines, total].join('\n')}\n`
}

function arguments_(): void {
  try {
    parseArgs({ options: { json: { type: 'boolean', default: false } } })
  } catch (error) {
    throw new WrongUse(`${reasonOf(error)}\nusage: npm run parked -- [--json]`)
  }
}
