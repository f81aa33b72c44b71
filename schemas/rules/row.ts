import type { Facts, Finding } from '../decision.ts'
import type { Text } from '../texts/fill.ts'
import type { Day } from '../values/time.ts'
import type { CaseOf, Question, Questions } from './questions.ts'

export type RuleId = `R${number}`
export type Severity = 'BLOCK' | 'HOLD' | 'WARN' | 'ALERT'

/** A text in both languages, and those for breaches that have other facts: the first whose facts are all given is shown (`textFor`). */
export interface RuleText extends Text {
  readonly more?: readonly Text[]
}

/** A rule as it was in force from one day to another: an act is judged by the edition of its own day (生态环境法典 第1057条). */
export interface Edition {
  /** First day in force. */
  readonly from: Day
  /** Last day in force; absent while it holds. */
  readonly to?: Day
  /** Article of law, standard or reading that it rests on. */
  readonly source: string
  readonly severity: Severity
  /** What the law threatens, where it names a fine for this act. */
  readonly penalty?: Text
  /** Where this edition speaks otherwise than the rule. */
  readonly text?: RuleText
}

/** Where these facts break the rule. It may choose its severity: R05 refuses a class that does not exist and warns of a code that is not loaded. */
export interface Breach {
  readonly pointer: string
  readonly facts: Facts
  readonly severity?: 'BLOCK' | 'HOLD' | 'WARN'
}

export type Breaches = Breach | readonly Breach[] | undefined

/** Facts that are judged by another day's edition than the act, such as a code by the day of its generation. */
export interface OnDay {
  readonly day?: Day
}

/** What a book is spared: all of the rule, or where its facts are such that no column could have held them (readings, "all"). */
export type Books<F> = 'same' | { readonly exempt: Text; readonly when?: (facts: F) => boolean }

interface Spec<Q extends Question, F> {
  /** What the rule demands. */
  readonly title: Text
  /** What a breach says; `{fact}` names one of its facts. */
  readonly text: RuleText
  /** In the order of their days, without gap or overlap. */
  readonly editions: readonly [Edition, ...Edition[]]
  readonly books: Books<F>
  /** From what is asked to the facts of each thing that is judged; nothing where the rule does not concern it. */
  readonly asks: { readonly [K in Q]: (asked: Questions[K]) => F | readonly F[] | undefined }
  check(facts: F): Breaches
  /** For each question what the rule does to its command: documentation of the rule, and its test (`test/law`). */
  readonly cases: { readonly [K in Q]: readonly [CaseOf<K>, ...CaseOf<K>[]] }
}

/** A rule of law that is asked by at least one question. */
export interface Rule<F = never> {
  readonly id: RuleId
  readonly bound: true
  readonly title: Text
  readonly text: RuleText
  readonly editions: readonly [Edition, ...Edition[]]
  readonly books: Books<F>
  readonly asks: Readonly<Partial<Record<Question, (asked: never) => unknown>>>
  check(facts: F): Breaches
  readonly cases: Readonly<Partial<Record<Question, readonly CaseOf<Question>[]>>>
}

/** A rule of the list that nothing asks: not applicable, or not yet, because a fact is not recorded that it needs. */
export interface Unbound {
  readonly id: RuleId
  readonly bound: false
  readonly title: Text
  readonly source: string
  readonly reason: Text
}

export type RuleRow = Rule | Unbound

/**
 * Declares a rule. A question that it is asked by without a case that shows it, and a case without its question, do not compile.
 *
 * @example
 * rule('R54', { text, editions, books: 'same', asks: { FileManifest: ({ command }) => … }, check: (facts) => …, cases: { FileManifest: […] } })
 */
export const rule = <Q extends Question, F>(id: RuleId, spec: Spec<Q, F>): Rule<F> =>
  ({ id, bound: true, ...spec }) as unknown as Rule<F>

/** Declares a rule whose breach is that time has passed: a process manager raises its finding at a deadline, and no command is asked. */
export const raisedByTimer = (id: RuleId, spec: Pick<Rule, 'title' | 'text' | 'editions'>): Rule => ({
  id,
  bound: true,
  ...spec,
  books: 'same',
  asks: {},
  check: () => undefined,
  cases: {},
})

/** Declares a rule that nothing asks, with the reason why. */
export const unbound = (
  id: RuleId,
  source: string,
  [zh, en]: readonly [string, string],
  [why, because]: readonly [string, string],
): Unbound => ({ id, bound: false, source, title: { zh, en }, reason: { zh: why, en: because } })

/** The edition in force on a day. */
export const editionOn = ({ editions }: Pick<Rule, 'editions'>, day: Day): Edition | undefined =>
  editions.find(({ from, to }) => from <= day && (to === undefined || day <= to))

/** What one rule says of facts by the edition of a day: nothing where none is in force. */
export function judge<F>(one: Rule<F>, facts: F, day: Day): readonly Finding[] {
  const edition = editionOn(one, day)
  if (edition === undefined) return []
  const breaches = one.check(facts)
  if (breaches === undefined) return []
  const list: readonly Breach[] = Array.isArray(breaches) ? breaches : [breaches as Breach]
  return list.map(({ pointer, facts: broken, severity = edition.severity }) => ({
    rule: one.id,
    // A finding of a command travels with its event; what is only shown (ALERT) is a warning there.
    severity: severity === 'ALERT' ? 'WARN' : severity,
    pointer,
    facts: broken,
    day,
  }))
}
