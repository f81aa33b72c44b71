import { minus, type Total } from '../../schemas/values/total.ts'
import { perform, receive, type Entry, type Inflow, type LotBook, type Shortage } from './book.ts'
import { alike } from './layers.ts'
import type { Posting } from '../../schemas/stream/registry.ts'
import { sameInflows, sameLayers } from './rows.ts'

/** One thing that happened to a lot: an event of its own as it stood and as it is corrected, or what came into it from another lot. */
export type Happening =
  | {
      readonly kind: 'event'
      readonly position: number
      readonly revision: number
      readonly occurredAt: string
      /** Undefined where it does nothing to mass, or never happened. */
      readonly standing: Posting | undefined
      readonly corrected: Posting | undefined
    }
  | { readonly kind: 'inflow'; readonly position: number; readonly inflows: readonly Inflow[] }

/** A lot at some point of its history, and what happened to it from there on, in the order of the log. */
export interface Stretch {
  readonly book: LotBook
  readonly happenings: readonly Happening[]
}

export interface RefoldedLot {
  /** What the history so far leads to: what lies there now. */
  readonly standing: LotBook
  readonly corrected: LotBook
}

export interface Refolded {
  readonly entries: readonly Entry[]
  /** By how much more, or less, is missing. */
  readonly shortages: readonly Shortage[]
  readonly lots: readonly RefoldedLot[]
  /** What now comes into other lots, where it changed; empty where nothing does any more. */
  readonly inflows: readonly { readonly lot: string; readonly position: number; readonly inflows: readonly Inflow[] }[]
  /** What the lots are after events at which their foldings are kept. */
  readonly foldings: readonly { readonly revision: number; readonly position: number; readonly book: LotBook }[]
}

export interface RefoldOptions {
  readonly lot: string
  /** The corrected lot from the first event that is corrected, or before it. */
  readonly begin: Stretch
  /** Another lot from before `position`, or earlier. */
  stretch(lot: string, position: number): Promise<Stretch>
  /** Whether the folding after the event at this revision of a stream is kept. */
  keeps(revision: number): boolean
}

/** One lot on both ways through its history. Only `standing` moves while both are the same. */
interface Run {
  readonly lot: string
  readonly happenings: readonly Happening[]
  next: number
  readonly standing: LotBook
  corrected: LotBook | undefined
  readonly differing: Set<string>
  /** Own events that are corrected and have not come yet. */
  ahead: number
}

const copyOf = ({ lot, first, mixed, balances }: LotBook): LotBook => ({
  lot,
  first,
  mixed,
  balances: new Map(balances),
})

/**
 * What a correction posts: the entries of the corrected history less those that were posted, event by event. The corrected lot is
 * folded twice side by side, from the first event that is corrected; a lot that took a share of it joins where its share first differs, and leaves
 * where both ways have led to the same. So lots that are not concerned are not read, whatever else mixed with them.
 */
