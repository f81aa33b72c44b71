import type { Position } from '../../../infra/event-store/port.ts'
import type { Finding } from '../../../schemas/decision.ts'
import { isRecovery, recyclingFormula, type RateFormula } from '../../../schemas/rules/indicators.ts'
import { law } from '../../../schemas/rules/law.ts'
import { minus, plus, quotient, totalOf, type Total } from '../../../schemas/values/total.ts'
import type { WasteStream } from '../../../schemas/values/waste.ts'
import { every, rowsOf, sql, type Sql } from '../../sql.ts'
import { kindCode, streamCode } from '../kinds.ts'
import { readFlows, type Flow, type Period } from './flows.ts'
import { massRows } from './mass-rows.ts'
import { knownAt, type AsOf, type Known, type Reading } from './reading.ts'
import { entriesIn, EVERYTHING, type Scope, type VisibleTo } from './scope.ts'

export interface RecyclingRateQuestion extends Period {
  readonly stream: WasteStream
  readonly scope?: Scope
  readonly asOf?: AsOf
  readonly visible?: VisibleTo
}

export interface RecyclingRate extends Period {
  readonly stream: WasteStream
  /** Null where the denominator is 0: no data, neither 0 % nor 100 %. */
  readonly value: number | null
  /** Two decimals, rounded half up from the exact fraction. */
  readonly percent: string | null
  readonly numerator: Total
  readonly denominator: Total
  readonly formula: RateFormula
  /** What the rules say about the figure itself: a month may well recover more than it generated (R98), and then it says so. */
  readonly findings: readonly Finding[]
  readonly position: Position
}

/** 综合利用率 of a period (R98); with `insideParkOnly` of what units inside the park generated, so intake from outside never counts (R99). */
export async function readRecyclingRate(
  reading: Reading,
  { from, to, stream, scope = {}, asOf, visible = EVERYTHING }: RecyclingRateQuestion,
): Promise<RecyclingRate> {
  const known = await knownAt(reading, asOf)
  const flows = await readFlows(reading, { from, to, known, scope, visible, stream, detailed: true, periodOnly: true })
  const formula = recyclingFormula(stream, to)
  const { numerator, denominator } = fractionOf(flows, formula)
  return {
    from,
    to,
    stream,
    numerator,
    denominator,
    formula,
    findings: law.ask('projection:rate', { numerator, denominator, day: to }),
    position: known.position,
    value: denominator === 0 ? null : quotient(numerator, denominator),
    percent: percentOf(numerator, denominator),
  }
}

/** Recovered, over generated and what was recovered of earlier years. What was classified anew left its old name and came under its new one. */
export function fractionOf(
  flows: readonly Flow[],
  formula: RateFormula,
): { readonly numerator: Total; readonly denominator: Total } {
  let [numerator, denominator]: [Total, Total] = [0, 0]
  for (const { from, to, method, prior, grams } of flows) {
    if (to === 'generation' && (from === 'origin' || from === 'process')) denominator = plus(denominator, grams)
    if (from === 'generation' && to === 'origin') denominator = minus(denominator, grams)
    if (to === 'process' && from === 'disposal' && isRecovery(method, formula)) {
      numerator = plus(numerator, grams)
      if (prior) denominator = plus(denominator, grams)
    }
  }
  return { numerator, denominator }
}

/** Hundredths of a per cent are floor(numerator * 10000 / denominator + 1/2), in whole numbers: 2/3 is 66.67. */
export function percentOf(numerator: Total, denominator: Total): string | null {
  if (denominator === 0) return null
  const [n, d] = [BigInt(numerator), BigInt(denominator)]
  const hundredths = (20_000n * n + d) / (2n * d)
  return `${hundredths / 100n}.${(hundredths % 100n).toString().padStart(2, '0')}`
}

/** One event behind a rate, and what it adds to either side. */
export interface RateEvent {
  readonly position: Position
  readonly numerator: Total
  readonly denominator: Total
}

interface RateEventRow {
  readonly position: Position
  readonly numerator: number | string
  readonly denominator: number | string
  readonly weight: number
}

export interface RateEventsQuestion extends Omit<RecyclingRateQuestion, 'asOf'> {
  readonly known: Known
  /** Events after this one only. */
  readonly after?: Position
  readonly first: number
}

/** The events behind a rate, in the order of the log. */
export async function readRateEvents(reading: Reading, question: RateEventsQuestion): Promise<readonly RateEvent[]> {
  const { after = 0, first } = question
  const rows = await massRows<RateEventRow>(
    reading.database,
    ({ sum }) => sql`
    select position::float8 as position, ${sum(sql`(case when recovered then grams else 0 end)`)} as numerator,
      ${sum(sql`(case when recovered and not prior then 0 when renamed then -grams else grams end)`)} as denominator,
      sum(grams::float8) as weight
    from (${behind(question)}) behind
    where position > ${after}::bigint
    group by position order by position limit ${first}::integer`,
    ({ weight }) => weight,
  )
  return rows.map(({ position, numerator, denominator }) => ({
    position,
    numerator: totalOf(numerator),
    denominator: totalOf(denominator),
  }))
}

export async function countRateEvents(
  reading: Reading,
  question: Omit<RateEventsQuestion, 'after' | 'first'>,
): Promise<number> {
  const [row] = await rowsOf<{ events: number }>(
    reading.database,
    sql`select count(distinct position)::float8 as events from (${behind(question)}) behind`,
  )
  return row?.events ?? 0
}

function behind({
  from,
  to,
  stream,
  scope = {},
  visible = EVERYTHING,
  known,
}: Omit<RateEventsQuestion, 'after' | 'first'>): Sql {
  const [origin, generation, disposal, process] = [
    kindCode('origin'),
    kindCode('generation'),
    kindCode('disposal'),
    kindCode('process'),
  ]
  const { recovery } = recyclingFormula(stream, to)
  return sql`
    select position, grams, to_kind = ${process}::smallint as recovered, to_kind = ${origin}::smallint as renamed,
      extract(year from origin_day) < extract(year from business_day) as prior
    from journal_entry
    where business_day >= ${from}::date and business_day <= ${to}::date and entry_no <= ${known.entryNo}::bigint and stream = ${streamCode(stream)}::smallint
      and (to_kind = ${generation}::smallint and from_kind in (${origin}::smallint, ${process}::smallint)
        or from_kind = ${generation}::smallint and to_kind = ${origin}::smallint
        or from_kind = ${disposal}::smallint and to_kind = ${process}::smallint and method = any(${[...recovery]}::text[]))
      and ${every(entriesIn(scope, visible))}`
}
