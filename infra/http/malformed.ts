import type { z } from 'zod'
import type { Facts } from '../../schemas/decision.ts'
import { errorCatalogue } from '../../schemas/texts/errors/catalogue.ts'
import { fill, textFor, type Text } from '../../schemas/texts/fill.ts'
import { nearest } from '../../schemas/texts/near.ts'
import type { RenderedRefusal } from '../../schemas/texts/render.ts'
import { fieldAt, fieldsAt } from './field-schema.ts'
import type { Trouble } from './problem.ts'

const MAX_ERRORS = 20
// A message repeats what was sent; nobody needs more of it than this to find it.
const MAX_VALUE = 40

type Issue = z.core.$ZodIssue

/** Parses with what the messages need to say what was found instead. Never throws for bad input. */
export const read = <T>(schema: z.ZodType<T>, value: unknown) => schema.safeParse(value, { reportInput: true })

/**
 * A schema's verdict as a problem: one error for each field, in both languages, in sentences of our own (schemas/texts/errors/border.ts).
 * `schema` is the one that was asked: it knows the names of fields, and the contract's words for them.
 */
export function malformedFields(issues: readonly Issue[], schema?: z.core.$ZodType): Trouble {
  const errors = new Map<string, RenderedRefusal>()
  for (const issue of issues)
    for (const error of fieldErrors(issue, schema)) if (!errors.has(error.pointer)) errors.set(error.pointer, error)
  return { code: 'malformed', errors: [...errors.values()].slice(0, MAX_ERRORS) }
}

/** What is wrong, as a code of the catalogue with its facts; words that differ by language stand in `words`. */
interface Said {
  readonly code: string
  readonly facts?: Facts
  readonly words?: Readonly<Record<string, Text>>
}

function fieldErrors(issue: Issue, schema: z.core.$ZodType | undefined): readonly RenderedRefusal[] {
  if (issue.code === 'unrecognized_keys') {
    const known = fieldsAt(schema, issue.path)
    return issue.keys.slice(0, MAX_ERRORS).map((key) => {
      const near = nearest(key, known)
      const facts = { name: shown(key), ...(near.length === 0 ? {} : { near: near.join(', ') }) }
      return rendered(pointerOf([...issue.path, key]), { code: 'field-unknown', facts })
    })
  }
  const { field, text } = fieldAt(schema, issue.path)
  const name = shown(field)
  const { code, facts = {}, words = {} } = said(issue)
  const example = exampleOf(issue, text?.example)
  return [
    rendered(pointerOf(issue.path), {
      code,
      facts: { name, value: shown(issue.input), ...(example === undefined ? {} : { example }), ...facts },
      words: { label: text ?? { zh: name, en: name }, ...words },
    }),
  ]
}

function said(issue: Issue): Said {
  // A form with words of its own names them by their code in the catalogue (`not-a-plate`).
  const choices = issue.code === 'invalid_value' ? { choices: issue.values.map(String).join(', ') } : {}
  if (issue.input === undefined && (issue.code === 'invalid_type' || issue.code === 'invalid_value'))
    return { code: 'field-missing', facts: choices }
  if (Object.hasOwn(errorCatalogue, issue.message)) return { code: issue.message }
  switch (issue.code) {
    case 'invalid_type':
      return {
        code: 'field-type',
        words: { expected: TYPES[issue.expected] ?? { zh: issue.expected, en: issue.expected } },
      }
    case 'invalid_format':
      return { code: 'field-format' }
    case 'invalid_value':
      return { code: 'field-choice', facts: choices }
    case 'too_small':
      return tooSmall(issue)
    case 'too_big':
      return tooBig(issue)
    case 'not_multiple_of':
      return { code: 'field-too-fine', facts: { step: issue.divisor } }
    default:
      return { code: 'field-malformed' }
  }
}

function tooSmall({ origin, minimum, inclusive = true, input }: z.core.$ZodIssueTooSmall): Said {
  if (origin === 'string') return { code: 'field-empty' }
  const least = Number(minimum) + (inclusive ? 0 : 1)
  return origin === 'array' || origin === 'set'
    ? { code: 'list-too-short', facts: { least, length: lengthOf(input) } }
    : { code: 'field-too-small', facts: { least } }
}

function tooBig({ origin, maximum, input }: z.core.$ZodIssueTooBig): Said {
  const most = Number(maximum)
  if (origin === 'string') return { code: 'field-too-long', facts: { most, length: lengthOf(input) } }
  return origin === 'array' || origin === 'set'
    ? { code: 'list-too-long', facts: { most, length: lengthOf(input) } }
    : { code: 'field-too-large', facts: { most } }
}

const TYPES: Readonly<Record<string, Text>> = {
  string: { zh: '文本', en: 'a text' },
  number: { zh: '数字', en: 'a number' },
  int: { zh: '整数', en: 'a whole number' },
  boolean: { zh: '是否值（true 或 false）', en: 'true or false' },
  array: { zh: '列表', en: 'a list' },
  object: { zh: '对象', en: 'an object' },
}

/** Examples of forms that any field may have; the contract's example of the field itself wins. */
const OF_FORM: Readonly<Record<string, string>> = {
  datetime: '2025-12-06T08:52:00+08:00',
  date: '2025-12-06',
  uuid: '0198c0de-0000-7000-8000-000000000101',
}

function exampleOf(issue: Issue, example: unknown): string | undefined {
  if (example !== undefined) return typeof example === 'string' ? example : JSON.stringify(example)
  return issue.code === 'invalid_format' ? OF_FORM[issue.format] : undefined
}

function rendered(pointer: string, { code, facts = {}, words = {} }: Said): RenderedRefusal {
  const row = errorCatalogue[code] ?? { zh: code, en: code }
  const inLanguage = (language: 'zh' | 'en') => {
    const own = Object.fromEntries(Object.entries(words).map(([name, text]) => [name, text[language]]))
    const all = { ...facts, ...own }
    return fill(textFor(row, all)[language], all, language)
  }
  return { code, pointer, zh: inLanguage('zh'), en: inLanguage('en') }
}

const pointerOf = (path: readonly PropertyKey[]): string =>
  path.map((key) => `/${String(key).slice(0, 100).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')

const short = (text: string): string => (text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE)}…` : text)

/** What was sent, shortened; a text that shows nothing is quoted. */
function shown(value: unknown): string {
  if (typeof value === 'string') return value.trim() === '' ? JSON.stringify(short(value)) : short(value)
  return short(JSON.stringify(value) ?? String(value))
}

const lengthOf = (value: unknown): number => (typeof value === 'string' || Array.isArray(value) ? value.length : 0)
