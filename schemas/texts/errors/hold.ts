import type { ErrorRows } from './row.ts'

/** Refusals about acts that wait for an official. */
export const holdErrors = {
  'hold-unknown': {
    status: 404,
    zh: '没有这个待批事项',
    en: 'There is no such hold',
  },
  'hold-not-waiting': {
    status: 422,
    zh: '该事项已不在待批状态（{status}），不能再办理；请查看其当前状态',
    en: 'This hold no longer waits (it is {status}), so nothing can be decided about it; look at its state',
  },
  'hold-for-officials': {
    status: 403,
    zh: '放行和驳回由主管部门工作人员在其职责范围内办理',
    en: 'Holds are released and rejected by officials of the competent office',
  },
  'hold-not-yours': {
    status: 403,
    zh: '只有提交单位可以撤回',
    en: 'Only the unit that sent the act may withdraw it',
  },
  'hold-obsolete': {
    status: 422,
    zh: '{path} 已停用，该操作不能再登记；请驳回，由提交单位重新提交',
    en: '{path} is no command of this park any more: reject it, so that its sender can send it by the command of today',
  },
  'hold-rejected': {
    status: 422,
    zh: '主管部门不同意该操作，未予登记：{cause}',
    en: 'The competent office rejected this act, so it is not recorded: {cause}',
  },
  'hold-withdrawn': {
    status: 422,
    zh: '该操作已撤回，未予登记；需要时请用新的 Idempotency-Key 重新提交',
    en: 'This act was withdrawn and is not recorded; send it under a new Idempotency-Key if it is wanted after all',
  },
  'hold-expired': {
    status: 422,
    zh: '该操作逾期未获批准，未予登记；需要时请用新的 Idempotency-Key 重新提交',
    en: 'No office decided about this act in time, so it is not recorded; send it under a new Idempotency-Key if it is still wanted',
  },
} as const satisfies ErrorRows
