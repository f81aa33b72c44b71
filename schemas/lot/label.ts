import type { Lot } from './state.ts'

/** Serials of one unit, code and day: 001 to 999 (HJ 1276-2022 废物顺序编码, three digits). */
export const LABEL_SERIALS = 999

/** The first 34 of the 37 characters of a lot's label: unit, waste code, generation day. */
export const labelStem = ({ origin, waste, bornOn }: Lot): string => `${origin?.unit ?? ''}${digits(waste?.code)}${digits(bornOn)}`

const digits = (text: string | undefined): string => (text ?? '').replaceAll('-', '')

export const labelWith = (stem: string, serial: number): string => `${stem}${String(serial).padStart(3, '0')}`
