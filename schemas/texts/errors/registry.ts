import type { ErrorRows } from './row.ts'

/** Refusals of the registry side. */
export const registryErrors = {
  'unit-unknown': { status: 404, zh: '没有登记代码为 {unit} 的单位', en: 'No unit with code {unit} is registered' },
  'already-registered': {
    status: 422,
    zh: '{kind} {key} 已登记，内容不同',
    en: '{kind} {key} is registered already, with other content',
  },
  'look-at-what': {
    status: 400,
    zh: '须且只须给出联单（manifest）或事件（event）之一',
    en: 'Give exactly one of manifest and event',
  },
  'not-a-division': {
    status: 400,
    zh: '“{value}”不是六位行政区划代码，例如 320571（苏州工业园区）',
    en: '“{value}” is not a division code of six digits, such as 320571 (Suzhou Industrial Park)',
  },
  'licence-unknown': {
    status: 404,
    zh: '该单位没有编号为 {number} 的许可证',
    en: 'This unit holds no licence {number}',
  },
  'already-revoked': {
    status: 422,
    zh: '许可证 {number} 已自 {from} 起吊销',
    en: 'Licence {number} is revoked as of {from} already',
  },
  'period-reversed': {
    status: 422,
    zh: '期间止日 {to} 早于起日 {from}',
    en: 'The period ends on {to}, before it begins on {from}',
  },
  'method-unknown': { status: 422, zh: '没有利用处置方式代码 {method}', en: 'There is no treatment method {method}' },
  'category-unknown': {
    status: 422,
    zh: '没有危险废物类别或代码 {code}',
    en: 'There is no category or code {code} of hazardous waste',
  },
} as const satisfies ErrorRows
