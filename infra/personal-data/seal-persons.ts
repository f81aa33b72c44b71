import type { z } from 'zod'
import { Person, type SealedPerson } from '../../schemas/values/person.ts'

interface Sealing {
  seal(person: Person): Promise<SealedPerson>
}

/**
 * A command as it may be stored: every person that its schema names is sealed, wherever they stand, and fields that were not given are left out. A
 * person that is sealed already stays as it is.
 */
export async function sealPersons(people: Sealing, schema: z.core.$ZodType, value: unknown): Promise<unknown> {
  if (value === undefined || value === null) return value
  if (schema === Person) return isSealed(value) ? value : people.seal(value as Person)
  const { def } = (schema as z.core.$ZodTypes)._zod
  switch (def.type) {
    case 'object': {
      const fields = Object.entries(value).filter(([, field]) => field !== undefined)
      const sealed = fields.map(async ([name, field]) => {
        const inner = def.shape[name]
        return [name, inner ? await sealPersons(people, inner, field) : field] as const
      })
      return Object.fromEntries(await Promise.all(sealed))
    }
    case 'array':
      return Promise.all((value as readonly unknown[]).map((element) => sealPersons(people, def.element, element)))
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'nonoptional':
    case 'readonly':
      return sealPersons(people, def.innerType, value)
    default:
      return value
  }
}

/** Whether a person of a command is sealed already: a command that was held is performed as it was stored. */
export const isSealed = (person: object): person is SealedPerson => 'sealed' in person
