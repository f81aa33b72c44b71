import { GraphQLError, Kind, type ValueNode } from 'graphql'
import { Day, Moment } from '../../../schemas/values/time.ts'
import { printable, totalOf } from '../../../schemas/values/total.ts'
import { builder } from './builder.ts'

const wrong = (what: string): GraphQLError => new GraphQLError(what)

function whole(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw wrong('Grams is a whole number')
  return value
}

builder.scalarType('Grams', {
  description:
    '质量（克）：JSON 整数，精确；绝对值超过 2^53 - 1 的合计为数字字符串。 Mass in grams, exact: a JSON integer, or a string of its digits where it is beyond ±(2^53 - 1), which only sums are.',
  serialize: (value) => printable(totalOf(value as number)),
  parseValue: whole,
  parseLiteral: (node: ValueNode) => (node.kind === Kind.INT ? whole(Number(node.value)) : whole(undefined)),
})

function day(value: unknown): string {
  const read = Day.safeParse(value)
  if (!read.success) throw wrong('Date is a day that exists, such as 2025-12-01')
  return read.data
}
builder.scalarType('Date', {
  description: '业务日（Asia/Shanghai）。 A business day in Asia/Shanghai, 2025-12-01.',
  serialize: (value) => value,
  parseValue: day,
})

function moment(value: unknown): string {
  const read = Moment.safeParse(value)
  if (!read.success) throw wrong('DateTime is RFC 3339 with its offset, such as 2025-12-06T08:52:00+08:00')
  return read.data
}
builder.scalarType('DateTime', {
  description:
    '时间：RFC 3339，带时区，年份 0001 至 9999，秒的小数至多 12 位。 RFC 3339 with offset below 16 hours, years 0001 to 9999, at most 12 digits of a second.',
  serialize: (value) => value,
  parseValue: moment,
})

function position(value: unknown): number {
  const read = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : Number.NaN
  if (!Number.isSafeInteger(read)) throw wrong('Position is a string of digits')
  return read
}
builder.scalarType('Position', {
  description: '事件日志中的位置，数字字符串。 A place in the log of events: a string of digits.',
  serialize: String,
  parseValue: position,
  parseLiteral: (node: ValueNode) => position(node.kind === Kind.STRING ? node.value : undefined),
})

builder.scalarType('JSON', { description: 'Any JSON value.', serialize: (value) => value })
