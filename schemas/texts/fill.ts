import type { Facts } from '../decision.ts'
import { formatTonnes } from '../values/mass.ts'
import { glossary } from './glossary.ts'

export type Language = 'zh' | 'en'

/** One sentence in both languages, about the same facts. */
export interface Text {
  readonly zh: string
  readonly en: string
}

/** `{fact}`, and the unit behind it where the text says that it is a mass in grams. */
const PLACEHOLDER = /\{(\w+)\}( ?(?:克|g\b))?/g

const TONNE = 1_000_000
const KILOGRAM = 1_000

/** A mass as a person reads it, exact: tonnes from one tonne on, kilograms from one kilogram on, else grams. */
export function printMass(mass: number, language: Language): string {
  const [tonne, kilogram, gram] = language === 'zh' ? ['吨', '千克', '克'] : ['t', 'kg', 'g']
  const size = Math.abs(mass)
  if (size >= TONNE) return `${formatTonnes(mass)} ${tonne}`
  if (size >= KILOGRAM) return `${formatTonnes(mass * KILOGRAM)} ${kilogram}`
  return `${mass} ${gram}`
}

const given = (facts: Facts, name: string): boolean => Object.hasOwn(facts, name) && facts[name] !== ''

/**
 * The text that fits the facts: the first of `more` of which every fact is given, else the row's own. A refusal that does not know a fact
 * yet (what may be done is asked before a command names anything) thus has a text without it, and a finding of an older release has its own.
 */
export function textFor({ zh, en, more = [] }: Text & { readonly more?: readonly Text[] }, facts: Facts): Text {
  return more.find((text) => namesOf(text.zh).every((name) => given(facts, name))) ?? { zh, en }
}

/** Facts that are shown as they are, words of ours or not: what was given, and what may be given instead. */
const LITERAL: ReadonlySet<string> = new Set(['value', 'name', 'near', 'example', 'choices'])

/** Facts that hold moments are named so: `at`, `laterAt`. */
const OF_MOMENT = /^(?:at|\w+At)$/
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/
const SHANGHAI_MS = 8 * 3_600_000

/** A moment as a person reads it: in Asia/Shanghai whatever its offset, `2025-12-06 10:00:00 (+08:00)`; a part of a second only where it has one. */
export function printMoment(moment: string): string {
  const instant = MOMENT.test(moment) ? Date.parse(moment) : Number.NaN
  if (Number.isNaN(instant)) return moment
  const [day = '', time = ''] = new Date(instant + SHANGHAI_MS).toISOString().split('T')
  return `${day} ${time.replace(/(?:\.000)?Z$/, '')} (+08:00)`
}

/**
 * A text with its facts in place. Texts name masses in grams (`{taken} 克`, `{taken} g`), readers see them in a fitting unit. A fact whose
 * value is a word of the glossary is shown by that word; one that is not there is shown as a dash, because a text must never be what fails.
 */
export function fill(text: string, facts: Facts, language: Language): string {
  return text.replace(PLACEHOLDER, (_, name: string, unit: string | undefined) => {
    const fact = Object.hasOwn(facts, name) ? facts[name] : undefined
    if (fact === undefined || fact === '') return '—'
    if (unit !== undefined && typeof fact === 'number') return printMass(fact, language)
    if (typeof fact === 'number') return `${fact}${unit ?? ''}`
    if (LITERAL.has(name)) return `${fact}${unit ?? ''}`
    return `${OF_MOMENT.test(name) ? printMoment(fact) : word(fact, language)}${unit ?? ''}`
  })
}

const namesOf = (text: string): readonly string[] => [...text.matchAll(PLACEHOLDER)].map(([, name = '']) => name)

/** The facts that a text names, in order of their names, with the mark of a mass where it says so: `balance g`, `line`. */
export const placeholdersOf = (text: string): readonly string[] =>
  [...text.matchAll(PLACEHOLDER)].map(([, name, unit]) => `${name}${unit ? ' g' : ''}`).toSorted()

const word = (value: string, language: Language): string =>
  (Object.hasOwn(glossary, value) ? glossary[value]?.[language] : undefined) ?? value
