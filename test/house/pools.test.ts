import { expect, test } from 'vitest'
import { sources } from './sources.ts'

const OWNER = 'infra/postgres/sessions.ts'
/** Benches end with their server, and whatever they die of they may. */
const mayOpenItsOwn = (path: string): boolean => path === OWNER || path.includes('/bench/') || path.endsWith('.test.ts')

test('every pool of the park is opened where its sessions have a listener for as long as they live', () => {
  const opening = sources().filter(({ text }) => /new pg\.Pool\(/.test(text))
  expect(opening.map(({ path }) => path)).toContain(OWNER)
  expect(opening.map(({ path }) => path).filter((path) => !mayOpenItsOwn(path))).toEqual([])
})
