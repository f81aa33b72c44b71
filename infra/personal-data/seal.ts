import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto'
import { z } from 'zod'
import { normalName, normalPhone, type Person, type SealedPerson } from '../../schemas/values/person.ts'

const NONCE_BYTES = 12
const TAG_BYTES = 16

const digest = (parkSecret: Uint8Array, name: string, phone: string): string =>
  createHmac('sha256', parkSecret).update(`${name}\u0000${phone}`).digest('hex')

/**
 * Who a person is in the whole park, by name and number in their normal spelling; it cannot be computed from them without the park's secret.
 * For what was written in its normal spelling it is the id that earlier versions made of the very text; for other spellings those made
 * another one, and their persons are found by opening them (`sameness`).
 */
export const personId = (parkSecret: Uint8Array, { name, phone = '' }: Person): string =>
  digest(parkSecret, normalName(name), normalPhone(phone))

/** What is kept of a person to tell them from another: digests under the park's secret, never a name. */
export interface Identity {
  readonly whole: string
  readonly name: string
  readonly numbered: boolean
}

export const identityOf = (parkSecret: Uint8Array, person: Person): Identity => ({
  whole: personId(parkSecret, person),
  name: digest(parkSecret, normalName(person.name), ''),
  numbered: normalPhone(person.phone ?? '') !== '',
})

/** `same`: one name and one number, or neither has one. `alike`: one name, and one of the two gives no number. */
export type Sameness = 'same' | 'alike' | 'other'

export function sameness(a: Identity, b: Identity): Sameness {
  if (a.whole === b.whole) return 'same'
  return a.name === b.name && !(a.numbered && b.numbered) ? 'alike' : 'other'
}

/** As sealed, in whatever spelling earlier versions took. */
const Content = z.object({ name: z.string(), phone: z.string().optional() })

/**
 * AES-256-GCM under the person's own key; the id is bound in as associated data. The nonce is a PRF of key and content: equal content
 * gives the same text, so that a repeated command is the same command byte for byte, and different content never shares a nonce.
 */
export function seal(id: string, key: Uint8Array, person: Person): SealedPerson {
  const content = JSON.stringify({ name: person.name, ...(person.phone === undefined ? {} : { phone: person.phone }) })
  const nonce = createHmac('sha256', key).update(`nonce|${content}`).digest().subarray(0, NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(id))
  const body = Buffer.concat([cipher.update(content, 'utf8'), cipher.final()])
  return { id, sealed: Buffer.concat([nonce, body, cipher.getAuthTag()]).toString('base64url') }
}

/** The person, or undefined where this key does not open the text: it was sealed under a key that has been erased since. */
export function unseal({ id, sealed }: SealedPerson, key: Uint8Array): Person | undefined {
  const bytes = Buffer.from(sealed, 'base64url')
  if (bytes.length <= NONCE_BYTES + TAG_BYTES) return undefined
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES)).setAAD(Buffer.from(id))
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES))
  try {
    const content = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()])
    const { name, phone } = Content.parse(JSON.parse(content.toString('utf8')))
    return phone === undefined ? { name } : { name, phone }
  } catch {
    return undefined
  }
}
