import { hasValidCheckDigit } from '../values/unit-code.ts'
import type { Rule } from './rule.ts'

export const creditCodeValid: Rule<{ readonly unit: string; readonly pointer: string }> = {
  id: 'R01',
  severity: 'BLOCK',
  source: 'GB 32100-2015',
  effective: { from: '2015-10-01' },
  zh: '统一社会信用代码 {unit} 应为 18 位且校验码正确',
  en: 'Unified social credit code {unit} must have 18 characters and a valid check digit',
  check: ({ unit, pointer }) => (hasValidCheckDigit(unit) ? undefined : { pointer, facts: { unit } }),
}
