import { z } from 'zod'
import { foldCode } from './text.ts'

/** Short names of the provinces, which a plate begins with. */
const PROVINCE = '[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]'
// I and O are never issued: they look like 1 and 0.
const LETTER = '[A-HJ-NP-Z]'
const SIGN = '[0-9A-HJ-NP-Z]'

/** The kinds of plate (GA 36-2018, GA/T 1575): each has a length of its own. */
const KINDS = [
  // 苏E12345; 挂 trailer, 学 driving school, 警 police, 港 澳 of vehicles from there, 使 领 embassies and consulates.
  `${PROVINCE}${LETTER}${SIGN}{4}[0-9A-HJ-NP-Z挂学警港澳使领]`,
  // 新能源: small ones 苏ED12345, with a letter first, large ones 苏E12345D, with a letter last.
  `${PROVINCE}${LETTER}(?:[A-HJ-K]${SIGN}\\d{4}|\\d{5}[A-HJ-K])`,
  // 使馆: 使014578 or 224578使.
  '(?:使\\d{6}|\\d{6}使)',
  // 武警: WJ苏1234X since 2012, WJ0112345 before.
  `WJ(?:${PROVINCE}?\\d{4}[0-9A-HJ-NP-Z]|\\d{6}[0-9A-Z])`,
]
const PLATE = new RegExp(`^(?:${KINDS.join('|')})$`)
const TRAILER = new RegExp(`^${PROVINCE}${LETTER}${SIGN}{4}挂$`)

// Between letter and number stands a dot, of whatever sign the keyboard has for it.
const DOTS = /[·•‧・･∙⋅.．]/g

/** A plate in its one spelling: `苏E·12345`, `苏e12345`, full width and with blanks are all 苏E12345. */
export const foldPlate = (text: string): string => (PLATE.test(text) ? text : foldCode(text).replace(DOTS, ''))

/** Whether a text in its one spelling is a plate that could be issued. */
export const isPlate = (text: string): boolean => PLATE.test(text)

/** 车牌 at the border, in its one spelling. */
export const Plate = z.string().overwrite(foldPlate).regex(PLATE, { error: 'not-a-plate' })

/** 挂车号牌: of a trailer beside its tractor. */
export const TrailerPlate = z.string().overwrite(foldPlate).regex(TRAILER, { error: 'not-a-trailer-plate' })

/** A plate as events hold it. Wider than at the border, because what was recorded under an earlier reading still stands. */
export const RecordedPlate = z.string().min(1).max(16)
