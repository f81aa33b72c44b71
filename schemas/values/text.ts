/**
 * Spellings of text at the border. Only full-width forms are folded (U+FF01-FF5E and U+3000), never NFKC: NFKC also makes digits of `①`
 * and `²`, and a mass of `0①` t became 1 t here.
 */

const WIDE = /[\uff01-\uff5e\u3000]/
const ALL_WIDE = /[\uff01-\uff5e\u3000]/g
const WIDTH = 0xff01 - 0x21

/** Full-width letters, digits, signs and blanks in their half-width form; everything else stays. */
export function foldWidth(text: string): string {
  if (!WIDE.test(text)) return text
  return text.replace(ALL_WIDE, (sign) => (sign === '\u3000' ? ' ' : String.fromCharCode(sign.charCodeAt(0) - WIDTH)))
}

// White space, what Unicode calls default-ignorable (zero-width signs, joiners, direction marks, fillers, BOM), control characters, and the
// blank of Braille. Variation selectors are ignorable, too, but one behind a sign chooses its glyph (a name may need it), so they stay there.
const VARIATION = '\\ufe00-\\ufe0f\\u{e0100}-\\u{e01ef}'
const UNSEEN = '[\\p{White_Space}\\p{Default_Ignorable_Code_Point}\\p{Cc}\\u2800]'
const AT_START = new RegExp(`^${UNSEEN}+`, 'u')
const AT_END = new RegExp(`(?:(?![${VARIATION}])${UNSEEN})+$`, 'u')
// A control character within a code is no slip of a hand: it stays, and the code's form refuses it.
const BLANKS = /[\p{White_Space}\p{Default_Ignorable_Code_Point}\u2800]/gu

/** Printable ASCII and the Han of daily use, of which most texts are made: one of these at each end, and there is nothing to trim. */
const plain = (unit: number): boolean => (unit > 0x20 && unit < 0x7f) || (unit >= 0x4e00 && unit <= 0x9fff)

/** The text without blanks and invisible signs at its ends; empty where nothing of it can be seen. */
export function trimUnseen(text: string): string {
  if (text === '' || (plain(text.charCodeAt(0)) && plain(text.charCodeAt(text.length - 1)))) return text
  return text.replace(AT_START, '').replace(AT_END, '')
}

/** The text without any blank or invisible sign, at its ends or between. */
export const withoutBlanks = (text: string): string => text.replace(BLANKS, '')

const ASCII_CODE = /^[0-9A-Z]*$/
const HYPHENS = /[-\u2010-\u2015\u2212\ufe63]/g

/** A code of digits and capital letters in its one spelling: half width, without blanks and hyphens, upper case. */
export function foldCode(text: string): string {
  return ASCII_CODE.test(text) ? text : withoutBlanks(foldWidth(text)).replace(HYPHENS, '').toUpperCase()
}
