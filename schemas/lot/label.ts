import type { Lot } from './state.ts'

const digits = (text: string | undefined): string => (text ?? '').replaceAll('-', '')

/** The first 34 of the 37 characters of a lot's label (HJ 1276-2022): unit, waste code, generation day. Rule R31 judges what comes out. */
export const labelStem = ({ origin, waste, bornOn }: Lot): string => `${origin?.unit ?? ''}${digits(waste?.code)}${digits(bornOn)}`

/** The label of the n-th package of one unit, code and day. */
export const labelWith = (stem: string, serial: number): string => `${stem}${String(serial).padStart(3, '0')}`
