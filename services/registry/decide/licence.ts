import { categoryUnknown, methodUnknown } from '../../../schemas/catalogues/unknown-codes.ts'
import type { GrantLicence, RenewLicence, RevokeLicence } from '../../../schemas/commands/registry.ts'
import type { Context } from '../../../schemas/context.ts'
import { refusal, type Refusal } from '../../../schemas/decision.ts'
import type { UnitEvent } from '../../../schemas/unit/events.ts'
import { versionOn } from '../../../schemas/unit/history.ts'
import type { Licence, UnitHistory } from '../../../schemas/unit/state.ts'
import { present } from '../../../schemas/values/present.ts'
import { businessDay } from '../../../schemas/values/time.ts'
import { byBureau, contentOf, ending, entry, reversed, termNewsOf, under } from './entry.ts'

/** A licence, a further term of one that is known, or, of a term that is known, what is different from a day on. */
export const grantLicence = entry<GrantLicence>(byBureau, (command, { licences }, context) =>
  termOf(command, contentOf(command), licences, context),
)

/** 换证: a further term under the same number. What is not given stays as it was before. */
export const renewLicence = entry<RenewLicence>(byBureau, (command, { licences }, context) => {
  const { number } = command
  const known = under(licences, number)
  if (known === undefined) return licenceUnknown(number, licences)
  const given = { ...versionOn(known, command.from).content, ...present(contentOf(command)) }
  return termOf(command, given, licences, context)
})

function termOf(
  command: GrantLicence | RenewLicence,
  given: Licence,
  licences: UnitHistory['licences'],
  { catalogues }: Context,
): UnitEvent | Refusal | undefined {
  const { occurredAt } = command
  const { number } = given
  const news = termNewsOf(under(licences, number), given, command)
  if (news === undefined) return undefined
  if (news.is === 'ended') return refusal('already-revoked', '/number', { number, from: news.from })
  const wrong =
    reversed(given) ??
    unknownMethod(given.methods, catalogues) ??
    unknownCover(given.covers, businessDay(occurredAt), catalogues)
  if (wrong) return wrong
  switch (news.is) {
    case 'first':
      return { type: 'LicenceGranted', occurredAt, data: news.term }
    case 'further':
      return { type: 'LicenceRenewed', occurredAt, data: news.term }
    case 'change': {
      const { from: _same, ...changes } = news.changes
      return { type: 'LicenceChanged', occurredAt, data: { ...changes, number, effectiveFrom: news.effectiveFrom } }
    }
  }
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

const licenceUnknown = (number: string, licences: UnitHistory['licences']): Refusal =>
  refusal('licence-unknown', '/number', { number, held: Object.keys(licences).slice(0, 3).join(', ') })

export const revokeLicence = entry<RevokeLicence>(
  byBureau,
  ({ occurredAt, number, from, cause, unit }, { licences }) => {
    const command = { unit, occurredAt, effectiveFrom: from }
    const known = under(licences, number)
    const revoked = ending(
      known,
      { kind: 'licence', key: number, command, unknown: licenceUnknown(number, licences) },
      () => ({ type: 'LicenceRevoked', occurredAt, data: { number, from, reason: cause } }),
    )
    return revoked !== undefined && 'code' in revoked && revoked.code === 'already-ended'
      ? { ...revoked, code: 'already-revoked', pointer: '/from' }
      : revoked
  },
)
