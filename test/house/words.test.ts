import { expect, test } from 'vitest'
import { glossary } from '../../schemas/texts/glossary.ts'
import { sources } from './sources.ts'

// What deciders and rules say as words: the step of a moment, who a step belongs to, which field, which problem.
const WORDS = [
  /\btimeliness\([^()]*(?:\([^()]*\))?[^()]*'([a-z-]+)'/g,
  /\{ name: '([a-z-]+)', at\b/g,
  /\b(?:by|problem|match|subject|field|action|reason): '([A-Za-z-]+)'/g,
]

test('every word that a refusal or finding says has its term in both languages', () => {
  const spoken = sources()
    .filter(({ path }) => path.startsWith('schemas/rules/') || path.includes('/decide/'))
    .flatMap(({ path, text }) =>
      WORDS.flatMap((pattern) => [...text.matchAll(pattern)].map(([, word]) => ({ path, word: word ?? '' }))),
    )
  expect(spoken.length).toBeGreaterThan(20)
  expect(spoken.filter(({ word }) => !Object.hasOwn(glossary, word))).toEqual([])
})
