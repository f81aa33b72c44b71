import type { Role } from '../../schemas/actor.ts'
import type { UnitRole } from '../../schemas/unit/shapes.ts'

/** What a registration lets a unit do: a collector takes waste in and ships it on, a treater is the producer of its residues. */
const rows: Readonly<Record<UnitRole, readonly Role[]>> = {
  producer: ['producer'],
  collector: ['producer', 'receiver'],
  carrier: ['carrier', 'driver'],
  recycler: ['receiver', 'producer'],
  disposer: ['receiver', 'producer'],
}

/** Roles of a token for a unit that is registered in these roles. */
export const tokenRoles = (registered: readonly string[]): readonly Role[] => [
  ...new Set(registered.flatMap((role) => rows[role as UnitRole] ?? [])),
]
