import type { RuleRow } from './rule.ts'

/**
 * Refused where books are read, because a step that names no batch links to nothing; that day and serial follow the form that the standard
 * suggests, it leaves to the unit.
 */
export const batchCodeGiven: RuleRow = {
  id: 'R25',
  severity: 'BLOCK',
  source: 'HJ 1259-2022 附录B；公告2021年第82号',
  effective: { from: '2022-10-01' },
  zh: '批次或记录表编号应为字母加年月日加序号，如 HWCS20251201001',
  en: 'A batch code or record number is letters, a day and a serial, such as HWCS20251201001',
}
