const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-([0-9a-f])[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const POOL = /^pool-/i

const versionOf = (id: string): string | undefined => UUID.exec(id)?.[1]

/** The one spelling of an id: UUIDs in lower case, as RFC 9562 asks of those who write them; any other name to the letter. */
export const spelledId = (id: string): string => (UUID.test(id) ? id.toLowerCase() : id)

/** Whether only the park itself makes ids of this form: derived ones (UUID version 8) and pools. */
export const isReservedId = (id: string): boolean => versionOf(id) === '8' || POOL.test(id)

/** Whether it has the form of the names that the import gives to what stands in books (UUID version 5). */
export const isBookName = (id: string): boolean => versionOf(id) === '5'
