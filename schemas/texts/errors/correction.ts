import type { ErrorRows } from './row.ts'

/** Refusals about corrections. */
export const correctionErrors = {
  'correction-unknown': { status: 404, zh: '没有这项更正', en: 'There is no such correction' },
  'correction-closed': {
    status: 422,
    zh: '该更正已结束（{status}），不能再办理；如仍需更正请重新提出',
    en: 'This correction has ended ({status}); propose another one if something is still wrong',
  },
  'correction-not-yours': {
    status: 403,
    zh: '该操作由 {units} 办理',
    en: 'This is for {units} to do',
  },
  'correction-empty': {
    status: 422,
    zh: '更正没有改变任何内容；请给出与现有记录不同的值',
    en: 'The correction changes nothing: give values that differ from what is recorded',
  },
  'correction-of-unknown-event': {
    status: 422,
    zh: '批次中没有编号为 {of} 的记录；编号见该批次的事件列表',
    en: 'The lot has no event {of}; take the id from the events of the lot',
  },
  'correction-event-unknown': {
    status: 404,
    zh: '没有编号为 {of} 的记录，或该记录不能更正；编号见事件列表',
    en: 'There is no event {of} that can be corrected; take the id from the events of the lot',
  },
  'correction-of-several': {
    status: 422,
    zh: '记录 {of} 属于另一批次或联单；请分别提出更正',
    en: 'Event {of} is of another lot or manifest; propose one correction for each of them',
  },
  'correction-leaves-return': {
    status: 422,
    zh: '第 {line} 行已有拒收废物退回，不能更正为没有拒收',
    en: 'Waste that was refused of line {line} has come back, so it cannot be corrected to nothing refused',
  },
  'correction-below-treated': {
    status: 422,
    zh: '第 {line} 行已利用处置 {treated} 克，更正后接受 {accepted} 克；请一并更正利用处置记录',
    en: 'Line {line}: {treated} g are treated, {accepted} g would be accepted; correct the treatment, too',
  },
  'correction-names-nothing': {
    status: 422,
    zh: '请用 of 写明要更正的记录；整批作废请写明 lot',
    en: 'Name the event that is to be corrected by `of`; to declare a lot void, name it by `lot`',
  },
  'correction-field-sealed': {
    status: 422,
    zh: '此记录的 {field} 不能更正；可更正：{choices}',
    en: '{field} of this event cannot be corrected; what can be: {choices}',
  },
  'correction-value-malformed': {
    status: 422,
    zh: '{field} 的值格式不正确',
    en: 'The value of {field} does not have the form that it must have',
  },
  'correction-after-promise': {
    status: 422,
    zh: '批次已列入联单、移出、拆分或处理，{field} 不能再更正',
    en: 'The lot is promised to a manifest, has left, or was split, mixed or treated: {field} cannot be corrected any more',
  },
  'correction-of-derived': {
    status: 422,
    zh: '该批次由处理、拆分或混合形成，不能单独作废；请更正其来源的记录',
    en: 'The lot came out of a treatment, a split or a mix and cannot be declared void; correct what it came from',
  },
  'correction-open-already': {
    status: 422,
    zh: '该批次或联单已有未办结的更正 {correction}；请先同意、拒绝或撤回',
    en: 'The lot or manifest has an open correction, {correction}: agree to it, refuse it or withdraw it first',
  },
} as const satisfies ErrorRows
