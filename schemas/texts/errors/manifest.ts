import type { ErrorRows } from './row.ts'

/** Refusals about manifests. */
export const manifestErrors = {
  'manifest-unknown': { status: 404, zh: '没有这份联单', en: 'There is no such manifest' },
  'not-your-part': { status: 403, zh: '该操作由{by}办理', en: 'This step belongs to the {by}' },
  'manifest-not-ready': { status: 422, zh: '联单状态为 {status}，不能办理 {action}', en: 'The manifest is {status}; {action} is not possible now' },
  'number-already-attached': { status: 422, zh: '联单编号已登记', en: 'The official number is already attached' },
  'no-further-leg': { status: 422, zh: '没有后续承运人', en: 'There is no further carrier' },
  'legs-open': { status: 422, zh: '尚有未交接的承运段', en: 'A leg has not been handed over yet' },
  'not-weighed-here': { status: 422, zh: '该单据无需过磅', en: 'This document needs no weighing' },
  'nothing-refused': { status: 422, zh: '没有被拒收的数量', en: 'Nothing was refused' },
  'nothing-to-treat': { status: 422, zh: '没有待处理的数量', en: 'Nothing accepted awaits treatment' },
} as const satisfies ErrorRows
