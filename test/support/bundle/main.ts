import { parseArgs } from 'node:util'
import { writeBundle } from './generate.ts'

// node --import tsx test/support/bundle/main.ts FOLDER --units 24 --from 2026-10-01 --days 46 --seed 1
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    units: { type: 'string', default: '10' },
    days: { type: 'string', default: '46' },
    from: { type: 'string', default: '2026-10-01' },
    seed: { type: 'string', default: '1' },
  },
})
const [folder] = positionals
if (folder === undefined) throw new Error('name the folder that the bundle is to be written into')
const { rows } = await writeBundle(folder, {
  seed: Number(values.seed),
  units: Number(values.units),
  from: values.from,
  days: Number(values.days),
})
process.stdout.write(`${JSON.stringify(rows)}\n`)
