import { refusal, type Facts, type Refusal } from '../decision.ts'
import { nearest } from '../texts/near.ts'
import { editionOn } from './hazardous-waste.ts'
import { methods } from './methods.ts'

/** The fact `near` of a text that names what comes nearest to what was given; nothing where all is far off. */
export function nearFacts(given: string, known: Iterable<string>): Facts {
  const found = nearest(given, known)
  return found.length === 0 ? {} : { near: found.join(', ') }
}

const methodCodes = methods.map(({ code }) => code)

/** What is refused where a method is in no list: what was given, and what may have been meant. */
export const methodUnknown = (method: string, pointer: string): Refusal =>
  refusal('method-unknown', pointer, { method, ...nearFacts(method, methodCodes) })

/** Codes of the edition of that day that come nearest to one that it lacks. */
export const nearHazardous = (code: string, day: string): Facts => nearFacts(code, editionOn(day).entries.keys())

/** The same where a category (HW06) or a code of eight digits may be named. */
export function categoryUnknown(code: string, day: string, pointer: string): Refusal {
  const { categories, entries } = editionOn(day)
  return refusal('category-unknown', pointer, { code, ...nearFacts(code, [...categories, ...entries.keys()]) })
}
