import { z } from 'zod'
import { trimUnseen } from './text.ts'

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

/** A command with the person in one of its fields sealed: what deciders get to see. */
export type Sealed<C, K extends keyof C> = Omit<C, K> & { readonly [P in K]: SealedPerson | Extract<C[P], undefined> }
