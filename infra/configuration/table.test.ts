import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { configurationTable, tableIn, withTable } from './table.ts'
import { variables } from './variables.ts'

test('the table has a row a variable, and the file variant of a secret', () => {
  const table = configurationTable()
  for (const name of Object.keys(variables)) expect(table).toContain(`\`${name}\``)
  expect(table).toContain('| `PORT` | `8080` | port to listen on; 0 takes a free one |')
  expect(table).toContain('`DATABASE_URL_FILE`')
})

test('writing the table leaves the rest of the document alone, and writing it again changes nothing', () => {
  const document = 'before\n<!-- configuration:begin -->\nold\n<!-- configuration:end -->\nafter\n'
  const written = withTable(document)
  expect(tableIn(written)).toBe(configurationTable())
  expect(written.startsWith('before\n')).toBe(true)
  expect(written.endsWith('\nafter\n')).toBe(true)
  expect(withTable(written)).toBe(written)
  expect(() => withTable('no markers')).toThrow('lacks')
})

test('the README shows the table of now (else: npx tsx infra/house/configuration-table.ts)', () => {
  expect(tableIn(readFileSync(new URL('../../README.md', import.meta.url), 'utf8'))).toBe(configurationTable())
})
