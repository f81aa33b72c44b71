import { Kind, visit, type DocumentNode } from 'graphql'

// NUL is in no column of text, and half of a surrogate pair is in no UTF-8. In `u` mode \p{Cs} means only a surrogate without its other half.
const FORBIDDEN = /\0|\p{Cs}/u

/** Whether a text holds what cannot be stored, nor therefore asked for: NUL or a lone surrogate. */
export const hasForbiddenCharacter = (text: string): boolean => FORBIDDEN.test(text)

/** The same of any string, key or item inside a value of JSON. */
function holdsForbidden(value: unknown): boolean {
  if (typeof value === 'string') return hasForbiddenCharacter(value)
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).some(([key, inner]) => hasForbiddenCharacter(key) || holdsForbidden(inner))
}

// One document is sent again and again; the parser hands out one object for one text.
const judged = new WeakMap<DocumentNode, boolean>()

function inDocument(document: DocumentNode): boolean {
  const known = judged.get(document)
  if (known !== undefined) return known
  let found = false
  visit(document, { [Kind.STRING]: ({ value }) => void (found ||= hasForbiddenCharacter(value)) })
  judged.set(document, found)
  return found
}

/** Whether an operation holds such a text: escaped inside its document, or in its variables. */
export const asksForForbiddenText = (document: DocumentNode, variables: Readonly<Record<string, unknown>>): boolean =>
  inDocument(document) || holdsForbidden(variables)
