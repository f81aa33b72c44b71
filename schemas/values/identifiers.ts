import { z } from 'zod'
import { foldCode, foldWidth, withoutBlanks } from './text.ts'

/** A lot's own id, unique in the park; stream `lot-<id>`. A UUID, or `pool-<unit>-<code>` for a pool of general waste. */
export const LotId = z.string().regex(/^[0-9A-Za-z][0-9A-Za-z-]{0,63}$/)
/** A manifest's own id (UUID); stream `manifest-<id>`. The official 14-digit number is given from outside (R48). */
export const ManifestId = z.uuid()
/** A treatment's own id, made of who treats and the number that they gave it; stream `treatment-<id>`. */
export const TreatmentId = z.uuid()
/** A correction's own id; stream `correction-<id>`. */
export const CorrectionId = z.uuid()

/**
 * A batch code, a record's number or a slip's number: HJ 1259-2022 annex B and 公告2021年第82号 suggest forms such as HWCS20251201001 and forbid
 * none, so letters, digits and signs of a unit's own are as good (R25 warns where a suggested form says another step or day). Visible signs
 * only, no bar, which parts codes in one cell of a book, and not one of `=+-@` first, which a spreadsheet runs as a formula. Case is kept:
 * codes that differ in it are two codes. Unique within its unit.
 */
const BATCH = /^(?![=+@-])[!-{}~\u00a1-\u1fff\u2010-\u2027\u2030-\u205e\u2070-\u2fff\u3001-\ud7ff\uf900-\ufaff]{1,64}$/
export const BatchCode = z.string().regex(BATCH)
/** A facility of a permit or of HJ 608: MF#### production, TS### treatment or storage. */
export const FacilityCode = z.string().regex(/^[A-Z]{2}[0-9]{3,6}$/)
/** HJ 1276-2022 数字识别码: unit 18 + waste code 8 + day 8 + serial 3. */
const LABEL = /^[0-9A-HJ-NPQRTUWXY]{18}\d{8}20\d{6}\d{3}$/
export const LabelCode = z.string().regex(LABEL)
export type LabelCode = string

/** A batch code in its one spelling: half width and without blanks; letters keep their case. */
export const foldBatchCode = (text: string): string => (/^[!-{}~]*$/.test(text) ? text : withoutBlanks(foldWidth(text)))

/** The same codes as they come in, in their one spelling. */
export const GivenBatchCode = z.string().overwrite(foldBatchCode).regex(BATCH, { error: 'not-a-batch-code' })
export const GivenFacilityCode = z
  .string()
  .overwrite(foldCode)
  .regex(/^[A-Z]{2}[0-9]{3,6}$/, { error: 'not-a-facility-code' })
export const GivenLabelCode = z.string().overwrite(foldCode).regex(LABEL, { error: 'not-a-label' })

export const lotStream = (lot: string): string => `lot-${lot}`
export const manifestStream = (manifest: string): string => `manifest-${manifest}`
export const treatmentStream = (treatment: string): string => `treatment-${treatment}`
/** The treatment of a stream that is one's. */
export const treatmentOf = (stream: string): string => stream.slice('treatment-'.length)
export const correctionStream = (correction: string): string => `correction-${correction}`
export const unitStream = (unit: string): string => `unit-${unit}`
export const planStream = (unit: string, year: number): string => `plan-${unit}-${year}`
/** A finding of a timer or a projection about one thing, or about a part of it. */
export const findingStream = ({
  rule,
  subject,
  part,
}: {
  rule: string
  subject: string
  part?: string | undefined
}): string => `finding-${rule}-${subject}${part === undefined ? '' : `.${part}`}`
export const outageStream = (id: string): string => `outage-${id}`
export const caseStream = (id: string): string => `case-${id}`
/** A command that waits for an official. */
export const holdStream = (id: string): string => `hold-${id}`
/** A name that only one thing may bear: a label, a manifest's number, a record's number. */
export const claimStream = (kind: string, name: string): string => `claim-${kind}-${name}`
/** Loads of a day that one vehicle brought, of one code and mass. */
export const loadStream = (plate: string, code: string, grams: number, day: string): string =>
  claimStream('load', `${plate}-${code}-${grams}-${day}`)

/** The pool of one unit's general waste of one code (公告2021年第82号 keeps books by code, not by package). */
export const poolId = (unit: string, code: string): string => `pool-${unit}-${code}`
