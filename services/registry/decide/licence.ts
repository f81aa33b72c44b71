import { categoryUnknown, methodUnknown } from '../../../schemas/catalogues/unknown-codes.ts'
import type { GrantLicence, RevokeLicence } from '../../../schemas/commands/registry.ts'
import type { Context } from '../../../schemas/context.ts'
import { refusal, type Refusal } from '../../../schemas/decision.ts'
import type { Licence } from '../../../schemas/unit/state.ts'
import { businessDay } from '../../../schemas/values/time.ts'
import { byBureau, contentOf, entry, once, reversed, under } from './entry.ts'

export const grantLicence = entry<GrantLicence>(byBureau, (command, { licences }, { catalogues }) => {
  const { occurredAt } = command
  const data = contentOf(command)
  const known = under(licences, data.number)
  const proposed = once({ type: 'LicenceGranted', occurredAt, data }, known && asGranted(known), 'licence', data.number)
  if (proposed === undefined || 'code' in proposed) return proposed
  return (
    reversed(data) ??
    unknownMethod(data.methods, catalogues) ??
    unknownCover(data.covers, businessDay(occurredAt), catalogues) ??
    proposed
  )
})

function asGranted(licence: Licence): object {
  const { revokedFrom: _revokedFrom, ...granted } = licence
  return granted
}

function unknownMethod(methods: readonly string[], catalogues: Context['catalogues']): Refusal | undefined {
  const at = methods.findIndex((method) => catalogues.method(method) === undefined)
  return at < 0 ? undefined : methodUnknown(methods[at] ?? '', `/methods/${at}`)
}

/** A licence names categories (HW06) or codes of eight digits, of whichever edition it was granted under. */
function unknownCover(covers: readonly string[], day: string, catalogues: Context['catalogues']): Refusal | undefined {
  const at = covers.findIndex(
    (code) => !catalogues.hasCategory(code, day) && catalogues.hazardousAnyEdition(code) === undefined,
  )
  return at < 0 ? undefined : categoryUnknown(covers[at] ?? '', day, `/covers/${at}`)
}

export const revokeLicence = entry<RevokeLicence>(byBureau, ({ occurredAt, number, from, cause }, { licences }) => {
  const licence = under(licences, number)
  if (licence === undefined)
    return refusal('licence-unknown', '/number', { number, held: Object.keys(licences).slice(0, 3).join(', ') })
  if (licence.revokedFrom !== undefined)
    return licence.revokedFrom === from
      ? undefined
      : refusal('already-revoked', '/from', { number, from: licence.revokedFrom })
  return { type: 'LicenceRevoked', occurredAt, data: { number, from, reason: cause } }
})
