import { StoreRefused } from '../faults.ts'
import type { WireEvent } from './envelope.ts'

/**
 * What a server takes in one append. Up to 24.10.3 it counts data alone, from 24.10.4 on data, metadata and two bytes for each character of the type
 * (Event.SizeOnDisk); it takes 1 MiB of that, from 25.1 on 256 MiB, unless its MaxAppendSize says otherwise. One record takes 16 MiB less 10,000
 * bytes in every version (TFConsts.EffectiveMaxLogRecordSize), and so does one message.
 */
export interface SizeRule {
  readonly whole: boolean
  readonly append: number
  readonly event: number
}

const MIB = 1_048_576
const RECORD_BYTES = 16 * MIB - 10_000

/** The rule of a version, by what the server tells of itself; for one that tells nothing the narrowest of all rules. */
export function sizeRuleOf(version: string, maxAppendSize?: number): SizeRule {
  const found = /^(\d+)\.(\d+)(?:\.(\d+))?/.exec(version)
  const [major, minor, patch] = [1, 2, 3].map((part) => Number(found?.[part] ?? 0)) as [number, number, number]
  const from = (a: number, b: number, c: number): boolean =>
    major !== a ? major > a : minor !== b ? minor > b : patch >= c
  return {
    whole: !found || from(24, 10, 4),
    append: maxAppendSize ?? (found && from(25, 1, 0) ? 256 * MIB : MIB),
    event: RECORD_BYTES,
  }
}

/** @throws StoreRefused where the server would not take these events: a command is one append, so it cannot be cut in two */
export function measure({ whole, append, event: limit }: SizeRule, events: readonly WireEvent[]): void {
  let sum = 0
  for (const { type, data, metadata } of events) {
    const all = data.length + metadata.length + 2 * type.length
    if (all > limit) throw eventTooLarge(type, all, limit)
    sum += whole ? all : data.length
  }
  if (sum > append) throw appendTooLarge(append, sum)
}

export const appendTooLarge = (limit: number, bytes?: number): StoreRefused =>
  new StoreRefused(
    'append-too-large',
    `the server takes ${limit} bytes in one append (its MaxAppendSize)${bytes === undefined ? '' : `, and this one has ${bytes}`}: ` +
      'send fewer or smaller events in one command, or raise MaxAppendSize there and EVENTSTORE_MAX_APPEND_SIZE here',
  )

export const eventTooLarge = (type: string, bytes: number, limit: number): StoreRefused =>
  new StoreRefused('event-too-large', `an event (${type}) has ${bytes} bytes, and the server takes ${limit} in one`)
