import { stemOf } from '../values/label-code.ts'
import type { Lot } from './state.ts'

/** The first 34 of the 37 characters of a lot's label (HJ 1276-2022): unit, waste code, generation day. Rule R31 judges what comes out. */
export const labelStem = ({ origin, waste, bornOn }: Lot): string =>
  stemOf(origin?.unit ?? '', waste?.code ?? '', bornOn)
