import { z } from 'zod'
import { UnitCode } from './unit-code.ts'

/**
 * Where mass can be: a kind of account, who holds it, where, and under which document. The kinds are the accounts of the
 * journal (design: one journal of mass). `refused` lies in the stage of transport: with a carrier, awaiting its return.
 *
 * - generation, classification: `place` is the facility that generated it (MF####, TS###)
 * - collection: `place` is the store; `document` the store-out batch once it is staged for pickup
 * - transport, refused: `place` is the vehicle's plate; `document` is `<manifest id>#<line>`
 * - disposal: `place` is `received` until it is put into a store of the receiver, and then that store; `document` is `<manifest id>#<line>`
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

/** Whether it is that place; any, where none is named. */
export const isAt = (place: Place, named: Place | undefined): boolean =>
  named === undefined || accountKey(place) === accountKey(named)

/** One string for one account of one lot; parts hold no bar, because codes and plates do not. */
export const accountKey = ({ at, holder, place, document }: Place): string =>
  `${at}|${holder}|${place}|${document ?? ''}`

export const lineDocument = (manifest: string, line: number): string => `${manifest}#${line}`
/** The manifest of a line's document. */
export const manifestOfDocument = (document: string): string => document.slice(0, document.lastIndexOf('#'))
/** The line under which mass lies with a carrier or a receiver; undefined of mass that lies under no manifest. */
export function lineOf({ at, document }: Place): { readonly manifest: string; readonly line: number } | undefined {
  if (document === undefined || at === 'generation' || at === 'classification' || at === 'collection') return undefined
  const hash = document.lastIndexOf('#')
  const line = Number(document.slice(hash + 1))
  return hash < 0 || !Number.isSafeInteger(line) ? undefined : { manifest: document.slice(0, hash), line }
}

/** Where a receiver has what it accepted, before it is put into a store and after it is taken out again. */
export const RECEIVED = 'received'
/** Whether it lies in a store of its receiver. */
export const inReceiversStore = ({ at, place }: Place): boolean =>
  at === 'disposal' && /^[A-Z]{2}[0-9]{3,6}$/.test(place)
