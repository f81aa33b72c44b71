import { outsideCompetence } from '../../../infra/identity/visibility.ts'
import { streamsOfCode } from '../../../schemas/catalogues/streams-of-code.ts'
import { ruleRow } from '../../../schemas/rules/catalogue.ts'
import { notices } from '../../../schemas/texts/notices.ts'
import type { WasteStream } from '../../../schemas/values/waste.ts'
import type { GatewayContext } from './context.ts'
import { refusedQuery } from './errors.ts'
import { placeSpellings } from './spellings.ts'

/*
 * Words of a question that must mean something. A list of nothing and a sum of zero are answers about the park; a mistyped code, and what an
 * office is not competent for, are refused by name instead.
 */
type Maybe = string | null | undefined

/** @throws a refused query for the first of these units that does not exist for the reader */
export async function requireUnits(codes: readonly Maybe[], context: GatewayContext): Promise<void> {
  const asked = [...new Set(codes.filter((code) => code !== undefined && code !== null))]
  if (asked.length === 0) return
  const { readSide, visibility, language } = context
  const known = new Set((await readSide.unitsByCode(asked, visibility)).map(({ code }) => code))
  const unknown = asked.find((code) => !known.has(code))
  if (unknown !== undefined) throw refusedQuery('unit-unknown', { unit: unknown }, language)
}

/**
 * The place in the spelling in which it is known.
 * @throws a refused query for one at which nothing of the reader's ever lay and that no unit of theirs has
 */
export async function knownSite(
  site: Maybe,
  { readSide, visibility, language }: GatewayContext,
): Promise<string | undefined> {
  if (site === undefined || site === null) return undefined
  for (const spelling of placeSpellings(site)) if (await readSide.placeExists(spelling, visibility)) return spelling
  throw refusedQuery('site-unknown', { site }, language)
}

/** @throws a refused query for a code of no list and no lot, and for one that the reader's office is not competent for */
export async function requireCode(code: Maybe, context: GatewayContext): Promise<void> {
  if (code === undefined || code === null) return
  const { readSide, visibility, language } = context
  const streams = streamsOfCode(code)
  if (streams === undefined && !(await readSide.codeExists(code, visibility)))
    throw refusedQuery('waste-code-unknown', { code }, language)
  const outside = outsideCompetence(visibility)
  if (streams && streams.length > 0 && streams.every((stream) => outside.includes(stream)))
    throw refusedQuery('not-in-your-competence', { what: code }, language)
}

/** @throws a refused query for a stream that the reader's office is not competent for */
export function requireCompetence(
  stream: WasteStream | null | undefined,
  { visibility, language }: GatewayContext,
): void {
  if (stream && outsideCompetence(visibility).includes(stream))
    throw refusedQuery('not-in-your-competence', { what: stream }, language)
}

/** @throws a refused query for a rule that nothing is judged by */
export function requireRule(rule: Maybe, { language }: GatewayContext): void {
  if (rule !== undefined && rule !== null && ruleRow(rule) === undefined && !Object.hasOwn(notices, rule))
    throw refusedQuery('rule-unknown', { rule }, language)
}
