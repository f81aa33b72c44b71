/** What a benchmark line measured in one run: a ratio against a peer or a limit of the same run, never a bare time. */
export interface BenchResult {
  /** NaN where the line could not be run here; `notes` then say why. */
  readonly ratio: number
  readonly target: number
  readonly passed: boolean
  /** What the ratio is made of, by name with its unit. */
  readonly figures: Readonly<Record<string, number | string>>
  readonly notes?: string
}

export interface BenchLine {
  /** P1, P2, ... of the issue; several lines may share a name with a suffix, such as P1-64. */
  readonly name: string
  readonly title: string
  /** The limit in words: `>= 0.45 of a 1,000-row unnest INSERT`. */
  readonly target: string
  run(options: BenchOptions): Promise<BenchResult>
}

export interface BenchOptions {
  readonly quick: boolean
  readonly databaseUrl: string
  /** Size of the log for lines that measure a large one (P5, P10), instead of their own. */
  readonly events?: number | undefined
  /** Folder of another checkout, its packages installed, for lines that measure this one against it in turns. */
  readonly base?: string | undefined
}
