import { creditCodeFault } from '../values/unit-code.ts'
import type { Rule } from './rule.ts'

export const creditCodeValid: Rule<{
  readonly unit: string
  readonly pointer: string
  /** Whether its holder may be asked to look again: a book is copied as it is, and codes that lack the inner check digit are in use. */
  readonly doubtful: boolean
}> = {
  id: 'R01',
  severity: 'BLOCK',
  source: 'GB 32100-2015；GB 11714-1997',
  // The standard is of 2015; how a code is formed is no law of a day, and a unit that is registered today for an earlier year has one, too.
  effective: { from: '0001-01-01' },
  zh: '统一社会信用代码 {unit}：{problem}',
  en: 'Unified social credit code {unit}: {problem}',
  check({ unit, pointer, doubtful }) {
    const problem = creditCodeFault(unit)
    if (problem === undefined) return undefined
    if (problem !== 'organisation-check') return { pointer, facts: { unit, problem } }
    return doubtful ? { pointer, severity: 'WARN', facts: { unit, problem } } : undefined
  },
}
