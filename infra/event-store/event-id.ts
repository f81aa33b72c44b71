import { createHash } from 'node:crypto'

/** A UUID (version 8, RFC 9562 5.8) made of what it names: the same parts give the same id, on every machine. */
export function derivedId(...parts: readonly (string | number)[]): string {
  const hash = createHash('sha256').update(parts.join('\u0000')).digest()
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x80
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80
  const hex = hash.toString('hex', 0, 16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** The id of the n-th event (from 0) of a command: a repeated append makes the same events. UUIDs are the same in either case of letters. */
export const eventId = (commandId: string, index: number): string => derivedId('event', commandId.toLowerCase(), index)
