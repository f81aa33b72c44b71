import { readFileSync, writeFileSync } from 'node:fs'
import { withTable } from './table.ts'

// `npx tsx infra/configuration/write-table.ts` after a change of variables.ts; the test beside table.ts says when it is due.
const readme = new URL('../../README.md', import.meta.url)
writeFileSync(readme, withTable(readFileSync(readme, 'utf8')))
