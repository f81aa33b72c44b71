import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { IncomingRecord } from '../kafka/port.ts'
import { openMerge } from './merge.ts'
import { placeOf } from './record.ts'

const PARTITIONS = 5
const at = (partition: number) => ({ topic: 'wufei.lots', partition })

const told = (partition: number, offset: number, position: number, previous: number): IncomingRecord => ({
  ...at(partition),
  offset,
  key: `lot-${partition}`,
  value: Buffer.from(`${position}`),
  headers: { position: String(position), previous: String(previous), epoch: 'e' },
  timestamp: 0,
})

/** What a relay that was killed now and then left in the partitions: the whole log, parts of it several times. */
const partitions = fc
  .record({
    steps: fc.array(fc.record({ gap: fc.integer({ min: 1, max: 9 }), partition: fc.nat(PARTITIONS - 1) }), {
      minLength: 1,
      maxLength: 60,
    }),
    resends: fc.array(fc.record({ from: fc.nat(59), to: fc.nat(59) }), { maxLength: 4 }),
  })
  .map(({ steps, resends }) => {
    let position = 0
    const log = steps.map(({ gap, partition }) => {
      const previous = position
      position += gap
      return { position, previous, partition }
    })
    const lines: IncomingRecord[][] = Array.from({ length: PARTITIONS }, () => [])
    const tell = ({ position: here, previous, partition }: (typeof log)[number]) =>
      lines[partition]?.push(told(partition, lines[partition].length, here, previous))
    // A relay begins again at its checkpoint, which is never ahead of what it sent.
    let sent = 0
    for (const { from, to } of resends.toSorted((a, b) => a.to - b.to)) {
      for (; sent <= Math.min(to, log.length - 1); sent++) tell(log[sent] as (typeof log)[number])
      sent = Math.min(from, sent)
    }
    for (; sent < log.length; sent++) tell(log[sent] as (typeof log)[number])
    return { positions: log.map((event) => event.position), lines }
  })

/** Adds records of the partitions in an order of chance, each partition in its own. */
function* arriving(
  lines: readonly (readonly IncomingRecord[])[],
  order: readonly number[],
  from: readonly number[],
): Generator<IncomingRecord> {
  const next = [...from]
  for (let turn = 0; lines.some((line, p) => (next[p] ?? 0) < line.length); turn++) {
    const wanted = (order[turn % order.length] ?? 0) % lines.length
    const line =
      Array.from({ length: lines.length }, (_, i) => (wanted + i) % lines.length).find(
        (p) => (next[p] ?? 0) < (lines[p]?.length ?? 0),
      ) ?? 0
    yield lines[line]?.[next[line] ?? 0] as IncomingRecord
    next[line] = (next[line] ?? 0) + 1
  }
}

const add = (merge: ReturnType<typeof openMerge>, record: IncomingRecord): void => {
  const place = placeOf(record)
  if (place) merge.add(record, place)
}
function taken(merge: ReturnType<typeof openMerge>): number[] {
  const positions: number[] = []
  for (let next = merge.next(); next; next = merge.next()) positions.push(next.position)
  return positions
}
const someOrder = fc.array(fc.nat(PARTITIONS - 1), { minLength: 1, maxLength: 40 })

test('partitions come back into the one order of the log, each event once, however they arrive and however often they were told', () => {
  fc.assert(
    fc.property(partitions, someOrder, ({ positions, lines }, order) => {
      const merge = openMerge(0)
      const merged: number[] = []
      for (const record of arriving(lines, order, [])) {
        add(merge, record)
        merged.push(...taken(merge))
      }
      expect(merged).toEqual(positions)
      expect(merge.ahead()).toBeUndefined()
    }),
    { numRuns: 400, seed: 1 },
  )
})

test('who stops anywhere and begins again at the offsets that were written with the position misses nothing', () => {
  fc.assert(
    fc.property(partitions, someOrder, fc.nat(80), ({ positions, lines }, order, stopAt) => {
      const merge = openMerge(0)
      const merged: number[] = []
      let count = 0
      for (const record of arriving(lines, order, [])) {
        if (count++ === stopAt) break
        add(merge, record)
        const next = merge.next()
        if (next) merged.push(next.position)
      }
      const again = openMerge(merge.last())
      const from = Array.from(
        { length: PARTITIONS },
        (_, p) => merge.offsets().find(({ partition }) => partition === p)?.next ?? 0,
      )
      for (const [p, offset] of from.entries()) again.begin(at(p), offset)
      for (const record of arriving(lines, order, from)) {
        add(again, record)
        merged.push(...taken(again))
      }
      expect(merged).toEqual(positions)
    }),
    { numRuns: 400, seed: 2 },
  )
})

test('a record that never came holds up what follows it, is seen, and may be read elsewhere', () => {
  fc.assert(
    fc.property(partitions, someOrder, fc.nat(59), ({ positions, lines }, order, which) => {
      const lost = positions[which % positions.length] ?? 0
      const holed = lines.map((line) => line.filter((record) => placeOf(record)?.position !== lost))
      const merge = openMerge(0)
      for (const record of arriving(holed, order, [])) add(merge, record)
      const before = taken(merge)
      expect(before).toEqual(positions.filter((position) => position < lost))
      expect(merge.ahead()).toBe(positions.find((position) => position > lost))
      merge.skipTo(lost)
      expect(taken(merge)).toEqual(positions.filter((position) => position > lost))
    }),
    { numRuns: 400, seed: 3 },
  )
})

test('headers that are none of ours say no place', () => {
  const place = (headers: Record<string, string>) => placeOf({ headers })
  expect(place({ position: '7', previous: '3', epoch: 'e' })).toEqual({
    position: 7,
    previous: 3,
    before: 3,
    epoch: 'e',
  })
  expect(place({ position: '7', previous: '3', before: '1', epoch: 'e' })).toEqual({
    position: 7,
    previous: 3,
    before: 1,
    epoch: 'e',
  })
  for (const headers of [
    {},
    { position: '7', previous: '3' },
    { position: '3', previous: '7', epoch: 'e' },
    { position: '7', previous: '7', epoch: 'e' },
    { position: '-7', previous: '0', epoch: 'e' },
    { position: '07', previous: '0', epoch: 'e' },
    { position: '1e3', previous: '0', epoch: 'e' },
    { position: '9007199254740993', previous: '0', epoch: 'e' },
    { position: '7', previous: '', epoch: 'e' },
    { position: '7', previous: '3', before: '4', epoch: 'e' },
    { position: '7', previous: '3', before: '', epoch: 'e' },
  ] as Record<string, string>[])
    expect(place(headers)).toBeUndefined()
})
