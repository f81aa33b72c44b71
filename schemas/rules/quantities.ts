import { parseTonnes } from '../values/mass.ts'
import { rule, unbound } from './row.ts'
import { ALWAYS } from './sources.ts'

export const massWellFormed = rule('R27', {
  title: { zh: '数量大于零，至多四位小数', en: 'A mass is above zero and has at most four decimals of a tonne' },
  text: {
    zh: '数量“{value}”应为大于零的数（接受量、产物、残渣、损失可为零），单位吨，至多四位小数',
    en: 'Quantity “{value}” must be a number of tonnes above zero (accepted, product, residue and loss may be zero) with at most four decimals',
  },
  // Not a law's but a number's: it holds on every day.
  editions: [{ from: ALWAYS, source: 'HJ 1259-2022 5.5.1（吨）；实际平台精度 (15,4)；本项目约定', severity: 'BLOCK' }],
  books: 'same',
  // The schema of a command takes whole grams above zero and nothing else; a book holds text.
  asks: { ReadMass: ({ text, mayBeZero }) => ({ text, mayBeZero }) },
  check({ text, mayBeZero }: { readonly text: string; readonly mayBeZero: boolean }) {
    const mass = parseTonnes(text)
    return mass === undefined || (mass === 0 && !mayBeZero)
      ? { pointer: '', facts: { value: text.slice(0, 40) } }
      : undefined
  },
  cases: {
    ReadMass: [
      { name: { zh: '零吨的产生量', en: 'nothing was generated' }, command: { text: '0' }, expect: 'BLOCK' },
      { name: { zh: '带圈数字', en: 'a circled digit' }, command: { text: '0①' }, expect: 'BLOCK' },
      { name: { zh: '五位小数', en: 'five decimals' }, command: { text: '1.23456' }, expect: 'BLOCK' },
    ],
  },
})

export const quantityRules = [
  unbound(
    'R26',
    'HJ 1259-2022 5.5.1 e)',
    ['计量单位为吨，体积或件数注明换算', 'Masses are given in tonnes, a volume or a count with its conversion'],
    [
      '命令以克计，无从违反；账册的计量单位栏由其表单逐格检查',
      'Commands carry grams and cannot break it; the form of a book checks the cell of its unit',
    ],
  ),
  massWellFormed,
  unbound(
    'R42',
    'GB 18597-2023 4.7',
    [
      '重点单位以电子地磅称重，手工录入须有原因',
      'A key unit weighs on an electronic scale; a typed weight needs a reason',
    ],
    ['缺少的事实：称重设备编号和检定有效期', 'Missing fact: the scale’s id and the days of its verification'],
  ),
]
