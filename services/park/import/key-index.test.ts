import { expect, test } from 'vitest'
import { KeyIndex } from './key-index.ts'

test('every name leads to the first row that bore it, through all growth', () => {
  const names: string[] = []
  const index = new KeyIndex((ordinal, name) => names[ordinal] === name)
  for (let ordinal = 0; ordinal < 20_000; ordinal++) names.push(`HWCS2026${ordinal % 15_000}`)
  const known = names.map((name, ordinal) => index.add(name, ordinal))
  expect(known.slice(0, 15_000).every((row) => row === undefined)).toBe(true)
  expect(known.slice(15_000).every((row, at) => row === at)).toBe(true)
  expect(names.slice(0, 15_000).every((name, ordinal) => index.find(name) === ordinal)).toBe(true)
  expect(index.find('HWCS2026x')).toBeUndefined()
})

test('names with one hash are told apart by their rows', () => {
  // A row bears only its own name, so a hash alone is never enough.
  const index = new KeyIndex(() => false)
  index.add('a', 1)
  expect(index.find('a')).toBeUndefined()
})

test('a name can be given to another row', () => {
  const index = new KeyIndex((_, name) => name === 'a')
  index.add('a', 1)
  index.replace('a', 2)
  expect(index.find('a')).toBe(2)
})
