import { z } from 'zod'

const gramsByName = z.record(z.string(), z.int())
const Cell = z.strictObject({ opening: z.int(), in: z.int(), out: z.int(), adjusted: z.int(), closing: z.int() })

/** `expected.json` of a bundle of books: what follows from its rows by arithmetic alone (data/park-month/README.md). Grams. */
export const ExpectedFigures = z.object({
  period: z.strictObject({ from: z.iso.date(), to: z.iso.date() }),
  rows: z.record(z.string(), z.int()),
  cells_g: z.record(z.string(), z.record(z.string(), Cell)),
  totals_g: z.record(z.string(), gramsByName),
  by_method_g: z.record(z.string(), gramsByName),
  rates: z.record(z.string(), z.object({ numerator_g: z.int(), denominator_g: z.int(), percent: z.number() })),
  manifest_lines_by_decision: gramsByName,
})
export type ExpectedFigures = z.infer<typeof ExpectedFigures>

export const FIGURES_QUERY = `query Figures($from: Date!, $to: Date!, $stream: WasteStream!) {
  ledger(from: $from, to: $to) { trialBalance cells { stage stream opening in out adjusted closing } }
  balance: massBalance(from: $from, to: $to, stream: $stream) {
    openingStock generated residueGenerated storedIn shipped accepted refused variance treated product residue loss landfilled recovered recoveredPriorYear disposed
    producerStockEnd facilityStockEnd residueStockEnd balanced byMethod { method grams }
  }
  inside: massBalance(from: $from, to: $to, stream: $stream, scope: { insideParkOnly: true }) { generated recovered recoveredPriorYear }
  rate: recyclingRate(from: $from, to: $to, stream: $stream) { value percent numerator denominator }
  parkRate: recyclingRate(from: $from, to: $to, stream: $stream, scope: { insideParkOnly: true }) { value percent numerator denominator }
}`

type Masses = Readonly<Record<string, number>>
interface Rate {
  readonly value: number | null
  readonly percent: string | null
  readonly numerator: number
  readonly denominator: number
}
export interface Figures {
  readonly ledger: {
    readonly trialBalance: number
    readonly cells: readonly {
      readonly stage: string
      readonly stream: string
      readonly opening: number
      readonly in: number
      readonly out: number
      readonly adjusted: number
      readonly closing: number
    }[]
  }
  readonly balance: Masses & {
    readonly balanced: boolean
    readonly byMethod: readonly { readonly method: string; readonly grams: number }[]
  }
  readonly inside: Masses
  readonly rate: Rate
  readonly parkRate: Rate
}

/** Name in the books' expectations to name in the API. What the API says of units inside the park comes from its own scope. */
const TOTALS: Readonly<Record<string, (figures: Figures) => number | undefined>> = {
  opening_stock: ({ balance }) => balance['openingStock'],
  generated: ({ balance }) => balance['generated'],
  residue_generated: ({ balance }) => balance['residueGenerated'],
  stored_in: ({ balance }) => balance['storedIn'],
  shipped: ({ balance }) => balance['shipped'],
  // Everything that left a store in these books was picked up on the same trip.
  storage_out: ({ balance }) => balance['shipped'],
  accepted: ({ balance }) => balance['accepted'],
  refused: ({ balance }) => balance['refused'],
  variance: ({ balance }) => balance['variance'],
  treated: ({ balance }) => balance['treated'],
  product: ({ balance }) => balance['product'],
  residue: ({ balance }) => balance['residue'],
  loss: ({ balance }) => balance['loss'],
  landfilled: ({ balance }) => balance['landfilled'],
  recovered: ({ balance }) => balance['recovered'],
  recovered_prior_year: ({ balance }) => balance['recoveredPriorYear'],
  disposed: ({ balance }) => balance['disposed'],
  producer_stock_end: ({ balance }) => balance['producerStockEnd'],
  facility_stock_end: ({ balance }) => balance['facilityStockEnd'],
  residue_stock_end: ({ balance }) => balance['residueStockEnd'],
  generated_inside: ({ inside }) => inside['generated'],
  recovered_inside: ({ inside }) => inside['recovered'],
  recovered_inside_prior_year: ({ inside }) => inside['recoveredPriorYear'],
  recovered_outside: ({ balance, inside }) =>
    (balance['recovered'] ?? Number.NaN) - (inside['recovered'] ?? Number.NaN),
}

/** Every figure of a stream that differs from what is expected, as a sentence; a figure that nobody can name is one too. */
export function differences(expected: ExpectedFigures, stream: string, figures: Figures): readonly string[] {
  const found: string[] = []
  const same = (what: string, wanted: unknown, got: unknown): void => {
    if (wanted !== got) found.push(`${stream} ${what}: expected ${String(wanted)}, got ${String(got)}`)
  }
  for (const [stage, cell] of Object.entries(expected.cells_g[stream] ?? {})) {
    const got = figures.ledger.cells.find(
      (candidate) => candidate.stream.toLowerCase() === stream && candidate.stage.toLowerCase() === stage,
    )
    for (const [part, grams] of Object.entries(cell)) same(`${stage} ${part}`, grams, got?.[part as keyof typeof cell])
  }
  for (const [name, grams] of Object.entries(expected.totals_g[stream] ?? {}))
    same(name, grams, TOTALS[name]?.(figures))
  const methods = Object.fromEntries(figures.balance.byMethod.map(({ method, grams }) => [method, grams]))
  for (const [method, grams] of Object.entries(expected.by_method_g[stream] ?? {}))
    same(`by ${method}`, grams, methods[method])
  same('number of methods', Object.keys(expected.by_method_g[stream] ?? {}).length, Object.keys(methods).length)
  for (const [name, rate] of [
    [stream, figures.rate],
    [`${stream}_park`, figures.parkRate],
  ] as const) {
    const wanted = expected.rates[name]
    same(`${name} numerator`, wanted?.numerator_g, rate.numerator)
    same(`${name} denominator`, wanted?.denominator_g, rate.denominator)
    same(`${name} percent`, wanted?.percent.toFixed(2), rate.percent?.replace('%', '').trim())
  }
  same('trial balance', 0, figures.ledger.trialBalance)
  same('balanced', true, figures.balance.balanced)
  return found
}
