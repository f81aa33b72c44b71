import { lines as importing } from '../../services/park/bench/p13.ts'
import { lines as http } from '../../services/park/bench/p14.ts'
import type { BenchLine } from './bench-line.ts'

/** Every benchmark line, in the order of the issue. */
export const allLines: readonly BenchLine[] = [...importing, ...http]
