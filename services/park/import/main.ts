import { parseArgs } from 'node:util'
import { readConfiguration } from '../../../infra/configuration/configuration.ts'
import { endPlainly } from '../../../infra/process/start.ts'
import { boundsFrom } from '../bounds.ts'
import { openPark } from '../open.ts'
import { settlePark } from '../settle.ts'
import { importFolder, NoBooks, type Progress } from './import-folder.ts'
import { GatewayRefused, openGatewayClient } from './remote/gateway-client.ts'
import { gatewayPark } from './remote/gateway-park.ts'
import { wholly, type ImportResult } from './report.ts'

/** `npm run import -- FOLDER [--dry-run | --gateway URL] [--json]`: exits 1 where a row was refused or held, 2 on wrong use. */
endPlainly()
const asked = arguments_()
const config = readConfiguration()
const into = asked.gateway === undefined ? await thisPark() : elsewhere(asked.gateway)
try {
  const result = await importFolder(asked.folder, { ...into.options, onProgress: progressOn(process.stderr) })
  if (asked.json) process.stdout.write(`${JSON.stringify(result)}\n`)
  else process.stdout.write(printed(result, asked.dryRun))
  process.exitCode = wholly(result) ? 0 : 1
} catch (error) {
  if (!(error instanceof NoBooks || error instanceof GatewayRefused)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 2
} finally {
  await into.close()
}

async function thisPark() {
  const park = await openPark(config)
  return {
    options: { runtime: park.runtime, dryRun: asked.dryRun, settle: () => settlePark(park) },
    close: () => park.close(),
  }
}

/** The services behind a gateway decide; this process only reads the books. */
function elsewhere(origin: string) {
  const client = openGatewayClient({ origin, clientId: config.CLIENT_ID, clientSecret: config.CLIENT_SECRET })
  return { options: { park: gatewayPark(client, boundsFrom(config)) }, close: () => Promise.resolve(client.close()) }
}

function arguments_(): {
  readonly folder: string
  readonly dryRun: boolean
  readonly json: boolean
  readonly gateway: string | undefined
} {
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
    if (folder === undefined || more.length > 0) return usage('name one folder of books')
    const { gateway } = values
    if (gateway !== undefined && !URL.canParse(gateway)) return usage(`${gateway} is no address of a gateway`)
    if (gateway !== undefined && values['dry-run'])
      return usage('a trial run decides in this process, so it goes with no gateway')
    return { folder, dryRun: values['dry-run'], json: values.json, gateway }
  } catch (error) {
    return usage(error instanceof Error ? error.message : String(error))
  }
}

function usage(problem: string): never {
  process.stderr.write(`${problem}\nusage: npm run import -- FOLDER [--dry-run | --gateway URL] [--json]\n`)
  process.exit(2)
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

function printed(
  { rows, accepted, unchanged, refused, held, events, seconds, files, problems, notices }: ImportResult,
  dryRun: boolean,
): string {
  const lines = problems.map(({ file, row, column, key, rule, severity, zh, en }) =>
    [severity, [file, row > 0 ? row : '', column].filter((part) => part !== '').join(':'), key, rule ?? '', zh, en]
      .filter((part) => part !== '')
      .join('  '),
  )
  const read = notices.map(({ file, column, zh, en }) =>
    ['NOTE', [file, column].filter((part) => part !== '').join(':'), zh, en].filter((part) => part !== '').join('  '),
  )
  const table = Object.entries(files).map(
    ([name, counts]) =>
      `${name.padEnd(24)} ${counts.rows} rows: ${counts.accepted} accepted, ${counts.unchanged} unchanged, ${counts.refused} refused, ${counts.held} held`,
  )
  const total = `${dryRun ? 'would be recorded: ' : ''}${rows} rows: ${accepted} accepted, ${unchanged} unchanged, ${refused} refused, ${held} held; ${events} events in ${seconds.toFixed(1)} s`
  return `${[...read, ...lines, ...table, total].join('\n')}\n`
}
