import { hash } from 'node:crypto'

const VARIANTS = '89ab'
const VERSION_AT = 14

export type IdPart = string | number
export const joined = (parts: readonly IdPart[]): string => parts.join('\u0000')

/** A UUID (version 8, RFC 9562 5.8) of the first 122 free bits of a digest in hex. */
export function uuidOf(hex: string): string {
  const variant = VARIANTS[Number.parseInt(hex.charAt(16), 16) & 3]
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/**
 * A UUID (version 8) made of what it names: the same parts give the same id, on every machine, and anybody can compute it. Where that must not be,
 * because a sender that knows an id could take it first, ids come from `Ids.derive`, which uses the park's secret.
 */
export const derivedId = (...parts: readonly IdPart[]): string => uuidOf(hash('sha256', joined(parts), 'hex'))

const withVersion = (id: string, version: string): string =>
  `${id.slice(0, VERSION_AT)}${version}${id.slice(VERSION_AT + 1)}`

/**
 * The name that books give a thing by what stands in them (unit and batch, an official number): the digest of `derivedId` in the form of a
 * name-based UUID (version 5), so that it cannot be mistaken for an id. The park turns it into one (`Ids.ofBookName`).
 */
export const bookName = (...parts: readonly IdPart[]): string => withVersion(derivedId(...parts), '5')

/** The id that a name of the books stood for before ids were made with a secret. */
export const unkeyedIdOf = (name: string): string => withVersion(name, '8')

/** The id of the n-th event (from 0) of a command: a repeated append makes the same events. UUIDs are the same in either case of letters. */
export const eventId = (commandId: string, index: number): string => derivedId('event', commandId.toLowerCase(), index)
