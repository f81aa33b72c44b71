import { readFileSync, writeFileSync } from 'node:fs'
import { withTable } from '../configuration/table.ts'

// `npx tsx infra/house/configuration-table.ts` after a change of infra/configuration/variables.ts; a test says when it is due.
const readme = new URL('../../README.md', import.meta.url)
writeFileSync(readme, withTable(readFileSync(readme, 'utf8')))
