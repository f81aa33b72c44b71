import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { foldBatchCode } from './identifiers.ts'
import { foldCode, foldWidth, trimUnseen, withoutBlanks } from './text.ts'

/** Blanks and invisible signs of every kind that keyboards, spreadsheets and web pages leave behind. */
const UNSEEN = [
  ' ',
  '\t',
  '\n',
  '\u00a0',
  '\u00ad',
  '\u1680',
  '\u180e',
  '\u2003',
  '\u200b',
  '\u200d',
  '\u200f',
  '\u2028',
  '\u202e',
  '\u202f',
  '\u2060',
  '\u2066',
  '\u2800',
  '\u3000',
  '\u3164',
  '\ufeff',
  '\uffa0',
  '\u0001',
  '\u{e0020}',
]
const unseen = fc.array(fc.constantFrom(...UNSEEN), { minLength: 1, maxLength: 5 }).map((signs) => signs.join(''))

describe('a text at the border', () => {
  test('of nothing that can be seen is empty', () => {
    fc.assert(
      fc.property(unseen, (blank) => {
        expect(trimUnseen(blank)).toBe('')
      }),
    )
    expect(trimUnseen('\ufe0f')).toBe('')
  })

  test('loses what cannot be seen at its ends and nothing else', () => {
    fc.assert(
      fc.property(unseen, unseen, fc.stringMatching(/^[a-z\u4e00-\u9fff](.*[a-z\u4e00-\u9fff])?$/), (a, b, inner) => {
        expect(trimUnseen(`${a}${inner}${b}`)).toBe(inner)
      }),
    )
  })

  test.each(['废 油', '甲（乙）', '葛\u{e0100}', '☎\ufe0f', '𠮷', 'é'])('%s stays as it is', (text) => {
    expect(trimUnseen(text)).toBe(text)
  })
})

describe('a code at the border', () => {
  test('has one spelling, whatever its width, blanks, hyphens and case', () => {
    expect(foldCode(' ９１３２０５９４２ｃｌ１２\u200bＴＨ３－ＢＸ\u3000')).toBe('913205942CL12TH3BX')
    expect(foldCode('91350100-M000100Y-43')).toBe('91350100M000100Y43')
  })

  test('of a batch keeps case and hyphens', () => {
    expect(foldBatchCode('ｃｓ－2025 1201\u3000０１a')).toBe('cs-2025120101a')
  })

  test('full-width forms are folded, and no circled or raised digit becomes a digit', () => {
    expect(foldWidth('ＡＢ１２．５（吨）')).toBe('AB12.5(吨)')
    expect(foldWidth('0①')).toBe('0①')
    expect(foldWidth('m²')).toBe('m²')
  })

  test('folding twice is folding once', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        for (const fold of [foldCode, foldWidth, foldBatchCode, trimUnseen, withoutBlanks])
          expect(fold(fold(text))).toBe(fold(text))
      }),
    )
  })
})
