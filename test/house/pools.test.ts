import { expect, test } from 'vitest'
import { sources } from './sources.ts'

const OWNER = 'infra/postgres/sessions.ts'

test('every pool is opened where its sessions get a listener for as long as they live, in tests too', () => {
  const opening = sources({ withTests: true }).filter(
    ({ path, text }) => !path.startsWith('test/house/') && /new pg\.Pool\(/.test(text),
  )
  // Its own test shows what happens without.
  expect(opening.map(({ path }) => path)).toEqual(['infra/postgres/sessions.test.ts', OWNER])
})
