import type { ErrorRows } from './row.ts'

/** Refusals and faults that any command or query may meet. */
export const commonErrors = {
  'rule-broken': { status: 422, zh: '违反规则 {rule}', en: 'Rule {rule} is broken' },
  'rule-held': { status: 422, zh: '规则 {rule} 要求主管人员批准', en: 'Rule {rule} asks for an official’s approval' },
  'stream-closed': { status: 422, zh: '记录已关闭', en: 'The record is closed' },
  'idempotency-key-reused': {
    status: 422,
    zh: '同一 Idempotency-Key 已用于另一请求',
    en: 'This Idempotency-Key was used for another request',
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
  internal: { status: 500, zh: '系统故障', en: 'Internal fault' },
} as const satisfies ErrorRows
