import { createHmac, createSecretKey } from 'node:crypto'
import { v7 } from 'uuid'
import { derivedId, joined, unkeyedIdOf, uuidOf, type IdPart } from '../event-store/event-id.ts'

/** Whose `Idempotency-Key` it is: a unit's, or that of a sender who acts for none. */
export interface Sender {
  readonly unit?: string | undefined
  readonly subject: string
}

/** The source of ids of a park. What is derived is always the same for the same parts, in every process of the park, and in no other park. */
export interface Ids {
  /** A new UUIDv7. */
  next(): string
  /** A UUIDv8 made of what it names with the park's secret (HMAC-SHA-256): it cannot be computed outside the park, and so not be taken first. */
  derive(...parts: readonly IdPart[]): string
  /** The id of a command that was sent under this key: no sender can reach the ids of another, or any id of the park's own. */
  ofSender(sender: Sender, key: string): string
  /** The same for the book-keeper's commands from books, wherever the books are read: here or behind a gateway. */
  ofBookCommand(key: string): string
  /** The id of a thing that books name (`bookName`). */
  ofBookName(name: string): string
  /** False for a park whose log was begun before there was a secret. */
  readonly keyed: boolean
}

/** What a park derives its ids with; kept in its database (`park-key.ts`). */
export interface ParkKey {
  /** 32 random bytes. */
  readonly secret: Uint8Array
  /** False where the log holds ids derived without the secret: they go on that way, so that books which are read again meet what they made. */
  readonly keyed: boolean
}

export function openIds({ secret, keyed }: ParkKey): Ids {
  const key = createSecretKey(secret)
  const withSecret = (...parts: readonly IdPart[]): string =>
    uuidOf(createHmac('sha256', key).update(joined(parts)).digest('hex'))
  return {
    next: () => v7(),
    derive: keyed ? withSecret : derivedId,
    ofSender: ({ unit, subject }, sent) =>
      unit === undefined ? withSecret('client', 'subject', subject, sent) : withSecret('client', 'unit', unit, sent),
    ofBookCommand: (sent) => (keyed ? withSecret('book', sent) : sent),
    ofBookName: (name) => (keyed ? withSecret('name', name) : unkeyedIdOf(name)),
    keyed,
  }
}
