import { z } from 'zod'
import type { RecordedEvent } from '../../../../infra/event-store/port.ts'
import { builder } from '../builder.ts'
import type { GatewayContext } from '../context.ts'
import { publicForm } from '../../../../schemas/integration/cloud-event.ts'
import { masked } from '../masking.ts'
import { connection, cursorParts, type PageArgs, type Walk } from '../paging.ts'
import { Actor } from './actor.ts'

/** One fact of the log, as its subject exists for the reader. Loaded by position. */
export const Event = builder.loadableObjectRef('Event', {
  toKey: ({ position }: RecordedEvent) => position,
  sort: true,
  loaderOptions: { cache: false },
  load: (positions: number[], { readSide, visibility }) => readSide.eventsAt(positions, visibility),
})
Event.implement({
  description: '事件：不可更改的事实。 An immutable fact.',
  fields: (t) => ({
    id: t.exposeID('id'),
    position: t.expose('position', { type: 'Position' }),
    type: t.string({
      description: 'As in the feed and in Kafka: cn.wufei.lot.stored.v1.',
      resolve: (event) => publicForm(event).type,
    }),
    stream: t.exposeString('stream'),
    revision: t.exposeInt('revision', { description: 'Place in its stream, from 1.' }),
    occurredAt: t.expose('occurredAt', { type: 'DateTime' }),
    recordedAt: t.expose('recordedAt', { type: 'DateTime' }),
    actor: t.field({ type: Actor, nullable: true, resolve: ({ metadata: { actor } }) => actor }),
    data: t.field({
      type: 'JSON',
      description: 'The facts, as in the feed. Persons are masked: their names stay sealed.',
      resolve: (event) => masked(publicForm(event).facts()),
    }),
  }),
})

export const EventConnection = builder.connectionObject({ type: Event, name: 'EventConnection' }, { name: 'EventEdge' })

/** Events of one list, by position. */
export const eventWalk: Walk<RecordedEvent, number> = {
  list: 'events',
  parts: z.tuple([cursorParts.whole]),
  toParts: ({ position }) => [position],
  toCursor: ([position]) => Number(position),
}

const byRevision: Walk<RecordedEvent, number> = {
  list: 'history',
  parts: z.tuple([cursorParts.count]),
  toParts: ({ revision }) => [revision],
  toCursor: ([revision]) => Number(revision),
}

/** The history of one stream that was found to exist for the reader, oldest first. */
export const history = (stream: string, revisions: number, args: PageArgs, context: GatewayContext) =>
  connection(
    args,
    context,
    byRevision,
    (page) => context.readSide.eventsOf(stream, page),
    () => Promise.resolve(revisions),
  )
