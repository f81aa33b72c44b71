import { expect, test } from 'vitest'
import { derivedId, eventId } from '../../../infra/event-store/event-id.ts'
import type { AppendRequest } from '../../../infra/event-store/port.ts'
import { wavesOf } from './unit-of-work.ts'

const actor = { subject: 'import', roles: [] }
const id = (name: string): string => derivedId('waves', name)

/** A request that is called by its name in what the tests say. */
function request(
  name: string,
  stream: string,
  more: { causationId?: string; correlationId?: string } = {},
): AppendRequest {
  const metadata = { commandId: id(name), actor, provenance: 'book' as const, ...more }
  return {
    stream,
    expected: 0,
    commandId: id(name),
    events: [{ type: 'Done', schemaVersion: 1, occurredAt: '2025-12-01T08:00:00+08:00', data: {}, metadata }],
  }
}
const names = new Map(
  ['claim', 'reserve a', 'reserve b', 'file', 'pick up', 'load a', 'load b', 'treat', 'open residue'].map((name) => [
    id(name),
    name,
  ]),
)
const told = (requests: readonly AppendRequest[]) =>
  wavesOf(requests).map((wave) => wave.map(({ commandId }) => names.get(commandId)))

test('a transfer is recorded in the order of its causes: claim, reservations, the document, the moves', () => {
  const filing = { correlationId: id('file') }
  const moves = { causationId: eventId(id('pick up'), 0), correlationId: id('pick up') }
  expect(
    told([
      request('reserve a', 'lot-a', filing),
      request('reserve b', 'lot-b', filing),
      request('claim', 'claim-manifest-number-1', filing),
      request('file', 'manifest-1'),
      request('pick up', 'manifest-1'),
      { ...request('load a', 'lot-a', moves), expected: 3 },
      { ...request('load b', 'lot-b', moves), expected: 3 },
    ]),
  ).toEqual([['claim'], ['reserve a', 'reserve b'], ['file', 'pick up'], ['load a', 'load b']])
})

test('commands about one thing travel together, and what follows from an effect comes after it', () => {
  const after = (cause: string) => ({ causationId: eventId(id(cause), 0), correlationId: id('file') })
  expect(
    told([
      request('file', 'lot-a'),
      request('pick up', 'lot-a'),
      request('treat', 'lot-b', after('file')),
      request('open residue', 'lot-c', after('treat')),
    ]),
  ).toEqual([['file', 'pick up'], ['treat'], ['open residue']])
})

test('what a reaction opens comes after what its siblings gave for it', () => {
  const after = { causationId: eventId(id('file'), 0), correlationId: id('file') }
  const opened = request('open residue', 'lot-c', after)
  const given = (name: string, stream: string): AppendRequest => ({ ...request(name, stream, after), expected: 3 })
  expect(told([request('file', 'manifest-1'), given('load a', 'lot-a'), given('load b', 'lot-b'), opened])).toEqual([
    ['file'],
    ['load a', 'load b'],
    ['open residue'],
  ])
})

test('commands about different things, decided one upon the other, go one after the other', () => {
  expect(told([request('file', 'lot-a'), request('treat', 'lot-b')])).toEqual([['file'], ['treat']])
})
