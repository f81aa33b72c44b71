import { expect, test } from 'vitest'
import { sources } from './sources.ts'

test('every pool of the park is opened where its sessions get a listener for as long as they live', () => {
  const opening = sources().filter(({ text }) => /new pg\.Pool\(/.test(text))
  expect(opening.map(({ path }) => path)).toEqual(['infra/postgres/sessions.ts'])
})
