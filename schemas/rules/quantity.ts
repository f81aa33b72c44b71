import type { Finding } from '../decision.ts'
import { parseTonnes, type Grams } from '../values/mass.ts'
import type { Day } from '../values/time.ts'
import { judge, type Rule } from './rule.ts'

interface UnitFacts {
  /** 计量单位 as the book has it. */
  readonly unit: string
  /** How a volume or a number of pieces was turned into tonnes, where the unit is not 吨. */
  readonly conversion?: string | undefined
  readonly pointer: string
}

export const weighedInTonnes: Rule<UnitFacts> = {
  id: 'R26',
  severity: 'BLOCK',
  source: 'HJ 1259-2022 5.5.1 e)',
  effective: { from: '2022-10-01' },
  zh: '计量单位应为吨（现为“{unit}”）；以体积或件数计的须注明换算',
  en: 'The unit must be tonnes (it is “{unit}”); a volume or a count needs its conversion',
  check: ({ unit, conversion, pointer }) =>
    unit === '吨' || unit === 't' || (unit !== '' && conversion) ? undefined : { pointer, facts: { unit } },
}

/** R26: whether a quantity of hazardous waste is given in tonnes, or says how it was turned into them. */
export const unitOfMeasureFindings = (
  quantity: Omit<UnitFacts, 'pointer'>,
  day: Day,
  pointer: string,
): readonly Finding[] => judge(weighedInTonnes, { ...quantity, pointer }, day)

interface MassFacts {
  /** Tonnes as written. */
  readonly text: string
  /** True for what may be nothing: an accepted mass, a product, a residue, a loss (readings R27). */
  readonly mayBeZero: boolean
  readonly pointer: string
}

export const massWellFormed: Rule<MassFacts> = {
  id: 'R27',
  severity: 'BLOCK',
  source: 'HJ 1259-2022 5.5.1（吨）；实际平台精度 (15,4)；本项目约定',
  // Not a law's but a number's: it holds on every day.
  effective: { from: '0001-01-01' },
  zh: '数量“{value}”应为大于零的数（接受量、产物、残渣、损失可为零），单位吨，至多四位小数',
  en: 'Quantity “{value}” must be a number of tonnes above zero (accepted, product, residue and loss may be zero) with at most four decimals',
  check({ text, mayBeZero, pointer }) {
    const mass = parseTonnes(text)
    return mass === undefined || (mass === 0 && !mayBeZero)
      ? { pointer, facts: { value: text.slice(0, 40) } }
      : undefined
  },
}

/** A mass read from a book: grams, or why it is none. */
export type ReadMass = { readonly grams: Grams } | { readonly findings: readonly Finding[] }

/** R27: reads tonnes as books print them, exactly. */
export function readTonnes(text: string, day: Day, pointer: string, { mayBeZero = false } = {}): ReadMass {
  const findings = judge(massWellFormed, { text, mayBeZero, pointer }, day)
  const mass = parseTonnes(text)
  return findings.length === 0 && mass !== undefined ? { grams: mass } : { findings }
}
