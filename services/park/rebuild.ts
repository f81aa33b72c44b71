import { parseArgs } from 'node:util'
import { readConfiguration } from '../../infra/configuration/configuration.ts'
import { openPool } from '../../infra/postgres/sessions.ts'
import { runCommand, WrongUse } from '../../infra/process/command.ts'
import { allProjections as projections } from '../../projections/all.ts'
import { rebuild, type Rebuilt } from '../../projections/runner/rebuild.ts'
import { openRunner } from '../../projections/runner/runner.ts'
import { openPark } from './open.ts'
import { unlessLost } from './unless-lost.ts'

/** `npm run rebuild -- [PROJECTION…] [--check] [--json]`: exits 1 where a rebuilt row differs from the live one. */
await runCommand(async ({ answer, signal }) => {
  const asked = arguments_()
  const chosen = projections.filter(({ name }) => asked.names.length === 0 || asked.names.includes(name))
  const unknown = asked.names.filter((name) => !projections.some((projection) => projection.name === name))
  if (unknown.length > 0) throw usage(`no projection is called ${unknown.join(', ')}`)

  const park = await openPark(readConfiguration())
  const pool = openPool({ connectionString: park.databaseUrl })
  return unlessLost(park, async () => {
    // The live tables are brought to the end of the log first, by whoever folds them: a park that runs, or this process.
    const runner = await openRunner({
      store: park.store,
      databaseUrl: park.databaseUrl,
      projections,
      onFault: (fault) => void (signal.aborted || process.stderr.write(`${String(fault)}\n`)),
    })
    while (!(await runner.waitFor(await park.store.head(), 60_000)))
      process.stderr.write('waiting for the live tables to reach the end of the log\n')

    const began = performance.now()
    const results = await rebuild({
      pool,
      store: park.store,
      projections: chosen,
      swap: !asked.check,
      onProgress: (folded, head) => void process.stderr.write(`folded ${folded} of ${head}\n`),
    })
    await runner.stop()
    await pool.end()
    await park.close()
    answer({ projections: results }, printed(results, asked.check, performance.now() - began))
    return results.every(({ equal }) => equal) ? 0 : 1
  })
})

function printed(results: readonly Rebuilt[], check: boolean, milliseconds: number): string {
  const lines = results.map(
    ({ name, events, rows, equal, differences }) =>
      `${name}: ${rows} rows of ${events} events, ${equal ? 'equal to the live rows' : `${differences} rows differ from the live ones`}\n`,
  )
  return `${lines.join('')}${check ? 'compared' : 'rebuilt'} in ${(milliseconds / 1_000).toFixed(1)} s\n`
}

function arguments_(): { readonly names: readonly string[]; readonly check: boolean } {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { check: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } },
    })
    return { names: positionals, check: values.check }
  } catch (error) {
    throw usage(error instanceof Error ? error.message : String(error))
  }
}

function usage(problem: string): WrongUse {
  const names = projections.map(({ name }) => name).join(' ')
  return new WrongUse(`${problem}\nusage: npm run rebuild -- [PROJECTION…] [--check] [--json]; projections: ${names}`)
}
