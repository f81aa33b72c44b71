import { parseArgs } from 'node:util'
import { allKinds, openGrounds, tellKind, type KindReport } from './all.ts'

/** `npm run faults -- [KIND…] [--seeds N] [--json]`: every kind of fault, told so often; exits 1 where anything was lost, doubled or out of order. */
const { names, seeds, json } = asked()
const kinds = allKinds.filter(({ name }) => names.length === 0 || names.includes(name))
const unknown = names.filter((name) => !allKinds.some((kind) => kind.name === name))
if (unknown.length > 0) usage(`no fault is called ${unknown.join(', ')}`)

const grounds = await openGrounds()
const reports: KindReport[] = []
for (const kind of kinds) {
  console.error(`${kind.name}: ${kind.about} ...`)
  const report = await tellKind(
    kind,
    Array.from({ length: seeds }, (_, i) => i + 1),
    grounds,
  )
  reports.push(report)
  console.error(
    report.skipped === undefined
      ? `${kind.name}: ${report.seeds} stories, ${report.faults} faults, ${report.violations} violations, ${report.seconds} s`
      : `${kind.name}: skipped, ${report.skipped}`,
  )
  for (const { seed, told } of report.bad) console.error(`  seed ${seed}: ${JSON.stringify(told)}`)
}
await grounds.close()

if (json) console.log(JSON.stringify({ kinds: reports }))
else {
  console.log(
    '\n| fault | stories | happened | commands acknowledged | sent again in doubt | violations | s |\n|---|---|---|---|---|---|---|',
  )
  for (const { kind, seeds: told, faults, acknowledged, doubts, violations, seconds, skipped } of reports)
    console.log(
      skipped === undefined
        ? `| ${kind} | ${told} | ${faults} | ${acknowledged} | ${doubts} | ${violations} | ${seconds} |`
        : `| ${kind} | skipped: ${skipped} | | | | | |`,
    )
}
process.exit(reports.some(({ violations }) => violations > 0) ? 1 : 0)

function asked() {
  try {
    const { values, positionals } = parseArgs({
      options: { seeds: { type: 'string', default: '50' }, json: { type: 'boolean', default: false } },
      allowPositionals: true,
    })
    const count = Number(values.seeds)
    if (!(Number.isInteger(count) && count > 0)) usage('--seeds takes a whole number from 1')
    return { names: positionals, seeds: count, json: values.json }
  } catch (error) {
    return usage(error instanceof Error ? error.message : String(error))
  }
}

function usage(problem: string): never {
  console.error(
    `${problem}\nusage: npm run faults -- [KIND…] [--seeds N] [--json]; kinds: ${allKinds.map(({ name }) => name).join(' ')}`,
  )
  process.exit(2)
}
