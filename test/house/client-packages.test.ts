import { expect, test } from 'vitest'
import { importsOf, sources } from './sources.ts'

test('the client of EventStoreDB, whose last version has come, is imported in two files: one of the adapter, one of the stand-in', () => {
  const importing = sources({ withTests: true }).filter((source) =>
    importsOf(source).some((name) => /^@(?:eventstore|kurrent)\//.test(name)),
  )
  expect(importing.map(({ path }) => path)).toEqual([
    'infra/event-store/eventstoredb/client.ts',
    'infra/event-store/stand-in/stubs.ts',
  ])
})
