import { describe, expect, test } from 'vitest'
import { ruleCatalogue, rules } from '../../schemas/rules/catalogue.ts'
import { errorCatalogue } from '../../schemas/texts/errors/catalogue.ts'
import type { Text } from '../../schemas/texts/fill.ts'
import type { ErrorRow } from '../../schemas/texts/errors/row.ts'
import { placeholdersOf } from '../../schemas/texts/fill.ts'
import { sources } from './sources.ts'

const HAN = /\p{Script=Han}/u
const CATALOGUE = 'schemas/texts/errors/'
const code = sources().filter(({ path }) => !path.startsWith(CATALOGUE))
const tests = sources({ withTests: true }).filter(({ path }) => path.endsWith('.test.ts'))

/** Codes of errors as the sources name them: `refusal('lot-unknown', ...)`, `{ code: 'rule-broken', ... }`, `problem(..., 'forbidden')`. */
function codesNamed(text: string): readonly string[] {
  const patterns = [
    /\brefusal\(\s*'([^']+)'/g,
    /\b(?:code|refusalCode): '([a-z]+(?:-[a-z0-9]+)+)'/g,
    /\bnothing\('([^']+)'\)/g,
  ]
  return patterns.flatMap((pattern) => [...text.matchAll(pattern)].map(([, named]) => named ?? ''))
}

/** All texts of a row: its own, and those for other facts. */
const textsOf = ({ zh, en, more = [] }: Text & { readonly more?: readonly Text[] }): readonly Text[] => [
  { zh, en },
  ...more,
]

/** Runs of two and more Latin words; names of fields, codes, headers and paths are words by themselves. */
const latinSentences = (zh: string): readonly string[] =>
  [...zh.replace(/\{\w+\}/g, '').matchAll(/\b[A-Za-z]{2,}(?:[ ,]+[A-Za-z]{2,})+/g)]
    .map(([words]) => words)
    .filter((words) => !COMMAND.test(words))

/** What an operator types. */
const COMMAND = /^npm (?:run )?\w+$/

describe('the error catalogue', () => {
  test('has a row for every code that the sources name', () => {
    const rowless = code.flatMap(({ path, text }) =>
      codesNamed(text)
        .filter((named) => !Object.hasOwn(errorCatalogue, named))
        .map((named) => `${path}: ${named}`),
    )
    expect(rowless).toEqual([])
  })

  test('has no row that nothing names', () => {
    const named = (name: string) => code.some(({ text }) => text.includes(`'${name}'`))
    // `body-${reason}`: a family whose members are the words that the source says elsewhere.
    const families = code.flatMap(({ text }) => [...text.matchAll(/`([a-z]+-)\$\{/g)].map(([, stem]) => stem ?? ''))
    const unused = Object.keys(errorCatalogue).filter(
      (name) => !named(name) && !families.some((stem) => name.startsWith(stem) && named(name.slice(stem.length))),
    )
    expect(unused).toEqual([])
  })

  test('has every code in one file only, so that no row hides another', () => {
    const files = sources().filter(({ path }) => path.startsWith(CATALOGUE))
    const rows = files.flatMap(({ text }) =>
      [...text.matchAll(/^ {2}'?([a-z0-9-]+)'?: \{ ?(?:\n\s+)?status:/gm)].map(([, name]) => name),
    )
    expect(rows.filter((name, i) => rows.indexOf(name) !== i)).toEqual([])
    expect(rows.toSorted()).toEqual(Object.keys(errorCatalogue).toSorted())
  })

  test.each(Object.entries(errorCatalogue))('%s speaks both languages about the same facts', (_, row: ErrorRow) => {
    for (const { zh, en } of textsOf(row)) {
      expect(zh).toMatch(HAN)
      expect(latinSentences(zh)).toEqual([])
      // Examples of plates and names are Chinese in every language.
      expect(en.replace(/(?:苏E[0-9D]+挂?)|李华/g, '')).not.toMatch(HAN)
      expect(placeholdersOf(en)).toEqual(placeholdersOf(zh))
    }
    for (const { zh } of row.more ?? []) expect(placeholdersOf(zh)).not.toEqual(placeholdersOf(row.zh))
  })
})

describe('the rule catalogue', () => {
  test.each(ruleCatalogue.map((row) => [row.id, row] as const))(
    '%s has no Latin sentence in its Chinese texts',
    (_, row) => {
      for (const { zh, en } of row.bound ? textsOf(row.text) : [row.title, row.reason]) {
        expect(zh).toMatch(HAN)
        expect(latinSentences(zh)).toEqual([])
        expect(en).not.toMatch(HAN)
        expect(placeholdersOf(en)).toEqual(placeholdersOf(zh))
      }
    },
  )

  test.each(rules.map(({ id }) => id))('%s has a test that names it', (id) => {
    expect(
      tests.some(
        ({ path, text }) => path !== 'schemas/rules/catalogue.test.ts' && new RegExp(`\\b${id}\\b`).test(text),
      ),
    ).toBe(true)
  })

  test('has a row for every rule that the sources name', () => {
    const ids = new Set<string>(ruleCatalogue.map(({ id }) => id))
    const named = code.flatMap(({ path, text }) =>
      [...text.matchAll(/\b(?:rule|id): '(R\d{2,3})'/g)].map(([, id]) => ({ path, id: id ?? '' })),
    )
    expect(named.filter(({ id }) => !ids.has(id))).toEqual([])
  })
})
