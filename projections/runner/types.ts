import type pg from 'pg'

const INT8 = 20
const BOOL = 16
const INT4 = 23
const INT2 = 21
const FLOAT8 = 701

// bigint columns hold positions, entry numbers and grams, all of them safe integers; dates and times stay as PostgreSQL prints them.
const parsers: Readonly<Record<number, (text: string) => unknown>> = {
  [INT8]: Number,
  [INT4]: Number,
  [INT2]: Number,
  [FLOAT8]: Number,
  [BOOL]: (text) => text === 't',
}

/** Cells as projections write them: numbers for whole numbers, text for everything that JavaScript would only guess at. */
export const plainTypes: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number) => parsers[oid] ?? ((text: string) => text)) as pg.CustomTypesConfig['getTypeParser'],
}
