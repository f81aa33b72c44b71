import type { ErrorRows } from './row.ts'

/** Refusals and faults that any command or query may meet. */
export const commonErrors = {
  'rule-broken': { status: 422, zh: '违反规则 {rule}', en: 'Rule {rule} is broken' },
  'rule-held': {
    status: 422,
    zh: '未满足规则 {rule}，须经主管部门审批才能登记；也可以按以下要求补正后重新提交',
    en: 'Rule {rule} is not met, so this is recorded only once an official has released it; or mend what it asks for and send it again',
  },
  'stream-closed': { status: 422, zh: '记录已关闭', en: 'The record is closed' },
  'idempotency-key-reused': {
    status: 422,
    zh: '同一 Idempotency-Key 已用于另一请求',
    en: 'This Idempotency-Key was used for another request',
  },
  'before-the-books': {
    status: 422,
    zh: '时间 {at} 早于本园区账册的第一天 {from}，请核对年份；更早的存量按往年贮存登记',
    en: '{at} is earlier than {from}, the first day of the books of this park: check the year; older stock is recorded as opening stock',
  },
  'before-opening-stock': {
    status: 422,
    zh: '产生日期 {at} 早于往年贮存可登记的第一天 {from}，请核对年份',
    en: '{at} is earlier than {from}, the first day on which opening stock may have been generated: check the year',
  },
  'day-out-of-range': {
    status: 422,
    zh: '日期 {at} 不在 {from} 至 {to} 之间，请核对年份；长期有效的请填可预见的截止日',
    en: '{at} does not lie between {from} and {to}: check the year; what holds without end is given a day that can be foreseen',
  },
  'mass-above-bound': {
    status: 422,
    zh: '数量 {grams} 克超过一次可登记的上限 {limit} 克，请核对单位和小数点；确属实的请分次登记',
    en: '{grams} g is more than the limit of {limit} g: check unit and decimal point; what is right is recorded in several acts',
  },
  'masses-above-bound': {
    status: 422,
    zh: '各行数量合计 {sum} 克，超过一次可登记的上限 {limit} 克，请核对单位和小数点；确属实的请分次登记',
    en: 'Together {sum} g, which is more than the limit of {limit} g: check units and decimal points; what is right is recorded in several acts',
  },
  'revision-conflict': {
    status: 409,
    zh: '记录已被他人更改，当前版本 {revision}',
    en: 'Someone else changed the record; it is now at revision {revision}',
  },
  'not-found': { status: 404, zh: '没有找到', en: 'Not found' },
  malformed: { status: 400, zh: '请求格式不正确', en: 'The request is malformed' },
  unauthenticated: { status: 401, zh: '请先登录', en: 'Sign in first' },
  forbidden: { status: 403, zh: '无权办理', en: 'You may not do this' },
  'too-large': { status: 413, zh: '请求过大', en: 'The request is too large' },
  'unsupported-media-type': { status: 415, zh: '不支持的内容类型', en: 'Unsupported media type' },
  'too-many-requests': { status: 429, zh: '请求过于频繁', en: 'Too many requests' },
  unavailable: { status: 503, zh: '系统繁忙，请稍后再试', en: 'Busy; try again shortly' },
  'event-of-later-system': {
    status: 503,
    zh: '日志位置 {position} 的事件由更新版本的系统记录；待本服务升级后，请从位置 {reached} 继续读取',
    en: 'An event at or before position {position} was recorded by a later version of this system; once this service is upgraded, go on after position {reached}',
  },
  internal: { status: 500, zh: '系统故障', en: 'Internal fault' },
} as const satisfies ErrorRows
