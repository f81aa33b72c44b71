import { readFileSync } from 'node:fs'
import type { DomainEvent, EventType } from '../../schemas/streams.ts'

type Of<T extends EventType> = Extract<DomainEvent, { readonly type: T }>

/** The stored example of an event (`test/fixtures/events`), on a stream, with other data where a test needs them. */
export function fixtureEvent<T extends EventType>(
  stream: string,
  type: T,
  other: Partial<Of<T>['data']> = {},
): Of<T> & { readonly stream: string } {
  const file = new URL(`../fixtures/events/${type}.v1.json`, import.meta.url)
  const { occurredAt, data } = JSON.parse(readFileSync(file, 'utf8')) as Of<T>
  return { stream, type, occurredAt, data: { ...data, ...other } } as Of<T> & { readonly stream: string }
}
