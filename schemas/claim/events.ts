import { z } from 'zod'

/** A name that only one thing may bear (a label R31, an official number R48, a record's number), stream `claim-<kind>-<name>`. */
export const claimEventSchemas = {
  NameClaimed: z.strictObject({
    kind: z.enum(['label', 'manifest-number', 'record']),
    name: z.string(),
    by: z.string(),
  }),
} as const

type Schemas = typeof claimEventSchemas
export type ClaimEventType = keyof Schemas
export type ClaimEvent = {
  [T in ClaimEventType]: { readonly type: T; readonly occurredAt: string; readonly data: Readonly<z.infer<Schemas[T]>> }
}[ClaimEventType]

export interface Claim {
  /** Stream of the thing that bears the name. */
  readonly by: string | undefined
}
export const noClaim: Claim = { by: undefined }

/** Who claimed it last bears it: a name is claimed again only where its bearer never came to be (the deciders see to it). */
export const evolveClaim = (_claim: Claim, { data }: ClaimEvent): Claim => ({ by: data.by })
