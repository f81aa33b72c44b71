import { parseBatchCode, type BatchKind } from '../values/batch-code.ts'
import type { Finding } from '../decision.ts'
import type { Day } from '../values/time.ts'
import { judge, type Rule } from './rule.ts'

/** Steps that give a batch code, and the forms that HJ 1259-2022 annex B and 公告2021年第82号 suggest for each. */
const FORMS = {
  generated: ['generation', 'general-generation'],
  stored: ['store-in', 'general-storage'],
  'taken-out': ['store-out'],
  departed: ['general-out'],
} as const satisfies Readonly<Record<string, readonly BatchKind[]>>
export type BatchStep = keyof typeof FORMS

interface BatchFacts {
  readonly batch: string
  readonly step: BatchStep
  /** Of the act; absent where the source does not say it. */
  readonly day?: Day | undefined
  readonly pointer: string
}

/**
 * The standard says that its codes may be used: any other code is lawful. One that has a suggested form but says another step or another
 * day than the act is probably a slip, and is never refused for it. Where books are read, a column of codes that is there and empty is
 * refused under the same number, because a step that names no batch links to nothing (readings, "all").
 */
export const batchCodeFits: Rule<BatchFacts> = {
  id: 'R25',
  severity: 'WARN',
  source: 'HJ 1259-2022 附录B；公告2021年第82号',
  effective: { from: '2022-10-01' },
  zh: '批次编码 {batch}：{problem}（{step}，{day}）',
  en: 'Batch code {batch}: {problem} ({step}, {day})',
  check({ batch, step, day, pointer }) {
    const read = parseBatchCode(batch)
    if (!read) return undefined
    const kinds: readonly BatchKind[] = FORMS[step]
    const problem = !kinds.includes(read.kind)
      ? 'batch-of-another-step'
      : day !== undefined && read.day !== day
        ? 'batch-of-another-day'
        : undefined
    return problem && { pointer, facts: { batch, problem, step, day: day ?? '' } }
  },
}

/** R25: what is odd about the batch code that a step gives; nothing where it gives none. */
export const batchFindings = (
  batch: string | undefined,
  step: BatchStep,
  day: Day,
  pointer = '/batch',
): readonly Finding[] => (batch === undefined ? [] : judge(batchCodeFits, { batch, step, day, pointer }, day))
