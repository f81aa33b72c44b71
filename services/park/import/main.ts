import { parseArgs } from 'node:util'
import { type Configuration, readConfiguration } from '../../../infra/configuration/configuration.ts'
import { runCommand, WrongUse } from '../../../infra/process/command.ts'
import { boundsFrom } from '../bounds.ts'
import { openPark } from '../open.ts'
import { settlePark } from '../settle.ts'
import { unlessLost } from '../unless-lost.ts'
import { figuresAsked, figuresIn } from './figures.ts'
import { importFolder, NoBooks, type ImportOptions, type Progress } from './import-folder.ts'
import { GatewayRefused, openGatewayClient } from './remote/gateway-client.ts'
import { gatewayPark, shownBy } from './remote/gateway-park.ts'
import { wholly, type ImportResult } from './report.ts'
import { threadsFor } from './threads/threads-for.ts'

interface Asked {
  readonly folder: string
  readonly dryRun: boolean
  readonly gateway: string | undefined
}

/**
 * `npm run import -- FOLDER [--dry-run | --gateway URL] [--json]`: exits 1 where a row was refused or held, or a file that looks like a book
 * was not read; 2 on wrong use.
 */
await runCommand(async ({ answer }) => {
  const asked = arguments_()
  const config = readConfiguration()
  try {
    const result = await (asked.gateway === undefined ? here(asked, config) : elsewhere(asked, asked.gateway, config))
    answer(result, printed(result, asked.dryRun))
    return wholly(result) ? 0 : 1
  } catch (fault) {
    if (fault instanceof NoBooks || fault instanceof GatewayRefused) throw new WrongUse(fault.message)
    throw fault
  }
})

function importInto({ folder }: Asked, options: ImportOptions): Promise<ImportResult> {
  return importFolder(folder, { ...options, onProgress: progressOn(process.stderr) })
}

/** The park of this configuration; large books are decided by threads beside this one. */
async function here(asked: Asked, config: Configuration): Promise<ImportResult> {
  const { folder, dryRun } = asked
  const threads = dryRun ? undefined : await threadsFor(folder)
  try {
    const park = await openPark(config)
    const { runtime, pool, databaseUrl } = park
    const result = await unlessLost(park, async () => {
      await threads?.open({ ...config, DATABASE_URL: databaseUrl })
      return importInto(asked, {
        runtime,
        dryRun,
        threads,
        settle: () => settlePark(park),
        ...(dryRun ? {} : { figures: figuresIn(pool) }),
      })
    })
    await threads?.stop()
    await park.close()
    return result
  } catch (fault) {
    await threads?.stop()
    throw fault
  }
}

/** The services behind a gateway decide; this process only reads the books. */
async function elsewhere(asked: Asked, origin: string, config: Configuration): Promise<ImportResult> {
  const client = openGatewayClient({ origin, clientId: config.CLIENT_ID, clientSecret: config.CLIENT_SECRET })
  try {
    await client.reach()
    return await importInto(asked, {
      park: gatewayPark(client, boundsFrom(config)),
      figures: figuresAsked(() => shownBy(client)),
    })
  } finally {
    client.close()
  }
}

function arguments_(): Asked {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        'dry-run': { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        gateway: { type: 'string' },
      },
    })
    const [folder, ...more] = positionals
    if (folder === undefined || more.length > 0) throw usage('name one folder of books')
    const { gateway } = values
    if (gateway !== undefined && !URL.canParse(gateway)) throw usage(`${gateway} is no address of a gateway`)
    if (gateway !== undefined && values['dry-run'])
      throw usage('a trial run decides in this process, so it goes with no gateway')
    return { folder, dryRun: values['dry-run'], gateway }
  } catch (error) {
    throw error instanceof WrongUse ? error : usage(error instanceof Error ? error.message : String(error))
  }
}

function usage(problem: string): WrongUse {
  return new WrongUse(`${problem}\nusage: npm run import -- FOLDER [--dry-run | --gateway URL] [--json]`)
}

/** A bar on a terminal, a line every five per cent elsewhere. */
function progressOn(stream: NodeJS.WriteStream): (progress: Progress) => void {
  let said = -1
  return ({ done, rows }) => {
    const share = rows === 0 ? 100 : Math.floor((done / rows) * 100)
    if (stream.isTTY)
      stream.write(`\r[${'#'.repeat(share / 4).padEnd(25)}] ${share} %  ${done} / ${rows}${done === rows ? '\n' : ''}`)
    else if (share >= said + 5) stream.write(`${done} of ${rows} rows\n`)
    else return
    said = share
  }
}

function printed(result: ImportResult, dryRun: boolean): string {
  const { rows, accepted, unchanged, refused, held, events, seconds, position, files, problems, notices } = result
  const read = notices.map(({ file, column, zh, en }) =>
    ['NOTE', [file, column].filter((part) => part !== '').join(':'), zh, en].filter((part) => part !== '').join('  '),
  )
  const lines = problems.map(({ file, row, column, key, rule, severity, zh, en }) =>
    [severity, [file, row > 0 ? row : '', column].filter((part) => part !== '').join(':'), key, rule ?? '', zh, en]
      .filter((part) => part !== '')
      .join('  '),
  )
  const table = Object.entries(files).map(
    ([name, counts]) =>
      `${name.padEnd(24)} ${counts.rows} rows: ${counts.accepted} accepted, ${counts.unchanged} unchanged, ${counts.refused} refused, ${counts.held} held`,
  )
  const total = `${dryRun ? 'would be recorded: ' : ''}${rows} rows: ${accepted} accepted, ${unchanged} unchanged, ${refused} refused, ${held} held; ${events} events in ${seconds.toFixed(1)} s, log at ${position}`
  return `${[...read, ...lines, ...table, total].join('\n')}\n`
}
