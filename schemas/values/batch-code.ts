import { Day } from './time.ts'

/** Links of the chain of HJ 1259-2022 annex B (hazardous) and of 公告2021年第82号 (general industrial waste), by the letters of their batch codes. */
const PREFIXES = {
  // 出口 HWCKLY and HWCKCZ begin like 出库 HWCK: the longer ones come first, so that none is read as the shorter.
  HWZXLY: 'own-recovery',
  HWZXCZ: 'own-disposal',
  HWWWLY: 'contracted-recovery',
  HWWWCZ: 'contracted-disposal',
  HWCKLY: 'exported-recovery',
  HWCKCZ: 'exported-disposal',
  HWCS: 'generation',
  HWRK: 'store-in',
  HWCK: 'store-out',
  CS: 'general-generation',
  ZC: 'general-storage',
  CC: 'general-out',
  JS: 'general-own-recovery-in',
  YC: 'general-product-out',
  CZ: 'general-own-disposal',
} as const

export type BatchKind = (typeof PREFIXES)[keyof typeof PREFIXES]

export interface Batch {
  readonly kind: BatchKind
  readonly day: Day
  /** 1 to 999, unique in its unit and on its day only. */
  readonly serial: number
}

const FORM = new RegExp(`^(${Object.keys(PREFIXES).join('|')})(\\d{4})(\\d{2})(\\d{2})(\\d{3})$`)
const LETTERS = new Map(Object.entries(PREFIXES).map(([letters, kind]) => [kind, letters]))

/**
 * Reads a batch code such as `HWCS20251201001`, in letters of either case; `undefined` for codes of another making, which are as lawful: the
 * standard suggests its forms (可采用) and asks for none.
 */
export function parseBatchCode(text: string): Batch | undefined {
  const match = FORM.exec(text.toUpperCase())
  if (!match) return undefined
  const [, letters, year, month, date, serial] = match
  const day = `${year}-${month}-${date}`
  if (!Day.safeParse(day).success || Number(serial) === 0) return undefined
  return { kind: PREFIXES[letters as keyof typeof PREFIXES], day, serial: Number(serial) }
}

/** @throws RangeError where the serial is none of 1 to 999 or the day none of the calendar. */
export function composeBatchCode({ kind, day, serial }: Batch): string {
  const text = `${LETTERS.get(kind)}${day.replaceAll('-', '')}${String(serial).padStart(3, '0')}`
  if (parseBatchCode(text)?.kind !== kind) throw new RangeError(`not the parts of a batch code: ${text}`)
  return text
}
