import { z } from 'zod'

/** A lot's own id, unique in the park; stream `lot-<id>`. A UUID, or `pool-<unit>-<code>` for a pool of general waste. */
export const LotId = z.string().regex(/^[0-9A-Za-z][0-9A-Za-z-]{0,63}$/)
/** A manifest's own id (UUID); stream `manifest-<id>`. The official 14-digit number is given from outside (R48). */
export const ManifestId = z.uuid()

/** A batch code of HJ 1259-2022 annex B or 公告2021年第82号, e.g. HWCS20251201001: unique within its unit. */
export const BatchCode = z.string().regex(/^[A-Z]{2,8}[0-9]{8}[0-9A-Za-z-]{1,16}$/)
/** A facility of a permit or of HJ 608: MF#### production, TS### treatment or storage. */
export const FacilityCode = z.string().regex(/^[A-Z]{2}[0-9]{3,6}$/)
/** 车牌: one province sign, a letter, five or six letters or digits (七位, 新能源八位); trailers and others up to eight. */
export const Plate = z.string().regex(/^\p{Script=Han}[A-Z][A-Z0-9]{4,5}[A-Z0-9\p{Script=Han}]$/u)
/** HJ 1276-2022 数字识别码: unit 18 + waste code 8 + day 8 + serial 3. */
export const LabelCode = z.string().regex(/^[0-9A-HJ-NPQRTUWXY]{18}\d{8}20\d{6}\d{3}$/)
export type LabelCode = string

export const lotStream = (lot: string): string => `lot-${lot}`
export const manifestStream = (manifest: string): string => `manifest-${manifest}`
export const unitStream = (unit: string): string => `unit-${unit}`
export const planStream = (unit: string, year: number): string => `plan-${unit}-${year}`
/** A name that only one thing may bear: a label, a manifest's number, a record's number. */
export const claimStream = (kind: string, name: string): string => `claim-${kind}-${name}`

/** The pool of one unit's general waste of one code (公告2021年第82号 keeps books by code, not by package). */
export const poolId = (unit: string, code: string): string => `pool-${unit}-${code}`
