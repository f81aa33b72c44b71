import { hash } from 'node:crypto'

const VARIANTS = '89ab'

/** A UUID (version 8, RFC 9562 5.8) made of what it names: the same parts give the same id, on every machine. */
export function derivedId(...parts: readonly (string | number)[]): string {
  const hex = hash('sha256', parts.join('\u0000'), 'hex')
  const variant = VARIANTS[Number.parseInt(hex.charAt(16), 16) & 3]
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/** The id of the n-th event (from 0) of a command: a repeated append makes the same events. UUIDs are the same in either case of letters. */
export const eventId = (commandId: string, index: number): string => derivedId('event', commandId.toLowerCase(), index)
