import {
  context,
  type Context,
  type Link,
  ROOT_CONTEXT,
  type Attributes,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
  type Tracer,
} from '@opentelemetry/api'

/** What is known of a piece of work before it is done. */
export interface SpanOf {
  readonly kind?: SpanKind
  /** Where it continues from if no span is under way here: `traceparent` of W3C Trace Context. */
  readonly from?: string | undefined
  /** Traces that it belongs to without being a part of one of them: a batch, a page. The span is then the root of a trace of its own. */
  readonly links?: Links
  /** A function, as links are, so that nothing is made while nobody traces. */
  readonly attributes?: () => Attributes
}

type Links = () => readonly (string | undefined)[]

/** Most traces that one batch or page is linked to. */
export const MAX_LINKS = 512

// Set once, where a process starts. While it is not, a span costs the look at this variable.
let tracer: Tracer | undefined

/** Spans go to this tracer from now on; to none without one. Only `tracing.ts` says so. */
export function traceWith(given: Tracer | undefined): void {
  tracer = given
}

/**
 * Does a piece of work as a span, and what it calls as spans within it. The span hears how it ended: of a fault its name only, because messages of
 * faults quote what users typed.
 */
export function spanned<T>(name: string, of: SpanOf, work: (span: Span | undefined) => T): T {
  if (!tracer) return work(undefined)
  const span = startSpan(tracer, name, of)
  let result: T
  try {
    result = context.with(trace.setSpan(context.active(), span), work, undefined, span)
  } catch (fault) {
    failed(span, fault)
    throw fault
  }
  if (!(result instanceof Promise)) {
    span.end()
    return result
  }
  return result.then(
    (value: unknown) => {
      span.end()
      return value
    },
    (fault: unknown) => {
      failed(span, fault)
      throw fault
    },
  ) as T
}

/** The same for work on events that were recorded under traces; without any of them it is no span at all. */
export function spannedIfTraced<T>(
  name: string,
  of: SpanOf & { readonly links: Links },
  work: (span: Span | undefined) => T,
): T {
  return tracer && of.links().some((link) => link !== undefined) ? spanned(name, of, work) : work(undefined)
}

/** A span that its caller ends, for work that begins and ends in different callbacks. */
export const openSpan = (name: string, of: SpanOf): Span | undefined => tracer && startSpan(tracer, name, of)

/** Runs `work` within a span that is under way. */
export const within = <T>(span: Span | undefined, work: () => T): T =>
  span ? context.with(trace.setSpan(context.active(), span), work) : work()

/** `traceparent` of the span under way, if it is recorded. */
export function currentTraceparent(): string | undefined {
  if (!tracer) return undefined
  const span = trace.getActiveSpan()
  return span?.isRecording() ? traceparentOf(span.spanContext()) : undefined
}

/** Ids of the span under way, as log lines carry them. */
export function currentIds(): { readonly trace_id?: string; readonly span_id?: string } {
  const known = tracer && trace.getActiveSpan()?.spanContext()
  return known ? { trace_id: known.traceId, span_id: known.spanId } : {}
}

export const traceparentOf = ({ traceId, spanId, traceFlags }: SpanContext): string =>
  `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`

// Later versions begin like this one (W3C Trace Context 3.2.4); ff is none.
const TRACEPARENT = /^(?!ff)([0-9a-f]{2})-((?!0{32})[0-9a-f]{32})-((?!0{16})[0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/

/** What a header or an event says of a trace; undefined where it says nothing that can be read. */
export function readTraceparent(text: unknown): SpanContext | undefined {
  const [, version, traceId, spanId, flags, more] = (typeof text === 'string' && TRACEPARENT.exec(text)) || []
  if (traceId === undefined || spanId === undefined || flags === undefined || (version === '00' && more !== undefined))
    return undefined
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & TraceFlags.SAMPLED, isRemote: true }
}

function startSpan(by: Tracer, name: string, { kind = SpanKind.INTERNAL, from, links, attributes }: SpanOf): Span {
  const options = { kind, ...(attributes ? { attributes: attributes() } : {}) }
  if (links) return by.startSpan(name, { ...options, root: true, links: linksTo(links()) })
  return by.startSpan(name, options, parentOf(from))
}

function parentOf(from: string | undefined): Context {
  const active = context.active()
  if (from === undefined || trace.getSpan(active)) return active
  const remote = readTraceparent(from)
  return remote ? trace.setSpanContext(ROOT_CONTEXT, remote) : active
}

function linksTo(traceparents: readonly (string | undefined)[]): Link[] {
  const different = new Set<string>()
  for (const traceparent of traceparents) {
    if (traceparent !== undefined) different.add(traceparent)
    if (different.size === MAX_LINKS) break
  }
  return [...different].flatMap((text) => readTraceparent(text) ?? []).map((linked) => ({ context: linked }))
}

function failed(span: Span, fault: unknown): void {
  span.setAttribute('error.type', fault instanceof Error ? fault.name : typeof fault)
  span.setStatus({ code: SpanStatusCode.ERROR })
  span.end()
}
