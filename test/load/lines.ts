import { lines as durable } from '../../infra/event-store/bench/durable-commands.ts'
import { lines as emmett } from '../../infra/event-store/bench/emmett.ts'
import { lines as eventStoreDb } from '../../infra/event-store/bench/eventstoredb.ts'
import { lines as reading } from '../../infra/event-store/bench/reading.ts'
import { lines as rebuilding } from '../../projections/bench/p5.ts'
import { lines as summing } from '../../projections/bench/p15.ts'
import { lines as graphql } from '../../services/gateway/bench/p10.ts'
import { lines as asking } from '../../services/park/bench/p10-again.ts'
import { lines as importing } from '../../services/park/bench/p13.ts'
import { lines as http } from '../../services/park/bench/p14.ts'
import { lines as visible } from '../../services/park/bench/p7.ts'
import type { BenchLine } from './bench-line.ts'
import { lines as relaying } from './p8.ts'

/** Every benchmark line, in the order of the issue. */
export const allLines: readonly BenchLine[] = [
  ...durable,
  ...emmett,
  ...reading,
  ...rebuilding,
  ...visible,
  ...relaying,
  ...eventStoreDb,
  ...graphql,
  ...asking,
  ...importing,
  ...http,
  ...summing,
]
