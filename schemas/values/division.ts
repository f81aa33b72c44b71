import { z } from 'zod'
import table from '../catalogues/data/park-divisions.json' with { type: 'json' }
import { foldCode } from './text.ts'

const aliases = new Map(
  table.divisions.flatMap(({ code, aliases: others }) => others.map((alias) => [alias.code, code])),
)

/** 行政区划代码 (GB/T 2260), six digits, as events hold it. */
export const Division = z.string().regex(/^[1-9]\d{5}$/)

/** The code that a division is known by here, whatever list its alias comes from: 320576, 320590 and 320594 are 苏州工业园区, 320571. */
export const canonicalDivision = (code: string): string => aliases.get(code) ?? code

/** A division as it comes in, in its one spelling and under its one code. */
export const GivenDivision = z
  .string()
  .overwrite((text) => canonicalDivision(foldCode(text)))
  .regex(/^[1-9]\d{5}$/, { error: 'not-a-division' })

/** Province and prefecture-level city, the four digits that an official manifest number begins with behind its year (令第23号 第十五条). */
export const cityOf = (division: string): string => division.slice(0, 4)

/** Where waste is moved from that leaves a site without a division of its own; a park elsewhere configures another. */
export const DEFAULT_CITY = '3205'
