/** Whether somewhere in a fault, which this client nests, there is a property with this value. */
export const says = (fault: unknown, property: string, value: unknown): boolean =>
  isNested(fault) && fault.findBy(property, value) !== null

/** By the method that its errors have (GenericError, MultipleErrors): their classes are there only with the package. */
const isNested = (fault: unknown): fault is Error & { findBy(property: string, value: unknown): Error | null } =>
  fault instanceof Error && 'findBy' in fault && typeof fault.findBy === 'function'

/** Lets go of everything at once; the client's own promise is not in its types. */
export const closed = (client: {
  close(force: boolean, callback: (fault: Error | null | undefined) => void): void
}): Promise<void> => new Promise((done, failed) => client.close(true, (fault) => (fault ? failed(fault) : done())))

/** What the broker answered, where the client threw it away because part of it was a refusal. */
export function responseIn<T>(fault: unknown): T | undefined {
  if (!(fault instanceof Error)) return undefined
  const { response, errors = [] } = fault as Error & { response?: T; errors?: readonly unknown[] }
  if (response !== undefined) return response
  for (const one of errors) {
    const found = responseIn<T>(one)
    if (found !== undefined) return found
  }
  return undefined
}
