import type { Facts } from '../decision.ts'
import { formatTonnes } from '../values/mass.ts'
import { glossary } from './glossary.ts'

export type Language = 'zh' | 'en'

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

/**
 * A text with its facts in place. Texts name masses in grams (`{taken} 克`, `{taken} g`), readers see them in a fitting unit. A fact whose
 * value is a word of the glossary is shown by that word; one that is not there is shown as a dash, because a text must never be what fails.
 */
export function fill(text: string, facts: Facts, language: Language): string {
  return text.replace(PLACEHOLDER, (_, name: string, unit: string | undefined) => {
    const fact = Object.hasOwn(facts, name) ? facts[name] : undefined
    if (fact === undefined || fact === '') return '—'
    if (unit !== undefined && typeof fact === 'number') return printMass(fact, language)
    return `${typeof fact === 'string' ? word(fact, language) : fact}${unit ?? ''}`
  })
}

/** The facts that a text names, in order of their names, with the mark of a mass where it says so: `balance g`, `line`. */
export const placeholdersOf = (text: string): readonly string[] =>
  [...text.matchAll(PLACEHOLDER)].map(([, name, unit]) => `${name}${unit ? ' g' : ''}`).toSorted()

const word = (value: string, language: Language): string =>
  (Object.hasOwn(glossary, value) ? glossary[value]?.[language] : undefined) ?? value
