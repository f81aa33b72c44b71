import { z } from 'zod'

/** `traceparent` of W3C Trace Context, version 00: trace (not all zeros), span (not all zeros), flags. Says nothing about who or what. */
export const TraceParent = z.string().regex(/^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/)
export type TraceParent = z.infer<typeof TraceParent>
