import type { WasteStream } from '../../schemas/values/waste.ts'
import { proportion } from '../../schemas/values/proportion.ts'
import { minus, plus, type Total } from '../../schemas/values/total.ts'
import type { LayerOrigin } from '../../schemas/mass/steps.ts'

/** Mass of one origin and one name within an account of a lot. */
export interface Layer extends LayerOrigin {
  readonly stream: WasteStream
  readonly code: string
  /** A safe integer: what would be more lies in two layers alike. */
  readonly grams: number
}

export const sumOf = (layers: readonly Layer[]): Total => layers.reduce<Total>((sum, { grams }) => plus(sum, grams), 0)

/** A total in numbers that layers can hold; of nearly every total just itself. */
export function pieces(grams: Total): readonly number[] {
  if (typeof grams === 'number') return [grams]
  const all: number[] = []
  let left: Total = grams
  for (; left > Number.MAX_SAFE_INTEGER; left = minus(left, Number.MAX_SAFE_INTEGER)) all.push(Number.MAX_SAFE_INTEGER)
  return [...all, Number(left)]
}

export const alike = (a: Layer, b: Layer): boolean =>
  a.day === b.day &&
  a.unit === b.unit &&
  a.code === b.code &&
  a.inside === b.inside &&
  a.derived === b.derived &&
  a.stream === b.stream

const none: readonly Layer[] = []

/** With one layer more: to its like, or in its place among the days, oldest first. */
export function withLayer(layers: readonly Layer[], added: Layer): readonly Layer[] {
  if (added.grams === 0) return layers
  let place = layers.length
  for (let i = layers.length - 1; i >= 0; i--) {
    const layer = layers[i]
    if (!layer || layer.day < added.day) break
    if (alike(layer, added) && Number.isSafeInteger(layer.grams + added.grams))
      return layers.with(i, { ...layer, grams: layer.grams + added.grams })
    if (layer.day > added.day) place = i
  }
  return layers.toSpliced(place, 0, added)
}

export interface Withdrawal {
  readonly taken: readonly Layer[]
  readonly left: readonly Layer[]
}

/** The oldest `grams` of the layers (先进先出); all of them if they are less. */
export function oldestFirst(layers: readonly Layer[], grams: Total): Withdrawal {
  const [only] = layers
  if (only && layers.length === 1 && only.grams === grams) return { taken: layers, left: none }
  const taken: Layer[] = []
  const left: Layer[] = []
  let missing = grams
  for (let i = 0; i < layers.length; i++) {
    const layer = layers[i]
    if (!layer) break
    if (missing <= 0) return { taken, left: left.concat(layers.slice(i)) }
    const part = missing >= layer.grams ? layer.grams : Number(missing)
    missing = minus(missing, part)
    if (part > 0) taken.push(part === layer.grams ? layer : { ...layer, grams: part })
    if (part < layer.grams) left.push(part === 0 ? layer : { ...layer, grams: layer.grams - part })
  }
  return { taken, left }
}

/** The newest `grams`: what is short was taken from the newest. */
export function newestFirst(layers: readonly Layer[], grams: Total): Withdrawal {
  const { taken, left } = oldestFirst(layers.toReversed(), grams)
  return { taken: taken.toReversed(), left: left.toReversed() }
}

/** A share of each layer, in whole grams; of equal remainders the older one is rounded up. */
export function shareOfEach(layers: readonly Layer[], grams: number): Withdrawal {
  const total = sumOf(layers)
  if (grams >= total) return { taken: layers, left: none }
  const parts = proportion(
    layers.map((layer) => layer.grams),
    grams,
  )
  const partOf = (at: number): number => parts[at] ?? 0
  return {
    taken: layers.flatMap((layer, i) => (partOf(i) > 0 ? [{ ...layer, grams: partOf(i) }] : [])),
    left: layers.flatMap((layer, i) => (layer.grams > partOf(i) ? [{ ...layer, grams: layer.grams - partOf(i) }] : [])),
  }
}
