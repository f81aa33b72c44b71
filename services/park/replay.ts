import { readConfiguration } from '../../infra/configuration/configuration.ts'
import { endPlainly } from '../../infra/process/start.ts'
import { allProjections as projections } from '../../projections/all.ts'
import { replayParked } from '../../projections/runner/replay.ts'
import { openPark } from './open.ts'

/** `npm run replay`: folds parked events once more, beside a park that runs. Exits 1 where some are still held back. */
endPlainly()
const park = await openPark(readConfiguration(), { policies: [] })
const { replayed, parked, settled, unreadable } = await replayParked({
  databaseUrl: park.databaseUrl,
  store: park.store,
  projections,
})
await park.close()

process.stdout.write(`${replayed} parked events are in the rows now, ${parked} are still held back\n`)
process.stdout.write(
  `${settled} records that could not be read are settled, because the rows hold what they should have told; ${unreadable} are left to look at\n`,
)
process.exit(parked === 0 ? 0 : 1)
