import type { Finding } from '../decision.ts'

/** A fact by which a rule says how much too much it is: a release covers that much and less. */
const DEGREE = 'over'

/**
 * Whether a release covers a finding: same rule, same place in the command and the same facts. Where the facts have a degree (`over`), it may have
 * become smaller and the other facts may have moved with it; what became worse since an official looked was not released.
 */
function covers(waived: Finding, { rule, pointer, facts }: Finding): boolean {
  if (waived.rule !== rule || waived.pointer !== pointer) return false
  const [before, now] = [waived.facts[DEGREE], facts[DEGREE]]
  if (typeof before === 'number' && typeof now === 'number') return now <= before
  const names = Object.keys({ ...waived.facts, ...facts })
  return names.every((name) => waived.facts[name] === facts[name])
}

/** Marks those findings of severity HOLD that an official has released. Nothing else can be released. */
export const markReleased = (findings: readonly Finding[], released: readonly Finding[]): readonly Finding[] =>
  findings.map((finding) =>
    finding.severity === 'HOLD' && released.some((waived) => covers(waived, finding))
      ? { ...finding, released: true }
      : finding,
  )
