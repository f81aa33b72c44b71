import { expect, test } from 'vitest'
import { impurities, isCore } from './purity.ts'
import { sources } from './sources.ts'

test('whatever decides, evolves, judges or folds has no clock, no randomness and no input or output', () => {
  const core = sources().filter(({ path }) => isCore(path))
  expect(core.length).toBeGreaterThan(40)
  expect(core.flatMap(impurities)).toEqual([])
})

test.each([
  ['services/transport/decide.ts', 'const now = Date.now()', 'reads the clock'],
  ['services/transport/decide/file.ts', 'const at = new Date().toISOString()', 'reads the clock'],
  ['schemas/lot/state.ts', 'const id = Math.random()', 'draws a random number'],
  ['schemas/rules/transfer.ts', 'if (process.env.STRICT) refuse()', 'does input or output'],
  ['projections/journal/fold.ts', `import { Pool } from 'pg'`, 'imports pg'],
  [
    'services/disposal/decide.ts',
    `import { openStates } from '../../infra/commanding/states.ts'`,
    'imports infra/commanding/states.ts',
  ],
  ['schemas/values/time.ts', 'const day = await load()', 'waits'],
])('a breach planted in %s is found', (path, text, why) => {
  expect(impurities({ path, text })).toEqual([expect.stringContaining(why)])
})

test('a word in a comment or in a text is no breach', () => {
  expect(
    impurities({ path: 'schemas/lot/state.ts', text: `// Date.now() would be wrong here\nconst text = 'Math.random'` }),
  ).toEqual([])
})
