/** One row of a code list. What else a row says (category, kind, condition, …) stands beside the three, by the names of its data file. */
export interface CodeEntry {
  readonly code: string
  readonly zh: string
  readonly en?: string
  readonly [detail: string]: unknown
}

/** A list as it holds between two days. Once published it is never changed. */
export interface CodeListEdition {
  readonly edition: string
  /** First and last day in force (Asia/Shanghai); without a last day it is in force until the next edition. */
  readonly from: string
  readonly to?: string
  readonly source: string
  /** False where our copy lacks rows of the official table. */
  readonly complete: boolean
  readonly entries: readonly CodeEntry[]
}

export interface CodeList {
  readonly name: string
  readonly zh: string
  readonly en: string
  /** Oldest first. */
  readonly editions: readonly [CodeListEdition, ...CodeListEdition[]]
}

/** The edition of that name; without a name the one in force on the day, else the nearest: the newest begun by then, or the oldest. */
export function editionOf(
  { editions }: CodeList,
  edition: string | undefined,
  day: string,
): CodeListEdition | undefined {
  if (edition !== undefined) return editions.find((one) => one.edition === edition)
  return editions.findLast(({ from }) => from <= day) ?? editions[0]
}

/**
 * The rows that hold every word of the search, in code or text: first those whose code begins with it, each part in the order of the list. Case, full width and repeated blanks make no difference;
 * without a word: all rows.
 */
export function searched({ entries }: CodeListEdition, search: string | undefined): readonly CodeEntry[] {
  const words = folded(search ?? '')
    .split(' ')
    .filter((word) => word !== '')
  if (words.length === 0) return entries
  const found = entries.filter((entry) => {
    const text = textOf(entry)
    return words.every((word) => text.includes(word))
  })
  const byCode = ({ code }: CodeEntry): boolean => folded(code).startsWith(words[0] ?? '')
  return [...found.filter(byCode), ...found.filter((entry) => !byCode(entry))]
}

// Full width only (U+FF01-FF5E, U+3000): NFKC would make digits of circled numbers.
const folded = (text: string): string =>
  text
    .replace(/[\uff01-\uff5e]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
    .replace(/[\s\u3000]+/g, ' ')
    .toLowerCase()

const texts = new WeakMap<CodeEntry, string>()

/** Everything that a row says, folded; made when the row is first searched. */
function textOf(entry: CodeEntry): string {
  const known = texts.get(entry)
  if (known !== undefined) return known
  const text = folded(
    Object.values(entry)
      .flat()
      .filter((value) => typeof value === 'string')
      .join('\n'),
  )
  texts.set(entry, text)
  return text
}
