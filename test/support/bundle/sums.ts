const STREAMS = ['industrial', 'hazardous', 'municipal', 'construction', 'sludge'] as const
export type Stream = (typeof STREAMS)[number]

const MEASURES = [
  'opening_stock',
  'generated',
  'generated_inside',
  'residue_generated',
  'stored_in',
  'storage_out',
  'shipped',
  'accepted',
  'refused',
  'variance',
  'treated',
  'product',
  'residue',
  'loss',
  'landfilled',
  'recovered',
  'recovered_inside',
  'recovered_prior_year',
  'recovered_inside_prior_year',
  'disposed',
] as const
export type Measure = (typeof MEASURES)[number]

/** Sums over the rows as they are written, by plain addition: what a park that has read them must show. Grams. */
export class Sums {
  readonly #totals = byStream(
    () => Object.fromEntries(MEASURES.map((measure) => [measure, 0])) as Record<Measure, number>,
  )
  readonly #methods: Partial<Record<Stream, Record<string, number>>> = {}
  readonly #decisions: Record<string, number> = {}

  add(stream: Stream, measure: Measure, grams: number): void {
    this.#totals[stream][measure] += grams
  }

  /** What was generated, with its share of units inside the park. */
  generated(stream: Stream, grams: number, inside: boolean): void {
    this.add(stream, 'generated', grams)
    if (inside) this.add(stream, 'generated_inside', grams)
  }

  /** What was treated by a method; `prior`: the part that came from lots of an earlier year. */
  treated(stream: Stream, method: string, grams: number, inside: boolean, prior = 0): void {
    this.add(stream, 'treated', grams)
    const methods = (this.#methods[stream] ??= {})
    methods[method] = (methods[method] ?? 0) + grams
    if (!/^(R\d|C2|C3|GR-)/.test(method)) return this.add(stream, 'disposed', grams)
    this.add(stream, 'recovered', grams)
    this.add(stream, 'recovered_prior_year', prior)
    if (!inside) return
    this.add(stream, 'recovered_inside', grams)
    this.add(stream, 'recovered_inside_prior_year', prior)
  }

  decided(word: string): void {
    this.#decisions[word] = (this.#decisions[word] ?? 0) + 1
  }

  expected() {
    const totals = byStream((stream) => ({ ...whole(stream, this.#totals[stream]), ...stocks(this.#totals[stream]) }))
    return {
      totals_g: totals,
      by_method_g: this.#methods,
      manifest_lines_by_decision: this.#decisions,
      rates: Object.fromEntries(
        STREAMS.flatMap((stream) => [
          [stream, rate(this.#totals[stream], '')],
          [`${stream}_park`, rate(this.#totals[stream], '_inside')],
        ]),
      ),
      cells_g: byStream((stream) => cells(stream, this.#totals[stream])),
    }
  }
}

const byStream = <T>(of: (stream: Stream) => T) =>
  Object.fromEntries(STREAMS.map((stream) => [stream, of(stream)])) as Record<Stream, T>

type Totals = Readonly<Record<Measure, number>>

/** Books of general waste have no row for storage or outputs: all that is generated is stored, what is recovered is a product, the rest is lost. */
const whole = (stream: Stream, t: Totals): Totals =>
  stream === 'hazardous'
    ? t
    : { ...t, stored_in: t.generated, storage_out: t.shipped, product: t.recovered, loss: t.disposed }

const stocks = (t: Totals) => ({
  producer_stock_end: t.opening_stock + t.generated - t.residue_generated - t.shipped,
  facility_stock_end: t.accepted - t.treated,
  residue_stock_end: t.residue_generated,
})

/** Recovered of what was generated and of what earlier years left; two decimals, half up, from the exact fraction. */
function rate(t: Totals, scope: '' | '_inside') {
  const numerator = t[`recovered${scope}`]
  const denominator = t[`generated${scope}`] + t[scope === '' ? 'recovered_prior_year' : 'recovered_inside_prior_year']
  const hundredths =
    denominator === 0
      ? undefined
      : Number((BigInt(numerator) * 20_000n + BigInt(denominator)) / (2n * BigInt(denominator)))
  return {
    numerator_g: numerator,
    denominator_g: denominator,
    percent: hundredths === undefined ? null : hundredths / 100,
  }
}

/** opening + in - out + adjusted = closing, stage by stage. Only hazardous waste has residues, which stay where they were classified. */
function cells(stream: Stream, t: Totals) {
  const cell = (opening: number, into: number, out: number, adjusted = 0) => ({
    opening,
    in: into,
    out,
    adjusted,
    closing: opening + into - out + adjusted,
  })
  const stored = stream === 'hazardous' ? t.stored_in : t.generated
  return {
    generation: cell(0, t.generated, t.generated),
    classification: cell(0, t.generated, stored),
    collection: cell(t.opening_stock, stored, t.shipped),
    transport: cell(0, t.shipped, t.accepted, t.variance),
    disposal: cell(0, t.accepted, t.treated),
  }
}
