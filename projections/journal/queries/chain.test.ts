import { expect, test } from 'vitest'
import { chainOf } from './chain.ts'

const node = (id: string, lot: string, kind: string, birth = false) => ({ id, lot, kind, birth })
const edge = (from: string, to: string) => ({ from, to })

/** A lot that is refused, comes back, goes again, is split; its half is treated and leaves a residue. */
const nodes = [
  node('origin', 'A', 'origin'),
  node('line', 'A', 'generation', true),
  node('store', 'A', 'collection'),
  node('road', 'A', 'transport'),
  node('refused', 'A', 'refused'),
  node('half', 'B', 'collection', true),
  node('plant', 'B', 'disposal'),
  node('process', 'B', 'process'),
  node('loss', 'B', 'loss'),
  node('residue', 'C', 'generation', true),
]
const edges = [
  edge('origin', 'line'),
  edge('line', 'store'),
  edge('store', 'road'),
  edge('road', 'refused'),
  edge('refused', 'store'),
  edge('store', 'half'),
  edge('half', 'plant'),
  edge('plant', 'process'),
  edge('process', 'loss'),
  edge('process', 'residue'),
  edge('store', 'road'),
]
const walked = (lot: string, direction: 'upstream' | 'downstream' | 'both', depth?: number) => {
  const chain = chainOf({ nodes, edges }, { lots: [lot], direction, ...(depth === undefined ? {} : { depth }) })
  return { cut: chain.cut, edges: chain.edges.map((each) => `${edges.indexOf(each)}`).join(' ') }
}

test('a load that came back and went again is walked once, in either direction', () => {
  expect(walked('A', 'downstream')).toEqual({ cut: false, edges: '1 2 3 4 5 6 7 8 9 10' })
  expect(walked('A', 'upstream')).toEqual({ cut: false, edges: '0' })
})

test('what a lot did after it was split is not upstream of its half', () => {
  expect(walked('B', 'upstream')).toEqual({ cut: false, edges: '0 1 2 3 4 5' })
  expect(walked('C', 'upstream')).toEqual({ cut: false, edges: '0 1 2 3 4 5 6 7 9' })
  expect(walked('C', 'downstream')).toEqual({ cut: false, edges: '' })
})

test('depth counts edges from where the lot came to be, by the nearest way', () => {
  expect(walked('A', 'downstream', 1)).toEqual({ cut: true, edges: '1' })
  expect(walked('A', 'downstream', 2)).toEqual({ cut: true, edges: '1 2 5 10' })
  expect(walked('C', 'upstream', 2)).toEqual({ cut: true, edges: '7 9' })
  expect(walked('A', 'both', 1)).toEqual({ cut: true, edges: '0 1' })
  expect(walked('A', 'both', 0)).toEqual({ cut: true, edges: '' })
  expect(walked('A', 'both', 99)).toEqual({ cut: false, edges: '0 1 2 3 4 5 6 7 8 9 10' })
})