export async function refold({ lot, begin, stretch, keeps }: RefoldOptions): Promise<Refolded> {
  const runs = new Map<string, Run>()
  const entries: Entry[] = []
  const shortages = new Map<string, Shortage>()
  const inflows = new Map<string, { lot: string; position: number; inflows: readonly Inflow[] }>()
  const foldings: { revision: number; position: number; book: LotBook }[] = []
  /** Inflows that both ways of a lot got from a lot that is folded again, so that they are not taken from its rows once more. */
  const delivered = new Set<string>()

  const open = (name: string, { book, happenings }: Stretch): Run => {
    const run: Run = {
      lot: name,
      happenings,
      next: 0,
      standing: book,
      corrected: undefined,
      differing: new Set(),
      ahead: happenings.filter((one) => one.kind === 'event' && one.standing !== one.corrected).length,
    }
    runs.set(name, run)
    return run
  }

  /** What another lot gets is delivered by `deliver`; the book that `post` writes into is thrown away. */
  const aside = (own: LotBook) => (name: string) =>
    name === own.lot ? own : { lot: name, first: undefined, mixed: false, balances: new Map() }

  /** Both ways of a run are the same up to `until`. */
  function skipTo(run: Run, until: (happening: Happening) => boolean): void {
    for (let one = run.happenings[run.next]; one && !until(one); one = run.happenings[++run.next])
      if (one.kind === 'inflow') {
        if (!delivered.has(`${run.lot} ${one.position}`))
          for (const inflow of one.inflows) receive(run.standing, inflow, one.position)
      } else if (one.standing) perform(run.lot, one.standing, one.position, aside(run.standing))
  }

  const part = (run: Run): LotBook => (run.corrected ??= copyOf(run.standing))

  function compare(run: Run, corrected: LotBook, keys: Iterable<string>): void {
    for (const key of keys) {
      const [a, b] = [run.standing.balances.get(key), corrected.balances.get(key)]
      if (a === b || (a && b && sameLayers(a.layers, b.layers))) run.differing.delete(key)
      else run.differing.add(key)
    }
  }

  /** Both foldings have led to the same rows, so the lot is unchanged from here on. */
  function rejoin(run: Run): void {
    const { standing, corrected, differing, ahead } = run
    if (!corrected || differing.size > 0 || ahead > 0 || standing.mixed !== corrected.mixed) return
    const [a, b] = [standing.first, corrected.first]
    if (a === b || (a && b && alike(a, b))) run.corrected = undefined
  }

  async function deliver(name: string, position: number, was: readonly Inflow[], is: readonly Inflow[]): Promise<void> {
    const same = sameInflows(was, is)
    let run = runs.get(name)
    if (same && !run?.corrected) return
    if (!same) inflows.set(`${name} ${position}`, { lot: name, position, inflows: is })
    if (!run?.corrected) {
      run ??= open(name, await stretch(name, position))
      skipTo(run, (one) => one.position >= position)
    }
    const corrected = part(run)
    delivered.add(`${name} ${position}`)
    for (const inflow of was) receive(run.standing, inflow, position)
    for (const inflow of is) receive(corrected, inflow, position)
    compare(run, corrected, keysOf([...was, ...is]))
    rejoin(run)
  }

  async function step(run: Run): Promise<void> {
    const one = run.happenings[run.next++]
    if (!one) return
    const corrected = part(run)
    const { position } = one
    if (one.kind === 'inflow') {
      if (!delivered.has(`${run.lot} ${position}`)) {
        for (const inflow of one.inflows) {
          receive(run.standing, inflow, position)
          receive(corrected, inflow, position)
        }
        compare(run, corrected, keysOf(one.inflows))
      }
      rejoin(run)
      return
    }
    if (one.standing !== one.corrected) run.ahead--
    const was = one.standing && perform(run.lot, one.standing, position, aside(run.standing))
    if (was && one.standing === one.corrected && one.standing && untouched(run, corrected, one.standing)) {
      // Neither way differs where this event reads or writes: it does the same on both, and gives others the same.
      for (const { key } of was.touched) {
        const balance = run.standing.balances.get(key)
        if (balance) corrected.balances.set(key, balance)
        else corrected.balances.delete(key)
      }
      corrected.first ??= run.standing.first
      corrected.mixed = run.standing.mixed
      for (const name of new Set(was.inflows.map((inflow) => inflow.lot)))
        await deliver(name, position, into(name, was.inflows), into(name, was.inflows))
      if (keeps(one.revision)) foldings.push({ revision: one.revision, position, book: copyOf(corrected) })
      return
    }
    const is = one.corrected && perform(run.lot, one.corrected, position, aside(corrected))
    const keys = new Set<string>()
    for (const posted of [was, is])
      for (const { book, key } of posted?.touched ?? []) if (book === run.standing || book === corrected) keys.add(key)
    compare(run, corrected, keys)
    for (const entry of differenceOf(was?.entries ?? NO_ENTRIES, is?.entries ?? NO_ENTRIES))
      entries.push({ ...entry, of: { position, occurredAt: one.occurredAt } })
    for (const shortage of was?.shortages ?? []) more(shortages, { ...shortage, missing: minus(0, shortage.missing) })
    for (const shortage of is?.shortages ?? []) more(shortages, shortage)
    const names = new Set([...(was?.inflows ?? []), ...(is?.inflows ?? [])].map((inflow) => inflow.lot))
    for (const name of names)
      await deliver(name, position, into(name, was?.inflows ?? []), into(name, is?.inflows ?? []))
    if (keeps(one.revision)) foldings.push({ revision: one.revision, position, book: copyOf(corrected) })
    rejoin(run)
  }

  const first = open(lot, begin)
  skipTo(first, (one) => one.kind === 'event' && one.standing !== one.corrected)
  if (first.next < first.happenings.length) part(first)
  for (let run = nextOf(runs); run; run = nextOf(runs)) await step(run)

  return {
    entries,
    shortages: [...shortages.values()].filter(({ missing }) => missing !== 0),
    inflows: [...inflows.values()],
    foldings,
    lots: [...runs.values()].flatMap(({ standing, corrected }) => (corrected ? [{ standing, corrected }] : [])),
  }
}

