import type { BenchLine } from './bench-line.ts'

/** Every benchmark line, in the order of the issue. */
export const allLines: readonly BenchLine[] = []
