import type { EventActor } from './event.ts'

/** Roles of access tokens. `admin` keeps the books of the park (imports, master data); `bureau` reads and audits. */
export const ROLES = ['producer', 'carrier', 'driver', 'receiver', 'bureau', 'admin'] as const
export type Role = (typeof ROLES)[number]
export type Actor = EventActor

export const hasRole = (actor: Actor, ...roles: readonly Role[]): boolean =>
  actor.roles.some((role) => roles.includes(role as Role))

/** Whether the actor may act in the name of that unit, in one of these roles. The park's book-keeper (`admin`) acts for every unit. */
export const actsFor = (actor: Actor, unit: string | undefined, ...roles: readonly Role[]): boolean =>
  hasRole(actor, 'admin') || (unit !== undefined && actor.unit === unit && hasRole(actor, ...roles))

/** Whether a thing of these units is anything to this actor at all; where it is not, it does not exist for them (404). */
export const concerns = (actor: Actor, units: readonly (string | undefined)[]): boolean =>
  hasRole(actor, 'admin', 'bureau') || (actor.unit !== undefined && units.includes(actor.unit))
