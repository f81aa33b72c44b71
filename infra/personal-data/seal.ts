import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto'
import { Person, type SealedPerson } from '../../schemas/values/person.ts'

const NONCE_BYTES = 12
const TAG_BYTES = 16

/** The same name and phone give the same id in the whole park; without the park's secret nobody can compute it from them. */
export const personId = (parkSecret: Uint8Array, { name, phone }: Person): string =>
  createHmac('sha256', parkSecret)
    .update(`${name}\u0000${phone ?? ''}`)
    .digest('hex')

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
    return Person.parse(JSON.parse(content.toString('utf8')))
  } catch {
    return undefined
  }
}
