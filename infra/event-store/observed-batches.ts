import { SpanKind } from '@opentelemetry/api'
import { currentTraceparent, spannedIfTraced } from '../telemetry/spans.ts'
import type { Admitted } from './admission.ts'
import type { AppendResult } from './port.ts'

type Send = (batch: readonly Admitted[]) => Promise<readonly AppendResult[]>

/**
 * The same sending, seen from outside. A batch serves many commands and belongs to none of their traces: it is a trace of its own that is linked to
 * all of them, for else it would seem to be the work of whoever happened to come first.
 */
export function observedBatches(send: Send, onBatch: (requests: number) => void = () => undefined) {
  const traces = new WeakMap<Admitted, string>()
  return {
    /** Notes under which trace a request was made. */
    from(request: Admitted): Admitted {
      const traceparent = currentTraceparent()
      if (traceparent !== undefined) traces.set(request, traceparent)
      return request
    },
    send(batch: readonly Admitted[]): Promise<readonly AppendResult[]> {
      onBatch(batch.length)
      const links = () => batch.map((request) => traces.get(request))
      const attributes = () => ({ 'wufei.batch.requests': batch.length })
      return spannedIfTraced('append batch', { kind: SpanKind.CLIENT, links, attributes }, () => send(batch))
    },
  }
}
