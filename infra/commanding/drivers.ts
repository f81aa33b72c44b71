import type { DriverPermit, Unit } from '../../schemas/unit/state.ts'
import type { SealedPerson } from '../../schemas/values/person.ts'
import type { People } from './execute.ts'

/**
 * The entry of a driver in the carrier's register (R17): by id, else by name and number in whatever spelling it was recorded, else by the
 * name alone where one of the two gives no number. Of several namesakes the one whose permit lasts longest counts, because nothing tells
 * which of them it is. Nothing where the carrier has registered no such driver.
 */
export async function registeredDriver(
  people: People,
  { drivers }: Pick<Unit, 'drivers'>,
  driver: SealedPerson | undefined,
): Promise<DriverPermit | undefined> {
  if (driver === undefined) return undefined
  if (Object.hasOwn(drivers, driver.id)) return drivers[driver.id]
  const compared = await Promise.all(
    Object.values(drivers).map(async (entry) => ({ entry, is: await people.compare(entry.driver, driver) })),
  )
  const [best] = compared
    .filter(({ is }) => is !== 'other')
    .toSorted((a, b) => rank(b) - rank(a) || lasts(b).localeCompare(lasts(a)))
  return best?.entry
}

/** The driver as the register has them already, where that is one person under another id: recorded in a spelling that made another id. */
export async function recordedDriver(
  people: People,
  known: readonly SealedPerson[],
  driver: SealedPerson,
): Promise<SealedPerson | undefined> {
  if (known.some(({ id }) => id === driver.id)) return undefined
  for (const person of known) if ((await people.compare(person, driver)) === 'same') return person
  return undefined
}

const rank = ({ is }: { readonly is: string }): number => (is === 'same' ? 1 : 0)
const lasts = ({ entry }: { readonly entry: DriverPermit }): string => (entry.dangerousGoods ? entry.validTo : '')
