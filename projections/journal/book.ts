import type { LotEvent } from '../../schemas/lot/events.ts'
import { minus, type Total } from '../../schemas/values/total.ts'
import type { Waste } from '../../schemas/values/waste.ts'
import { type Account, ORIGIN, VARIANCE } from '../../schemas/mass/account.ts'
import { newestFirst, oldestFirst, pieces, shareOfEach, sumOf, withLayer, type Layer } from './layers.ts'
import { otherLots, type Into, type Step } from '../../schemas/mass/steps.ts'
import type { Posting as Steps } from '../../schemas/stream/registry.ts'
import { streams } from '../../schemas/streams.ts'

/** One double entry of whole grams, of one layer: from one account to another. */
export interface Entry {
  readonly day: string
  readonly from: Account
  readonly to: Account
  readonly lotFrom: string
  readonly lotTo: string
  readonly method: string
  /** Whose, of which day, named what, and how much: more than zero, unless a correction takes back what was posted. */
  readonly layer: Layer
  /** The event whose posting changes, where a correction posts the difference. */
  readonly of?: { readonly position: number; readonly occurredAt: string }
}

/** What a scale or a move found missing: the deciders keep it from happening, and the books balance if one slips through. */
export interface Shortage {
  readonly lot: string
  readonly account: Account
  readonly missing: Total
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

const NO_STEPS: Steps = { day: '', steps: [] }

/** What an event of a lot does to mass. */
export const postingOf = (event: LotEvent): Steps => streams.postingOf(event) ?? NO_STEPS

/** Every lot that this event of `lot` puts mass into or takes it from. */
export const lotsOf = (lot: string, event: LotEvent): readonly string[] => [lot, ...otherLots(postingOf(event).steps)]

/** An account that an event touched, and what lay there before it. */
export interface Touched {
  readonly book: LotBook
  readonly key: string
  readonly before: Balance | undefined
}

/** What an event of one lot put into another: a layer into an account, or the fact that the other is a mixture now. */
export type Inflow =
  | { readonly lot: string; readonly account: Account; readonly layer: Layer }
  | { readonly lot: string; readonly mixed: true }

export interface Posted {
  readonly entries: readonly Entry[]
  readonly shortages: readonly Shortage[]
  readonly touched: readonly Touched[]
  readonly inflows: readonly Inflow[]
}

/** One event on its way into the books. */
interface Posting {
  readonly book: LotBook
  readonly day: string
  readonly position: number
  readonly entries: Entry[]
  readonly shortages: Shortage[]
  readonly touched: Touched[]
  readonly inflows: Inflow[]
  readonly bookOf: (lot: string) => LotBook
}

/**
 * Posts one event into the books of its lots, which it changes. Total: it never fails and takes no account below zero; for every event
 * the entries sum to zero, because each has two sides.
 */
export function post(lot: string, event: LotEvent, position: number, bookOf: (lot: string) => LotBook): Posted {
  return perform(lot, postingOf(event), position, bookOf)
}

/** The same for an event of which it is known what it does. */
export function perform(
  lot: string,
  { day, steps }: Steps,
  position: number,
  bookOf: (lot: string) => LotBook,
): Posted {
  const posting: Posting = {
    book: bookOf(lot),
    day,
    position,
    entries: [],
    shortages: [],
    touched: [],
    inflows: [],
    bookOf,
  }
  for (const step of steps) take(posting, step)
  return posting
}

function take(posting: Posting, step: Step): void {
  const { book } = posting
  switch (step.step) {
    case 'bring': {
      const {
        origin: { unit, inside, day, derived },
        waste: { stream, code },
        grams,
      } = step
      return enter(posting, { unit, inside, day, derived, stream, code, grams }, ORIGIN, step.to)
    }
    case 'hold': {
      const there = heldAt(book, step.at)
      if (there === 0) short(posting, step.at, step.grams)
      if (step.grams > there) find(posting, step.at, minus(step.grams, there), step.waste)
      else if (step.grams < there) lose(posting, step.at, minus(there, step.grams))
      return
    }
    case 'at-least': {
      const missing = minus(step.grams, heldAt(book, step.at))
      if (missing <= 0) return
      short(posting, step.at, missing)
      return find(posting, step.at, missing, step.waste)
    }
    case 'follow':
      return transfer(posting, step)
    case 'move':
      return transfer(posting, step, step.into, step.method)
    case 'mix':
      return mix(posting, step.lot)
    case 'name': {
      const layers = layersAt(book, step.at)
      if (layers.every(({ stream, code }) => stream === step.waste.stream && code === step.waste.code)) return
      setLayers(posting, book, step.at, [])
      for (const layer of layers) put(posting, book, step.at, named(posting, layer, step.at, step.waste))
    }
  }
}

/** Moves as much of `grams` as there is: the oldest first, or of a mixture a share of each layer. */
function transfer(
  posting: Posting,
  { from, to, grams, waste }: Step & { readonly step: 'move' | 'follow' },
  into?: Into,
  method?: string,
): void {
  if (grams === 0) return
  const { book } = posting
  const target = into ? posting.bookOf(into.lot) : book
  if (into && book.mixed && !into.born) mix(posting, into.lot)
  const { taken, left } = (book.mixed ? shareOfEach : oldestFirst)(layersAt(book, from), grams)
  setLayers(posting, book, from, left)
  short(posting, from, minus(grams, sumOf(taken)))
  for (const layer of taken) {
    if (into?.born) {
      const {
        origin: { unit, inside, day, derived },
        waste: { stream, code },
      } = into.born
      enter(posting, { unit, inside, day, derived, stream, code, grams: layer.grams }, from, to, target, method)
    } else enter(posting, named(posting, layer, from, waste), from, to, target, method)
  }
}

function mix(posting: Posting, lot: string | undefined): void {
  const { book, inflows } = posting
  if (lot !== undefined && lot !== book.lot) inflows.push({ lot, mixed: true })
  ;(lot === undefined ? book : posting.bookOf(lot)).mixed = true
}

/** Writes the entry and puts the layer where it went; where it came from it was taken before. */
function enter(posting: Posting, layer: Layer, from: Account, to: Account, target = posting.book, method = ''): void {
  posting.entries.push({ day: posting.day, from, to, lotFrom: posting.book.lot, lotTo: target.lot, method, layer })
  if (target !== posting.book) posting.inflows.push({ lot: target.lot, account: to, layer })
  put(posting, target, to, layer)
}

/** What a scale found too much is of the newest origin there, or of the lot's own where nothing is there. */
function find(posting: Posting, account: Account, grams: Total, { stream, code }: Waste): void {
  const like = layersAt(posting.book, account).at(-1) ??
    posting.book.first ?? { unit: '', inside: false, day: posting.day, derived: false, stream, code }
  for (const piece of pieces(grams)) enter(posting, { ...like, grams: piece }, VARIANCE, account)
}

function lose(posting: Posting, account: Account, grams: Total): void {
  const { taken, left } = newestFirst(layersAt(posting.book, account), grams)
  setLayers(posting, posting.book, account, left)
  for (const layer of taken) enter(posting, layer, account, VARIANCE)
}

/** Mass that got another name (classified otherwise, mixed) leaves under the old one and comes to be under the new one, so each name balances. */
function named(posting: Posting, layer: Layer, at: Account, { stream, code }: Waste): Layer {
  if (layer.stream === stream && layer.code === code) return layer
  const renamed = { ...layer, stream, code }
  const { entries, day, book } = posting
  entries.push(
    { day, from: at, to: ORIGIN, lotFrom: book.lot, lotTo: book.lot, method: '', layer },
    { day, from: ORIGIN, to: at, lotFrom: book.lot, lotTo: book.lot, method: '', layer: renamed },
  )
  return renamed
}

function short({ shortages, book }: Posting, account: Account, missing: Total): void {
  if (missing > 0) shortages.push({ lot: book.lot, account, missing })
}

const NONE: readonly Layer[] = []
const layersAt = ({ balances }: LotBook, { key }: Account): readonly Layer[] => balances.get(key)?.layers ?? NONE
const heldAt = (book: LotBook, account: Account): Total => sumOf(layersAt(book, account))

function setLayers({ touched, position }: Posting, book: LotBook, account: Account, layers: readonly Layer[]): void {
  const { key } = account
  const old = book.balances.get(key)
  // An event touches a handful of accounts: looking through them is cheaper than a map of them.
  if (!touched.some((one) => one.book === book && one.key === key)) touched.push({ book, key, before: old })
  if (layers.length === 0) book.balances.delete(key)
  else book.balances.set(key, { account, layers, since: old?.since ?? position })
}

function put(posting: Posting, book: LotBook, account: Account, layer: Layer): void {
  if (!holds(account)) return
  if (layer.unit !== '') book.first ??= layer
  setLayers(posting, book, account, withLayer(layersAt(book, account), layer))
}

/** Puts what came from another lot into a book, as `post` did when it came. */
export function receive(book: LotBook, inflow: Inflow, position: number): void {
  if ('mixed' in inflow) {
    book.mixed = true
    return
  }
  const { account, layer } = inflow
  if (!holds(account)) return
  if (layer.unit !== '') book.first ??= layer
  const old = book.balances.get(account.key)
  const layers = withLayer(old?.layers ?? NONE, layer)
  if (layers.length > 0) book.balances.set(account.key, { account, layers, since: old?.since ?? position })
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
