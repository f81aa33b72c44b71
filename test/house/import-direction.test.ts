import { expect, test } from 'vitest'
import { breachesOf } from './import-direction.ts'
import { sources } from './sources.ts'

test('imports run one way: schemas <- infra <- projections, services <- services/park', () => {
  const all = sources()
  expect(all.length).toBeGreaterThan(50)
  expect(all.flatMap(breachesOf)).toEqual([])
})

test.each([
  [
    'schemas/lot/state.ts',
    `import { openStates } from '../../infra/commanding/states.ts'`,
    'schemas may not import infra',
  ],
  ['infra/x.ts', `import type { Projection } from '../projections/projection.ts'`, 'infra may not import projections'],
  [
    'projections/journal/fold.ts',
    `export { lot } from '../../services/collection/decide.ts'`,
    'projections may not import services',
  ],
  [
    'services/transport/decide.ts',
    `const { lot } = await import('../collection/decide.ts')`,
    'a service never imports another service',
  ],
  ['services/transport/decide.ts', `import '../../projections/projection.ts'`, 'services may not import projections'],
])('a breach planted in %s is found', (path, text, why) => {
  expect(breachesOf({ path, text })).toEqual([expect.stringContaining(why)])
})

test('the park may compose the services and the gateway may read the projections', () => {
  expect(
    breachesOf({
      path: 'services/park/compose.ts',
      text: `import { routes } from '../transport/routes.ts'\nimport { ledger } from '../../projections/journal/ledger.ts'`,
    }),
  ).toEqual([])
  expect(
    breachesOf({
      path: 'services/gateway/graphql/read-side.ts',
      text: `import { ledger } from '../../../projections/journal/ledger.ts'`,
    }),
  ).toEqual([])
})
