import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { ensureDatabase, startCluster } from '../../infra/postgres/cluster.ts'
import { end } from '../../infra/process/at-end.ts'
import { codeOf, onStop } from '../../infra/process/stop.ts'
import { temporaryFolder } from '../../infra/process/temporary-folder.ts'
import type { BenchLine, BenchResult } from './bench-line.ts'
import { allLines } from './lines.ts'

/**
 * `npm run bench -- [LINE…] [--quick] [--json]`: every line on a database of its own, on one durable server. `EVENTS=10000000` gives P5 and
 * P10 a log of that size; a rebuild of ten million needs `NODE_OPTIONS=--max-old-space-size=12000`. `BASE=../before` names a
 * checkout of another commit, its packages installed, that some lines measure this one against.
 */
const flags = new Set(process.argv.slice(2).filter((argument) => argument.startsWith('--')))
const names = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
const unknown = [...flags].filter((flag) => flag !== '--quick' && flag !== '--json')
const lines = allLines.filter(
  ({ name }) => names.length === 0 || names.some((wanted) => name === wanted || name.startsWith(`${wanted}-`)),
)
if (unknown.length > 0 || lines.length === 0) {
  console.error(
    `usage: npm run bench -- [LINE…] [--quick] [--json]; lines: ${allLines.map(({ name }) => name).join(' ')}`,
  )
  process.exit(2)
}

const quick = flags.has('--quick')
const events = process.env['EVENTS'] === undefined ? undefined : Number(process.env['EVENTS'])
const base = process.env['BASE']
const { path } = temporaryFolder('bench')
onStop((signal) => void end(codeOf(signal)))
const cluster = await startCluster({ dir: join(path, 'postgres'), temporary: path, settings: ['shared_buffers=1GB'] })
const results: { line: BenchLine; result: BenchResult }[] = []
try {
  for (const [i, line] of lines.entries()) {
    console.error(`${line.name}  ${line.title} ...`)
    const databaseUrl = await ensureDatabase(cluster, `bench_${i}`)
    const result = await line.run({ quick, databaseUrl, events, base })
    results.push({ line, result })
    console.error(
      `${line.name}  ${verdictOf(result).toUpperCase()}  ${result.ratio.toFixed(3)} (${line.target})  ${figuresOf(result)}${result.notes ? `  ${result.notes}` : ''}`,
    )
  }
} finally {
  await cluster.stop()
}

const machine = `${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}, PostgreSQL 18, fsync on`
if (flags.has('--json')) {
  console.log(
    JSON.stringify({
      machine,
      quick,
      lines: results.map(({ line: { name, title, target }, result }) => ({ name, title, limit: target, ...result })),
    }),
  )
} else {
  console.log(`\n${machine}${quick ? ', quick run' : ''}\n`)
  console.log('| line | what | limit | measured | |\n|---|---|---|---|---|')
  for (const { line, result } of results)
    console.log(
      `| ${line.name} | ${line.title} | ${line.target} | ${measuredOf(result)} | ${result.passed ? 'met' : `**${verdictOf(result)}**`} |`,
    )
}
process.exit(results.every(({ result }) => result.passed) ? 0 : 1)

/** A line whose peer cannot be had here has no ratio: it is not met, and says so. */
function verdictOf({ passed, ratio }: BenchResult): string {
  if (Number.isNaN(ratio)) return 'not run'
  return passed ? 'met' : 'missed'
}

function measuredOf(result: BenchResult): string {
  return Number.isNaN(result.ratio) ? (result.notes ?? '') : `${result.ratio.toFixed(2)} (${figuresOf(result)})`
}

function figuresOf({ figures }: BenchResult): string {
  return Object.entries(figures)
    .map(([name, value]) => `${name} ${typeof value === 'number' ? Number(value.toPrecision(4)) : value}`)
    .join(', ')
}
