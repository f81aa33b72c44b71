import type { LotEvent } from '../../schemas/lot/events.ts'
import type { Waste } from '../../schemas/values/waste.ts'
import { keyOf, ORIGIN, VARIANCE, type Account } from './account.ts'
import { newestFirst, oldestFirst, shareOfEach, sumOf, withLayer, type Layer, type Withdrawal } from './layers.ts'
import { postingOf, type Origin, type Step } from './postings.ts'

/** One double entry of whole grams, of one layer: from one account to another. */
export interface Entry {
  readonly day: string
  readonly from: Account
  readonly to: Account
  readonly lotFrom: string
  readonly lotTo: string
  readonly method: string
  /** Whose, of which day, named what, and how much: always more than zero. */
  readonly layer: Layer
}

/** What a scale or a move found missing: the deciders keep it from happening, and the books balance if one slips through. */
export interface Shortage {
  readonly lot: string
  readonly account: Account
  readonly missing: number
}

/** What lies in one account of a lot, and since which position just this lies there. */
export interface Balance {
  readonly account: Account
  readonly layers: readonly Layer[]
  readonly since: number
}

/** One lot as the journal knows it. */
export interface LotBook {
  readonly lot: string
  /** Its first layer: the origin of what a scale finds where nothing is left to take an origin from. */
  first: Layer | undefined
  /** What leaves a mixture is a share of each layer. */
  mixed: boolean
  readonly balances: Map<string, Balance>
}

export const emptyBook = (lot: string): LotBook => ({ lot, first: undefined, mixed: false, balances: new Map() })

/** Every lot that this event of `lot` puts mass into or takes it from. */
export function lotsOf(lot: string, event: LotEvent): readonly string[] {
  switch (event.type) {
    case 'LotTreated':
      return [lot, ...event.data.residues.map((residue) => residue.lot)]
    case 'LotSplit':
      return [lot, event.data.child]
    case 'LotMixedInto':
      return [lot, event.data.into]
    default:
      return [lot]
  }
}

export interface Posted {
  readonly entries: readonly Entry[]
  readonly shortages: readonly Shortage[]
  /** Balances as they were before, of every account that the event touched, by lot. */
  readonly before: ReadonlyMap<LotBook, ReadonlyMap<string, Balance | undefined>>
}

const nobody: Origin = { unit: '', inside: false, day: '', derived: false }

/**
 * Posts one event into the books of its lots, which it changes. Total: it never fails and takes no account below zero; for every event
 * the entries sum to zero, because each has two sides.
 */
export function post(lot: string, event: LotEvent, position: number, bookOf: (lot: string) => LotBook): Posted {
  const { day, steps } = postingOf(event)
  const entries: Entry[] = []
  const shortages: Shortage[] = []
  const before = new Map<LotBook, Map<string, Balance | undefined>>()

  function layersAt(book: LotBook, account: Account): readonly Layer[] {
    return book.balances.get(keyOf(account))?.layers ?? []
  }

  function setLayers(book: LotBook, account: Account, layers: readonly Layer[]): void {
    const key = keyOf(account)
    const old = book.balances.get(key)
    const seen = before.get(book) ?? new Map<string, Balance | undefined>()
    before.set(book, seen)
    if (!seen.has(key)) seen.set(key, old)
    if (layers.length === 0) book.balances.delete(key)
    else book.balances.set(key, { account, layers, since: old?.since ?? position })
  }

  function put(book: LotBook, account: Account, layer: Layer): void {
    if (!holds(account)) return
    book.first ??= layer
    setLayers(book, account, withLayer(layersAt(book, account), layer))
  }

  function enter(layer: Layer, from: Account, to: Account, lotFrom = lot, lotTo = lotFrom, method = ''): void {
    entries.push({ day, from, to, lotFrom, lotTo, method, layer })
  }

  function withdraw(book: LotBook, account: Account, grams: number, way?: (layers: readonly Layer[], grams: number) => Withdrawal): readonly Layer[] {
    const { taken, left } = (way ?? (book.mixed ? shareOfEach : oldestFirst))(layersAt(book, account), grams)
    setLayers(book, account, left)
    return taken
  }

  /** What a scale found too much is of the newest origin there, or of the lot's own where nothing is there. */
  function find(book: LotBook, account: Account, grams: number, { stream, code }: Waste): void {
    const like = layersAt(book, account).at(-1) ?? book.first ?? { ...nobody, day, stream, code, grams: 0 }
    const layer = { ...like, grams }
    enter(layer, VARIANCE, account)
    put(book, account, layer)
  }

  function lose(book: LotBook, account: Account, grams: number): void {
    for (const layer of withdraw(book, account, grams, newestFirst)) enter(layer, account, VARIANCE)
  }

  /** Mass that got another name (classified otherwise, mixed) leaves under the old one and comes to be under the new one, so each name balances. */
  function named(layer: Layer, at: Account, { stream, code }: Waste): Layer {
    if (layer.stream === stream && layer.code === code) return layer
    const renamed = { ...layer, stream, code }
    enter(layer, at, ORIGIN)
    enter(renamed, ORIGIN, at)
    return renamed
  }

  function short(account: Account, missing: number): void {
    if (missing > 0) shortages.push({ lot, account, missing })
  }

  function perform(step: Step): void {
    const book = bookOf(lot)
    switch (step.step) {
      case 'bring': {
        const { origin, waste, grams } = step
        const layer: Layer = { ...origin, stream: waste.stream, code: waste.code, grams }
        enter(layer, ORIGIN, step.to)
        return put(book, step.to, layer)
      }
      case 'hold': {
        const there = sumOf(layersAt(book, step.at))
        if (there === 0) short(step.at, step.grams)
        if (step.grams > there) find(book, step.at, step.grams - there, step.waste)
        else if (step.grams < there) lose(book, step.at, there - step.grams)
        return
      }
      case 'at-least': {
        const missing = step.grams - sumOf(layersAt(book, step.at))
        short(step.at, missing)
        if (missing > 0) find(book, step.at, missing, step.waste)
        return
      }
      case 'follow':
      case 'move': {
        const { from, to, waste } = step
        if (step.grams === 0) return
        const into = step.step === 'move' ? step.into : undefined
        const method = step.step === 'move' ? step.method : undefined
        const target = into ? bookOf(into.lot) : book
        if (into && book.mixed && !into.born) target.mixed = true
        const taken = withdraw(book, from, step.grams)
        short(from, step.grams - sumOf(taken))
        for (const layer of taken) {
          const moved: Layer = into?.born
            ? { ...into.born.origin, stream: into.born.waste.stream, code: into.born.waste.code, grams: layer.grams }
            : named(layer, from, waste)
          enter(moved, from, to, lot, into?.lot, method)
          put(target, to, moved)
        }
        return
      }
      case 'mix':
        bookOf(step.lot ?? lot).mixed = true
        return
      case 'name':
        if (layersAt(book, step.at).some(({ stream, code }) => stream !== step.waste.stream || code !== step.waste.code)) {
          const renamed = layersAt(book, step.at).map((layer) => named(layer, step.at, step.waste))
          setLayers(book, step.at, renamed.reduce<readonly Layer[]>(withLayer, []))
        }
    }
  }

  for (const step of steps) perform(step)
  return { entries, shortages, before }
}

/** Ends hold nothing that could ever be taken out again. */
function holds({ kind }: Account): boolean {
  switch (kind) {
    case 'origin':
    case 'product':
    case 'loss':
    case 'landfill':
    case 'variance':
      return false
    default:
      return true
  }
}
