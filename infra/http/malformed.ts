import { z } from 'zod'
import { errorCatalogue } from '../../schemas/texts/errors/catalogue.ts'
import { renderRefusal, type RenderedRefusal } from '../../schemas/texts/render.ts'
import type { Trouble } from './problem.ts'

const zh = z.locales.zhCN().localeError
const en = z.locales.en().localeError

const MAX_ERRORS = 20
// A message repeats keys that were sent; nobody needs more of a key than this to find it.
const MAX_TEXT = 300
const MAX_VALUE = 40

type Issue = z.core.$ZodIssue
type RawIssue = Parameters<typeof en>[0]

/** Parses with what the messages need to say what was found instead. Never throws for bad input. */
export const read = <T>(schema: z.ZodType<T>, value: unknown) => schema.safeParse(value, { reportInput: true })

/** A schema's verdict as a problem: one error for each field, in both languages. */
export const malformedFields = (issues: readonly Issue[]): Trouble => ({
  code: 'malformed',
  errors: issues.slice(0, MAX_ERRORS).map(fieldError),
})

function fieldError(issue: Issue): RenderedRefusal {
  const path = issue.path
    .map((key) => `/${String(key).slice(0, 100).replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('')
  // A regular expression explains nothing, and what is not there has no type to speak of: these two have words of their own.
  if (issue.code === 'invalid_type' && issue.input === undefined)
    return renderRefusal({ code: 'field-missing', pointer: path, facts: {} })
  // A form with words of its own names them by their code in the catalogue (`not-a-plate`), with what was sent instead.
  if (Object.hasOwn(errorCatalogue, issue.message))
    return renderRefusal({
      code: issue.message,
      pointer: path,
      facts: { value: String(issue.input).slice(0, MAX_VALUE) },
    })
  if (issue.code === 'invalid_format' && issue.format === 'regex')
    return renderRefusal({ code: 'field-format', pointer: path, facts: {} })
  return { code: 'field-malformed', pointer: path, zh: text(zh, issue), en: text(en, issue) }
}

function text(locale: typeof en, issue: Issue): string {
  const message = locale(issue as RawIssue)
  const said = (typeof message === 'string' ? message : message?.message) ?? issue.message
  return said.length > MAX_TEXT ? `${said.slice(0, MAX_TEXT)}…` : said
}
