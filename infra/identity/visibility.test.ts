import { expect, test } from 'vitest'
import { ROLES } from '../../schemas/actor.ts'
import { WASTE_STREAMS } from '../../schemas/values/waste.ts'
import { COMPETENCES, canRead, visibility } from './visibility.ts'

const ours = '91350100M000100Y43'
const theirs = '914403001922038216'

test.each(ROLES)('%s: what the table of roles and things says', (role) => {
  const actor = { subject: 's', unit: ours, roles: [role] }
  const sight = visibility(actor)
  const table = {
    own: canRead(sight, { units: [ours], streams: ['hazardous'] }),
    shared: canRead(sight, { units: [theirs, ours], streams: ['hazardous'] }),
    foreign: canRead(sight, { units: [theirs], streams: ['hazardous'] }),
    nobodys: canRead(sight, { units: [], streams: [] }),
  }
  expect(table).toEqual(
    role === 'admin'
      ? { own: true, shared: true, foreign: true, nobodys: true }
      : { own: true, shared: true, foreign: false, nobodys: false },
  )
})

test.each(Object.entries(COMPETENCES))(
  'an official of %s sees the streams of that office and no other',
  (_, competence) => {
    const sight = visibility({ subject: 'official', roles: ['bureau'], competence })
    for (const stream of WASTE_STREAMS)
      expect(canRead(sight, { units: [theirs], streams: [stream] })).toBe(
        (competence as readonly string[]).includes(stream),
      )
  },
)

test('an official without a named competence sees nothing', () => {
  const sight = visibility({ subject: 'official', roles: ['bureau'] })
  for (const stream of WASTE_STREAMS) expect(canRead(sight, { units: [theirs], streams: [stream] })).toBe(false)
})

test('a bearer without unit and role sees nothing', () => {
  expect(canRead(visibility({ subject: 's', roles: [] }), { units: [ours], streams: [...WASTE_STREAMS] })).toBe(false)
})
