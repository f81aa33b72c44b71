import { GenericError, MultipleErrors } from '@platformatic/kafka'

/** Whether somewhere in a fault, which this client nests, there is a property with this value. */
export const says = (fault: unknown, property: string, value: unknown): boolean =>
  (fault instanceof GenericError && fault.findBy(property, value) !== null) ||
  (fault instanceof MultipleErrors && fault.findBy(property, value) !== null)

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
