import { parseArgs } from 'node:util'
import { readConfiguration } from '../../infra/configuration/configuration.ts'
import { runCommand, WrongUse } from '../../infra/process/command.ts'
import { allProjections as projections } from '../../projections/all.ts'
import { replayParked } from '../../projections/runner/replay.ts'
import { openPark } from './open.ts'
import { unlessLost } from './unless-lost.ts'

/** `npm run replay [-- --json]`: folds parked events once more, beside a park that runs. Exits 1 where some are still held back. */
await runCommand(async ({ answer }) => {
  arguments_()
  const park = await openPark(readConfiguration(), { policies: [] })
  const replayed = await unlessLost(park, () =>
    replayParked({ databaseUrl: park.databaseUrl, store: park.store, projections }),
  )
  await park.close()
  answer(
    replayed,
    `${replayed.replayed} parked events are in the rows now, ${replayed.parked} are still held back
${replayed.settled} records that could not be read are settled, because the rows hold what they should have told; ${replayed.unreadable} are left to look at
`,
  )
  return replayed.parked === 0 ? 0 : 1
})

function arguments_(): void {
  try {
    parseArgs({ options: { json: { type: 'boolean', default: false } } })
  } catch (error) {
    throw new WrongUse(`${error instanceof Error ? error.message : String(error)}\nusage: npm run replay [-- --json]`)
  }
}
