/**
 * The official number of a 危险废物转移联单 (令第23号 第十五条): year, province and prefecture-level city of the consignor, and a serial that
 * the national system counts a city. The park stores the number that it is given and never makes one.
 */
export interface ManifestNumber {
  readonly year: number
  /** Four digits of GB/T 2260: province and city, 3205 for 苏州. */
  readonly division: string
  readonly serial: number
}

const FORM = /^(20\d{2})(\d{4})(\d{6})$/

/** `undefined` where the text is no such number; whose city and which year it must name is rule R48's. */
export function parseManifestNumber(text: string): ManifestNumber | undefined {
  const match = FORM.exec(text)
  if (!match) return undefined
  const [, year, division = '', serial] = match
  return { year: Number(year), division, serial: Number(serial) }
}
