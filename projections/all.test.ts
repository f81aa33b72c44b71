import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { allProjections } from './all.ts'

test.each(allProjections.map(({ name, ddl }) => [name, new URL('fold.test.ts', ddl)] as const))(
  'the read model %s has a spec of its own, beside its tables',
  (_, spec) => expect(existsSync(spec)).toBe(true),
)
