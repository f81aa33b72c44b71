import { hash } from 'node:crypto'
import { derivedId } from '../../infra/event-store/event-id.ts'
import { openIds } from '../../infra/ids/ids.ts'

/** Ids of a park of the tests: its secret is known to them, and not to the senders that they play. */
export const testIds = openIds({
  secret: Buffer.from(hash('sha256', 'the park of the tests', 'hex'), 'hex'),
  keyed: true,
})

/** An id as a program outside may choose it: the same for the same parts, in the form of a random UUID (version 4). */
export const chosenId = (...parts: readonly (string | number)[]): string => {
  const id = derivedId(...parts)
  return `${id.slice(0, 14)}4${id.slice(15)}`
}
