import { z } from 'zod'
import type { ParkedCursor, ParkedEvent as ParkedEventView } from '../../../../projections/runner/parked-events.ts'
import { renderRefusal } from '../../../../schemas/texts/render.ts'
import { builder } from '../builder.ts'
import { cursorParts, type Walk } from '../paging.ts'

const advice = ({ position, waitsFor }: ParkedEventView) =>
  renderRefusal(
    waitsFor === undefined
      ? { code: 'event-parked', pointer: '', facts: { position } }
      : { code: 'event-waits', pointer: '', facts: { position, first: waitsFor } },
  )

export const ParkedEvent = builder.objectRef<ParkedEventView>('ParkedEvent')
ParkedEvent.implement({
  description: '未能计入账目的事件。 An event that a read model could not fold, and is in none of its figures.',
  fields: (t) => ({
    id: t.id({ resolve: ({ projection, position }) => `${projection}-${position}` }),
    projection: t.exposeString('projection', { description: 'Read model whose figures lack the event.' }),
    position: t.expose('position', { type: 'Position' }),
    type: t.exposeString('type', { nullable: true }),
    stream: t.exposeString('stream', { description: 'Every later event of this stream waits behind it.' }),
    occurredAt: t.exposeString('occurredAt', { nullable: true, description: 'As stored, whatever its form.' }),
    recordedAt: t.exposeString('recordedAt', { nullable: true }),
    parkedAt: t.exposeString('parkedAt'),
    attempts: t.exposeInt('attempts', { description: 'How often folding it was tried; 0 while it waits for another.' }),
    error: t.exposeString('error', { description: 'What the fold or the database said; empty while it waits.' }),
    waitsFor: t.expose('waitsFor', {
      type: 'Position',
      nullable: true,
      description: 'The first event of its stream that could not be folded, where that is another one.',
    }),
    advice: t.string({
      description: 'What to do, in the language of Accept-Language.',
      resolve: (parked, _args, { language }) => advice(parked)[language],
    }),
  }),
})

export const ParkedEventConnection = builder.connectionObject(
  { type: ParkedEvent, name: 'ParkedEventConnection' },
  { name: 'ParkedEventEdge' },
)

/** Parked events, by their place in the log. */
export const parkedWalk: Walk<ParkedEventView, ParkedCursor> = {
  list: 'parked',
  parts: z.tuple([cursorParts.whole, cursorParts.word]),
  toParts: ({ position, projection }) => [position, projection],
  toCursor: ([position, projection]) => ({ position: Number(position), projection: String(projection) }),
}
