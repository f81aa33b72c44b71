import type { Facts } from '../../../schemas/decision.ts'
import type { ColumnType } from '../../../schemas/forms/form.ts'
import { HAZARD_SIGNS, HAZARDS } from '../../../schemas/forms/words.ts'
import { law } from '../../../schemas/rules/law.ts'
import type { RuleId } from '../../../schemas/rules/row.ts'
import { BatchCode, FacilityCode, foldBatchCode, LabelCode } from '../../../schemas/values/identifiers.ts'
import { parseTonnes } from '../../../schemas/values/mass.ts'
import { foldPlate, isPlate } from '../../../schemas/values/plate.ts'
import { foldCode, foldWidth, trimUnseen } from '../../../schemas/values/text.ts'
import { Day, Moment, NEWEST_LAW } from '../../../schemas/values/time.ts'
import { creditCodeFault, UnitCode } from '../../../schemas/values/unit-code.ts'
import type { importErrors } from '../../../schemas/texts/errors/import.ts'
import {
  becameNumber,
  readAsText,
  readDay,
  readMass,
  readMoment,
  readPercent,
  readWhole,
  readYear,
  showsAsNumber,
  type Reading,
  type SpreadsheetCode,
} from './spreadsheet.ts'

/** What is wrong with one cell. */
export interface Trouble {
  readonly code: keyof typeof importErrors | 'rule-broken' | 'facility-unknown' | 'moisture-missing'
  readonly rule?: RuleId
  readonly facts: Facts
}

/** How a column's cells are written. `fold`: digits and letters are brought to half width before they are read; free text is left as it is. */
export interface Kind {
  readonly fold: boolean
  /** The rule that an empty cell breaks, where its column names none. */
  readonly rule?: RuleId
  /** Brings a code to its one spelling, as every other door does. */
  readonly spell?: (text: string) => string
  check(text: string): Trouble | undefined
  /** The one spelling of a value that may be written in several: rows are known again by their text. */
  plain?(text: string): string
  /** What a spreadsheet may have made of such a cell, read back; asked where the cell does not pass. */
  lenient?(text: string): Reading | undefined
}

const matching = (
  schema: { safeParse(value: unknown): { success: boolean } },
  code: Trouble['code'],
  rule?: RuleId,
): Kind => ({
  fold: true,
  ...(rule ? { rule } : {}),
  check: (value) =>
    schema.safeParse(value).success ? undefined : { code, ...(rule ? { rule } : {}), facts: { value } },
})

const DECIMALS = /^\d+\.\d+$/
const IDLE_ZEROS = /\.?0+$/

const tonnes = (zero: boolean): Kind => ({
  fold: true,
  rule: 'R27',
  plain: (text) => (text.endsWith('0') && DECIMALS.test(text) ? text.replace(IDLE_ZEROS, '') : text),
  lenient: (text) => readMass(text, 't'),
  check(value) {
    const [broken] = law.ask('ReadMass', { text: value, mayBeZero: zero, day: NEWEST_LAW })
    if (!broken) return undefined
    const { rule } = broken
    return parseTonnes(value) === undefined
      ? { code: 'not-a-mass', rule, facts: { value } }
      : { code: 'mass-not-positive', rule, facts: {} }
  },
})

const short = (limit: number, fold: boolean): Kind => ({
  fold,
  check: (value) => (value.length > limit ? { code: 'cell-too-long', facts: { limit } } : undefined),
})

const pattern = (form: RegExp, code: Trouble['code'], rule?: RuleId): Kind => ({
  fold: true,
  ...(rule ? { rule } : {}),
  check: (value) => (form.test(value) ? undefined : { code, ...(rule ? { rule } : {}), facts: { value } }),
})

/** Words of a form that stand for values of ours; several where `many`, with a bar between. */
export function choice(
  words: Readonly<Record<string, unknown>>,
  options: { readonly many?: boolean; readonly rule?: RuleId } = {},
): Kind {
  const choices = Object.keys(words).join(' / ')
  return {
    fold: true,
    check(value) {
      const strange = (options.many ? value.split('|') : [value]).find((word) => !Object.hasOwn(words, word.trim()))
      return strange === undefined
        ? undefined
        : { code: 'not-in-list', ...(options.rule ? { rule: options.rule } : {}), facts: { value: strange, choices } }
    },
  }
}

/** A code of digits and letters; where a spreadsheet has made a number of it, that is what is said, under the same rule. */
const coded = (kind: Kind): Kind => ({
  ...kind,
  check(value) {
    const trouble = kind.check(value)
    if (!(trouble === undefined ? showsAsNumber(value) : becameNumber(value))) return trouble
    return { code: 'code-became-number', ...(kind.rule ? { rule: kind.rule } : {}), facts: { value } }
  },
})

const batch = coded({ ...matching(BatchCode, 'not-a-batch-code', 'R25'), spell: foldBatchCode })

/** A unit that is named: its check digit is judged here, so that the row with the slip is the one that is reported (R01). */
const namedUnit: Kind = {
  fold: true,
  spell: foldCode,
  rule: 'R01',
  check(value) {
    if (!UnitCode.safeParse(value).success) return { code: 'not-a-unit-code', rule: 'R01', facts: { value } }
    switch (creditCodeFault(value)) {
      case undefined:
      case 'organisation-check':
        return undefined
      case 'credit-code-department':
        return { code: 'not-a-department', rule: 'R01', facts: { value } }
      default:
        return { code: 'check-digit', rule: 'R01', facts: { value } }
    }
  },
}

