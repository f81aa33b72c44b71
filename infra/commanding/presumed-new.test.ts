import { defaultBounds } from '../../schemas/commands/bounds.ts'
import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { accept, type Decider, refuse, refusal } from '../../schemas/decision.ts'
import { grams } from '../../schemas/values/mass.ts'
import type { LotEventOf } from '../../schemas/lot/events.ts'
import { openMemoryStore } from '../event-store/memory.ts'
import { testIds } from '../../test/support/ids.ts'
import { systemClock } from './clock.ts'
import { execute, type Envelope, type Runtime } from './execute.ts'
import { openStates } from './states.ts'

/** Stores once; a lot that holds something takes no more. */
const storing: Decider<{ readonly grams: number }, undefined, LotEventOf<'LotStored'>, undefined> = {
  initial: { grams: 0 },
  evolve: (state, { data }) => ({ grams: state.grams + data.grams }),
  decide(_command, state) {
    if (state.grams > 0) return refuse(refusal('rule-broken'))
    const data = {
      waste: { stream: 'hazardous', code: '900-249-08' },
      from: { at: 'generation', holder: 'u', place: 'MF0001' },
      to: { at: 'collection', holder: 'u', place: 'TS001' },
      grams: grams(54_000),
      whole: true,
    } as const
    return accept([{ type: 'LotStored', occurredAt: '2025-12-06T08:52:00+08:00', data }])
  },
}

function aService() {
  const store = openMemoryStore()
  const read: string[] = []
  const watched: typeof store = {
    ...store,
    readStream(stream, options) {
      read.push(stream)
      return store.readStream(stream, options)
    },
  }
  const open = (): Runtime =>
    ({
      store: watched,
      states: openStates(watched),
      clock: systemClock,
      ids: testIds,
      bounds: defaultBounds,
      contextMaxAge: 0,
      react: () => Promise.resolve(0),
    }) as unknown as Runtime
  const envelope = (commandId = randomUUID()): Envelope => ({
    commandId,
    actor: { subject: 'u-1', roles: ['admin'] },
    provenance: 'live',
  })
  const sent = (runtime: Runtime, stream: string, by = envelope()) =>
    execute(
      runtime,
      { decider: storing, stream, presumedNew: true, command: undefined, context: () => Promise.resolve(undefined) },
      by,
    )
  return { open, envelope, send: sent, read }
}

test('a stream that was named for its command is not read before it is written', async () => {
  const { open, send, read } = aService()
  expect(await send(open(), 'lot-1')).toMatchObject({ status: 'done', revision: 1, state: { grams: 54_000 } })
  expect(read).toEqual([])
})

test('a repeat in another process gets the first answer', async () => {
  const { open, envelope, send } = aService()
  const by = envelope()
  const first = await send(open(), 'lot-1', by)
  expect(await send(open(), 'lot-1', by)).toEqual({ ...first, replayed: true })
})

test('a stream that is not new after all is found out, and the command decided on what it holds', async () => {
  const { open, send } = aService()
  await send(open(), 'lot-1')
  expect(await send(open(), 'lot-1')).toMatchObject({ status: 'refused' })
})
