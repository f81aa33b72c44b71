import type { FindingEvent, RaisedFinding } from './events.ts'

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

export function evolveFinding(finding: RecordedFinding, event: FindingEvent): RecordedFinding {
  switch (event.type) {
    case 'FindingRaised':
      return { status: 'open', raised: event.data, raisedAt: event.occurredAt }
    case 'FindingSettled':
      return finding.status === 'none' ? finding : { ...finding, status: 'settled', settledAt: event.occurredAt }
  }
}
