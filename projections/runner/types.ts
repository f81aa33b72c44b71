import type pg from 'pg'
import { totalOf } from '../../schemas/values/total.ts'

const INT8 = 20
const BOOL = 16
const INT4 = 23
const INT2 = 21
const FLOAT8 = 701

// bigint columns hold positions and entry numbers, which are safe integers, and grams, whose sums may be none; dates and times stay as PostgreSQL prints them.
const parsers: Readonly<Record<number, (text: string) => unknown>> = {
  [INT8]: totalOf,
  [INT4]: Number,
  [INT2]: Number,
  [FLOAT8]: Number,
  [BOOL]: (text) => text === 't',
}

/** Cells as projections write them: numbers for whole numbers, text for everything that JavaScript would only guess at. */
export const plainTypes: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number) => parsers[oid] ?? ((text: string) => text)) as pg.CustomTypesConfig['getTypeParser'],
}
