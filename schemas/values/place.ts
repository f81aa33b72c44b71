import { z } from 'zod'
import { UnitCode } from './unit-code.ts'

/**
 * Where mass can be: a kind of account, who holds it, where, and under which document. The kinds are the accounts of the
 * journal (design: one journal of mass). `refused` lies in the stage of transport: with a carrier, awaiting its return.
 *
 * - generation, classification: `place` is the facility that generated it (MF####, TS###)
 * - collection: `place` is the store; `document` the store-out batch once it is staged for pickup
 * - transport, refused: `place` is the vehicle's plate; `document` is `<manifest id>#<line>`
 * - disposal: `place` is the receiving facility; `document` is `<manifest id>#<line>`
 */
export const PLACE_KINDS = ['generation', 'classification', 'collection', 'transport', 'refused', 'disposal'] as const
export const Place = z.strictObject({
  at: z.enum(PLACE_KINDS),
  holder: UnitCode,
  place: z.string().max(64),
  document: z.string().max(128).optional(),
})
export type Place = z.infer<typeof Place>
export type PlaceKind = Place['at']

/** One string for one account of one lot; parts hold no bar, because codes and plates do not. */
export const accountKey = ({ at, holder, place, document }: Place): string =>
  `${at}|${holder}|${place}|${document ?? ''}`

export const lineDocument = (manifest: string, line: number): string => `${manifest}#${line}`
/** The manifest of a line's document. */
export const manifestOfDocument = (document: string): string => document.slice(0, document.lastIndexOf('#'))