const hazards: Kind = {
  fold: true,
  check(value) {
    const strange = value.split(HAZARD_SIGNS).find((part) => !HAZARDS.includes(part))
    return strange === undefined
      ? undefined
      : { code: 'not-in-list', rule: 'R53', facts: { value: strange, choices: HAZARDS.join(' / ') } }
  },
}

export const kinds = {
  text: short(500, false),
  name: short(200, false),
  person: short(64, false),
  phone: coded(short(32, true)),
  code: short(16, true),
  codes: short(2000, true),
  number: coded(short(64, true)),
  unit: coded(namedUnit),
  batch,
  batches: {
    fold: true,
    spell: foldBatchCode,
    check(value: string): Trouble | undefined {
      for (const code of value.split('|')) {
        const trouble = batch.check(code.trim())
        if (trouble) return trouble
      }
      return undefined
    },
  },
  facility: matching(FacilityCode, 'not-a-facility-code'),
  plate: {
    fold: true,
    spell: foldPlate,
    check: (value: string): Trouble | undefined =>
      isPlate(value) ? undefined : { code: 'not-a-plate', facts: { value } },
  },
  label: coded({ ...matching(LabelCode, 'not-a-label', 'R31'), spell: foldCode }),
  manifestNumber: coded(pattern(/^\d{14}$/, 'not-a-manifest-number', 'R48')),
  tonnes: tonnes(false),
  tonnesOrNone: tonnes(true),
  whole: { ...pattern(/^[1-9]\d{0,8}$/, 'not-a-whole-number'), lenient: readWhole },
  kilograms: {
    ...pattern(/^[1-9]\d{0,8}$/, 'not-a-whole-number', 'R27'),
    lenient: (text: string) => readMass(text, 'kg'),
  },
  percent: { ...pattern(/^(100(\.0{1,2})?|\d{1,2}(\.\d{1,2})?)$/, 'not-a-percentage'), lenient: readPercent },
  moment: { ...matching(Moment, 'not-a-moment'), lenient: readMoment },
  day: { ...matching(Day, 'not-a-day'), lenient: readDay },
  year: { ...pattern(/^20\d\d$/, 'not-a-whole-number'), lenient: readYear },
  hazards,
} as const satisfies Readonly<Record<ColumnType, Kind>>

/** A cell as it will be read, what was done to it, and what is wrong with it. */
export interface Cell {
  readonly text: string
  readonly done: readonly Trouble[]
  /** The ways of a spreadsheet that it was read in. */
  readonly ways: readonly SpreadsheetCode[]
  readonly wrong: Trouble | undefined
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/
// What can be folded is a code, a number or a word of a list: no line break, and nothing that cannot be seen.
const UNSEEN = /[\p{Cc}\p{Cf}]/u

/** Reads a cell as its column is written. An empty one is neither right nor wrong here: that is its column's to say. */
export function readCell(raw: string, kind: Kind): Cell {
  const trimmed = trimUnseen(raw)
  const folded = kind.fold ? foldWidth(trimmed) : trimmed
  const text = kind.spell?.(folded) ?? folded
  const done = text === raw ? NOTHING : tidied(raw, trimmed, folded, text)
  if (text === '') return { text, done, ways: NOTHING, wrong: undefined }
  if (CONTROL.test(raw) || (kind.fold && UNSEEN.test(text))) return { text, done, ways: NOTHING, wrong: CONTROLLED }
  const plain = kind.plain ? kind.plain(text) : text
  const wrong = kind.check(plain)
  const first = text.charCodeAt(0)
  const wrapped = first === EQUALS || (kind.fold && QUOTES.has(first))
  return wrong === undefined && !wrapped
    ? { text: plain, done, ways: NOTHING, wrong }
    : lenient(plain, kind, done, wrong)
}

const EQUALS = 0x3d
const QUOTES = new Set([0x27, 0x2018, 0x2019])

/** The cell as a spreadsheet may have meant it, where that passes; otherwise as it is. */
function lenient(text: string, kind: Kind, done: readonly Trouble[], wrong: Trouble | undefined): Cell {
  const unwrapped = readAsText(text)
  const inner = unwrapped === undefined ? text : (kind.spell?.(unwrapped.text) ?? unwrapped.text)
  if (inner === '') return { text: inner, done, ways: unwrapped ? [unwrapped.code] : NOTHING, wrong: undefined }
  const within = unwrapped ? kind.check(inner) : wrong
  const read = within && kind.lenient?.(inner)
  const plain = read && kind.plain ? kind.plain(read.text) : read?.text
  const ways = [unwrapped, read].flatMap((way) => way?.code ?? [])
  if (within === undefined) return { text: inner, done, ways, wrong: undefined }
  if (plain !== undefined && kind.check(plain) === undefined) return { text: plain, done, ways, wrong: undefined }
  return { text, done, ways: NOTHING, wrong: unwrapped ? within : wrong }
}

function tidied(raw: string, trimmed: string, folded: string, text: string): readonly Trouble[] {
  const done: Trouble[] = []
  if (trimmed !== raw) done.push({ code: 'spaces-trimmed', facts: {} })
  if (folded !== trimmed) done.push({ code: 'full-width', facts: { value: trimmed, read: folded } })
  if (text !== folded) done.push({ code: 'spelled', facts: { value: folded, read: text } })
  return done
}

const NOTHING: readonly never[] = []
const CONTROLLED: Trouble = { code: 'control-character', facts: {} }
