import type { Table } from '../projection.ts'

const cubeColumns = {
  stream: 'smallint',
  from_kind: 'smallint',
  to_kind: 'smallint',
  method: 'text',
  inside: 'boolean',
  prior: 'boolean',
  derived: 'boolean',
} as const
const sums = { grams: 'bigint', entries: 'bigint' } as const
const spanColumns = {
  lot: 'text',
  account: 'text',
  kind: 'smallint',
  holder: 'text',
  place: 'text',
  document: 'text',
  stream: 'smallint',
  code: 'text',
  grams: 'bigint',
  inside_grams: 'bigint',
  oldest: 'date',
  origin_unit: 'text',
  since: 'bigint',
} as const

export const entryTable: Table = {
  name: 'journal_entry',
  columns: {
    entry_no: 'bigint',
    position: 'bigint',
    of_position: 'bigint',
    seq: 'integer',
    business_day: 'date',
    occurred_at: 'timestamptz',
    recorded_at: 'timestamptz',
    stream: 'smallint',
    code: 'text',
    from_kind: 'smallint',
    from_holder: 'text',
    from_place: 'text',
    from_document: 'text',
    to_kind: 'smallint',
    to_holder: 'text',
    to_place: 'text',
    to_document: 'text',
    lot_from: 'text',
    lot_to: 'text',
    method: 'text',
    origin_unit: 'text',
    origin_day: 'date',
    inside: 'boolean',
    derived: 'boolean',
    grams: 'bigint',
  },
  key: ['entry_no'],
  appendOnly: true,
}
export const dayTable: Table = {
  name: 'journal_day',
  columns: { block: 'bigint', business_day: 'date', ...cubeColumns, ...sums },
  key: ['block', 'business_day', ...Object.keys(cubeColumns)],
  appendOnly: true,
}
export const monthTable: Table = {
  name: 'journal_month',
  columns: { block: 'bigint', month: 'date', ...cubeColumns, ...sums },
  key: ['block', 'month', ...Object.keys(cubeColumns)],
  appendOnly: true,
}
export const blockTable: Table = {
  name: 'journal_block',
  columns: { block: 'bigint', position: 'bigint' },
  key: ['block'],
  appendOnly: true,
}
export const balanceTable: Table = {
  name: 'journal_balance',
  columns: { ...spanColumns, layers: 'text' },
  key: ['lot', 'account'],
}
export const pastTable: Table = {
  name: 'journal_balance_past',
  columns: { ...spanColumns, until: 'bigint', span_class: 'smallint' },
  key: ['lot', 'account', 'since'],
  appendOnly: true,
}
export const lotBookTable: Table = {
  name: 'journal_lot',
  columns: {
    lot: 'text',
    origin_unit: 'text',
    inside: 'boolean',
    origin_day: 'date',
    derived: 'boolean',
    stream: 'smallint',
    code: 'text',
    mixed: 'boolean',
  },
  key: ['lot'],
}
export const shortageTable: Table = {
  name: 'journal_shortage',
  columns: { position: 'bigint', seq: 'integer', lot: 'text', account: 'text', missing: 'bigint' },
  key: ['position', 'seq'],
  appendOnly: true,
}
/** What an event of one lot put into another, so that one can be folded again without the other. */
export const inflowTable: Table = {
  name: 'journal_inflow',
  columns: { lot: 'text', position: 'bigint', inflows: 'text' },
  key: ['lot', 'position'],
}
/** A lot as it was after some events of a long stream, by the corrections known now: where folding again begins. */
export const foldingTable: Table = {
  name: 'journal_folding',
  columns: { lot: 'text', revision: 'integer', position: 'bigint', state: 'text' },
  key: ['lot', 'revision'],
}
export const headTable: Table = {
  name: 'journal_head',
  columns: { id: 'smallint', entry_no: 'bigint', position: 'bigint' },
  key: ['id'],
}
