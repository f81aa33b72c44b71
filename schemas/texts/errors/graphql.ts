import type { ErrorRows } from './row.ts'

/** Refusals of the graphql side. */
export const graphqlErrors = {
  'query-invalid': { status: 400, zh: '查询不合法：{detail}', en: 'The query is not valid: {detail}' },
  'query-too-costly': {
    status: 400,
    zh: '查询代价为 {cost}，上限 {limit}',
    en: 'The query costs {cost}; the limit is {limit}',
  },
  'query-too-deep': {
    status: 400,
    zh: '查询嵌套 {depth} 层，上限 {limit}',
    en: 'The query is {depth} levels deep; the limit is {limit}',
  },
  'query-too-long': {
    status: 400,
    zh: '查询过长，上限 {limit} 个词元',
    en: 'The query is too long; the limit is {limit} tokens',
  },
  'too-many-aliases': {
    status: 400,
    zh: '别名 {aliases} 个，上限 {limit}',
    en: 'The query has {aliases} aliases; the limit is {limit}',
  },
  'csrf-header-missing': { status: 403, zh: '缺少请求头 {header}', en: 'The header {header} is missing' },
  'cursor-invalid': { status: 400, zh: '分页游标不合法', en: 'The cursor is not one of this list' },
  'page-size': { status: 400, zh: '每页 1 至 {limit} 条', en: 'A page holds 1 to {limit} entries' },
  'period-too-long': { status: 400, zh: '期间至多 {limit} 天', en: 'A period has at most {limit} days' },
  'as-of-twice': {
    status: 400,
    zh: 'asOf 只能给出 knownAt 或 position 之一',
    en: 'asOf takes either knownAt or position',
  },
  'identifier-ambiguous': {
    status: 422,
    zh: '“{name}”指向 {count} 个对象，请写作“单位代码/编码”',
    en: '“{name}” names {count} things; write it as unit/code',
  },
} as const satisfies ErrorRows