/** The lot on two ways whose next happening is the earliest; an event before what it puts into other lots. */
function nextOf(runs: ReadonlyMap<string, Run>): Run | undefined {
  let [best, place] = [undefined as Run | undefined, Number.POSITIVE_INFINITY]
  for (const run of runs.values()) {
    const one = run.corrected && run.happenings[run.next]
    if (!one) continue
    const at = one.position + (one.kind === 'inflow' ? 0.5 : 0)
    if (at < place) [best, place] = [run, at]
  }
  return best
}

/** Whether an event meets nothing in which both ways differ. Where the lot's first layer or mixing differs, everything may. */
function untouched({ standing, differing }: Run, corrected: LotBook, { steps }: Posting): boolean {
  const [a, b] = [standing.first, corrected.first]
  if (standing.mixed !== corrected.mixed || !(a === b || (a && b && alike(a, b)))) return false
  return steps.every((step) => {
    switch (step.step) {
      case 'bring':
        return !differing.has(step.to.key)
      case 'hold':
      case 'at-least':
      case 'name':
        return !differing.has(step.at.key)
      case 'move':
      case 'follow':
        return !differing.has(step.from.key) && !differing.has(step.to.key)
      case 'mix':
        return true
    }
  })
}

const NO_ENTRIES: readonly Entry[] = []
const into = (lot: string, inflows: readonly Inflow[]): readonly Inflow[] => inflows.filter((one) => one.lot === lot)
const keysOf = (inflows: readonly Inflow[]): readonly string[] =>
  inflows.flatMap((inflow) => ('mixed' in inflow ? [] : [inflow.account.key]))

function more(sums: Map<string, Shortage>, { lot, account, missing }: Shortage): void {
  const key = `${lot} ${account.key}`
  sums.set(key, { lot, account, missing: minus(missing, minus(0, sums.get(key)?.missing ?? 0)) })
}

const sameEntry = (a: Entry, b: Entry | undefined): boolean =>
  b !== undefined &&
  a.layer.grams === b.layer.grams &&
  a.from.key === b.from.key &&
  a.to.key === b.to.key &&
  a.day === b.day &&
  a.method === b.method &&
  a.lotTo === b.lotTo &&
  alike(a.layer, b.layer)

/** The second list less the first, entry by entry of one direction and layer; of what there is less of now, negative grams. */
function differenceOf(was: readonly Entry[], is: readonly Entry[]): readonly Entry[] {
  if (was.length === is.length && was.every((entry, i) => sameEntry(entry, is[i]))) return NO_ENTRIES
  const sums = new Map<string, { readonly entry: Entry; grams: Total }>()
  const add = (entry: Entry, grams: number) => {
    const sum = sums.get(keyOf(entry))
    if (sum) sum.grams = minus(sum.grams, -grams)
    else sums.set(keyOf(entry), { entry, grams })
  }
  for (const entry of was) add(entry, -entry.layer.grams)
  for (const entry of is) add(entry, entry.layer.grams)
  return [...sums.values()].flatMap(({ entry, grams }) =>
    grams === 0 ? [] : [{ ...entry, layer: { ...entry.layer, grams: Number(grams) } }],
  )
}

function keyOf({ day, from, to, lotTo, method, layer }: Entry): string {
  const { unit, inside, day: born, derived, stream, code } = layer
  return [day, from.key, to.key, lotTo, method, unit, inside, born, derived, stream, code].join('\u0000')
}
