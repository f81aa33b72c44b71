import type { Finding } from '../../schemas/decision.ts'
import type { EventMetadata } from '../../schemas/event.ts'
import { businessDay, type Moment } from '../../schemas/values/time.ts'
import { currentTraceparent } from '../telemetry/spans.ts'
import type { Envelope } from './execute.ts'

/** What an event keeps of its command, with the findings that it was accepted with. */
export function eventMetadata(envelope: Envelope, findings: readonly Finding[], occurredAt: Moment): EventMetadata {
  const { commandId, correlationId, actor, provenance, reason, released } = envelope
  // An act that was held is caused by its release.
  const causationId = envelope.causationId ?? released?.event
  const traceparent = currentTraceparent() ?? envelope.traceparent
  const kept = findings.flatMap(({ rule, severity, pointer, facts, day }) =>
    severity === 'BLOCK'
      ? []
      : [{ rule, severity, pointer, facts, ...(day === undefined || day === businessDay(occurredAt) ? {} : { day }) }],
  )
  return {
    commandId,
    actor,
    provenance,
    ...(causationId ? { causationId } : {}),
    ...(correlationId ? { correlationId } : {}),
    ...(reason ? { reason } : {}),
    ...(kept.length > 0 ? { findings: kept } : {}),
    ...(traceparent ? { traceparent } : {}),
  }
}
