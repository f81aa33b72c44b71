import { z } from 'zod'
import { eventOf, NO_MASS, type AnyEventFrom } from '../stream/event-row.ts'
import { streamKind } from '../stream/stream-kind.ts'
import { Moment } from '../values/time.ts'
import { WASTE_STREAMS } from '../values/waste.ts'

export type Outage = { readonly startedAt: string; readonly endedAt: string; readonly cause: string } | undefined

const event = eventOf<Outage>()

const outageEvents = {
  /** One is declared once; whatever is declared of another time is another one. */
  OutageDeclared: event({
    schema: z.strictObject({ startedAt: Moment, endedAt: Moment, cause: z.string().min(1).max(500) }),
    fold: (_known, { data }) => data,
    mass: NO_MASS,
    // It moves terms of every unit, and is the offices' to watch over.
    concerns: { begins: () => ({ units: [], streams: WASTE_STREAMS }) },
    public: {
      name: 'declared',
      version: 1,
      facts: z.strictObject({ startedAt: Moment, endedAt: Moment, cause: z.string().min(1).max(500) }),
    },
    zh: '系统停运申报',
    en: 'The park could not record what happened: terms are longer by it',
  }),
}

export type OutageEvent = AnyEventFrom<typeof outageEvents>

/** Times in which the park could not record what happened, stream `outage-<id>`: terms that they lie in are longer by them. */
export const outages = streamKind<'outage', Outage, typeof outageEvents>({
  name: 'outage',
  channel: 'law',
  initial: undefined,
  concern: { from: 'event' },
  subjectOf: (id) => ({ kind: 'outage', id }),
  events: outageEvents,
})
