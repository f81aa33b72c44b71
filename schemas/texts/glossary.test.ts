import { expect, test } from 'vitest'
import { ROLES } from '../actor.ts'
import { LOT_ACTIONS } from '../lot/actions.ts'
import { MANIFEST_ACTIONS } from '../manifest/actions.ts'
import { DifferenceKind, ManifestForm } from '../manifest/shapes.ts'
import { UnitRole } from '../unit/shapes.ts'
import { PLACE_KINDS } from '../values/place.ts'
import { STAGES, WASTE_STREAMS } from '../values/waste.ts'
import { glossary } from './glossary.ts'

test.each(Object.entries(glossary))('%s has a term in each language and a meaning', (_, { zh, en, meaning }) => {
  expect(zh).toMatch(/\p{Script=Han}/u)
  expect(en).toMatch(/^[a-z0-9 ,’-]+$/i)
  expect(meaning.length).toBeGreaterThan(8)
})

test.each([
  ['stage', STAGES],
  ['stream', WASTE_STREAMS],
  ['role', ROLES],
  ['kind of unit', UnitRole.options],
  ['action on a lot', LOT_ACTIONS],
  ['action on a manifest', MANIFEST_ACTIONS],
  ['place', PLACE_KINDS],
  ['difference', DifferenceKind.options],
  ['form of document', ManifestForm.options],
])('every %s that users see has its term', (_, words) => {
  expect(words.filter((word) => !Object.hasOwn(glossary, word))).toEqual([])
})
