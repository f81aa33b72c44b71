import { spelledId } from '../../../schemas/values/given-ids.ts'
import { foldBatchCode } from '../../../schemas/values/identifiers.ts'
import { foldPlate } from '../../../schemas/values/plate.ts'
import { foldCode, trimUnseen } from '../../../schemas/values/text.ts'

/*
 * Arguments are scanned, typed and copied like the fields of commands, so the same functions bring them to the spelling that the books have.
 */
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const LABEL_OR_NUMBER = /^(?:[0-9A-Z]{18}\d{19}|\d{14})$/
const OWNED = /^([^/]+)\/(.+)$/s
const UNIT = /^[0-9A-Z]{18}$/

/**
 * Spellings under which a thing of this name may be kept, the likeliest first and each once: as it is without blanks at its ends, because earlier
 * releases kept codes as they were typed; as a batch code; as a label or a manifest's number. `<unit>/<code>` is both folded by its own form.
 */
export function spellingsOf(name: string): readonly string[] {
  const bare = trimUnseen(name)
  const batch = foldBatchCode(bare)
  if (UUID.test(batch)) return [spelledId(batch)]
  const [, owner = '', code = ''] = OWNED.exec(batch) ?? []
  const unit = foldCode(owner)
  if (UNIT.test(unit)) return [...new Set([bare, `${unit}/${code}`])]
  const folded = foldCode(bare)
  return [...new Set(LABEL_OR_NUMBER.test(folded) ? [bare, batch, folded] : [bare, batch])]
}

/** Spellings of a place: a site as it was named, or the code of a facility or the plate of a vehicle. */
export const placeSpellings = (place: string): readonly string[] => [
  ...new Set([trimUnseen(place), foldCode(place), foldPlate(place)]),
]

/** What the first of these spellings finds that finds anything. */
export async function firstFound<T>(
  spellings: readonly string[],
  find: (spelling: string) => Promise<readonly T[]>,
): Promise<readonly T[]> {
  for (const spelling of spellings) {
    const found = await find(spelling)
    if (found.length > 0) return found
  }
  return []
}

const FOLDS: Readonly<Record<string, (text: string) => string>> = {
  unit: foldCode,
  owner: foldCode,
  consignor: foldCode,
  receiver: foldCode,
  originUnit: foldCode,
  rule: foldCode,
  code: foldBatchCode,
  wasteCode: foldBatchCode,
  subject: (id) => spellingsOf(id)[0] ?? id,
}

/** A filter or scope with the codes of its units, wastes and rules in their one spelling; its other fields as they are. */
export const inOneSpelling = <T extends object>(filter: T): T =>
  Object.fromEntries(
    Object.entries(filter).map(([field, value]) => [
      field,
      typeof value === 'string' ? (FOLDS[field]?.(value) ?? value) : value,
    ]),
  ) as T
