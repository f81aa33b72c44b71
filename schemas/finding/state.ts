import { streamKind } from '../stream/stream-kind.ts'
import { findingEvents, type RaisedFinding } from './events.ts'

export type RecordedFinding =
  | { readonly status: 'none' }
  | { readonly status: 'open'; readonly raised: RaisedFinding; readonly raisedAt: string }
  | {
      readonly status: 'settled'
      readonly raised: RaisedFinding
      readonly raisedAt: string
      readonly settledAt: string
    }

export const noFinding: RecordedFinding = { status: 'none' }

/** What a timer or a projection found, stream `finding-<rule>-<subject>`. */
export const findings = streamKind<'finding', RecordedFinding, typeof findingEvents>({
  name: 'finding',
  channel: 'law',
  initial: noFinding,
  concern: { from: 'event' },
  subjectOf: (id) => ({ kind: 'finding', id }),
  events: findingEvents,
})
export const evolveFinding = findings.evolve
