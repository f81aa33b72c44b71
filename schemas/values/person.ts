import { z } from 'zod'
import { foldWidth, trimUnseen, withoutBlanks } from './text.ts'

/**
 * A person in an event: an opaque id and a text that only the key of that person opens. Names and phones of drivers and
 * handlers never stand in events in clear, so that a person can be erased while hashes and totals stand (PIPL art 47).
 */
export const SealedPerson = z.strictObject({ id: z.string().max(64), sealed: z.string().max(1024) })
export type SealedPerson = z.infer<typeof SealedPerson>

/** A person as a command names them. Sealed before anything is decided; see infra/personal-data. */
export const Person = z.strictObject({
  name: z.string().overwrite(trimUnseen).min(1).max(64),
  phone: z.string().overwrite(trimUnseen).max(32).optional(),
})
export type Person = z.infer<typeof Person>

// The dot within names such as 买买提·艾力, of whatever sign the keyboard has for it.
const DOTS = /[•‧・･∙⋅.]/g
const HAN = /^[\u4e00-\u9fff]+$/
const MOBILE = /^1\d{10}$/
const SEPARATORS = /[-\u2010-\u2015\u2212()/.·_]/g

/** The name that distinguishes persons: composed, half width, without blanks, lower case. What was typed is kept for showing. */
export const normalName = (name: string): string =>
  HAN.test(name)
    ? name
    : withoutBlanks(foldWidth(name.normalize('NFC')))
        .replace(DOTS, '·')
        .toLowerCase()

/** The number that distinguishes persons: `138 0000 0003`, `+86 138-0000-0003` and `008613800000003` are 13800000003. */
export function normalPhone(phone: string): string {
  if (phone === '' || MOBILE.test(phone)) return phone
  const bare = withoutBlanks(foldWidth(phone)).replace(SEPARATORS, '').toLowerCase()
  const national = bare.replace(/^(?:\+|00)86/, '')
  if (national !== bare) return national
  return bare.replace(/^86(?=1\d{10}$)/, '').replace(/^00(?=[1-9])/, '+')
}

/** A command with the person in one of its fields sealed: what deciders get to see. */
export type Sealed<C, K extends keyof C> = Omit<C, K> & { readonly [P in K]: SealedPerson | Extract<C[P], undefined> }
