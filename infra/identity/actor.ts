import { z } from 'zod'
import { ROLES, type Actor } from '../../schemas/actor.ts'
import { UnitCode } from '../../schemas/values/unit-code.ts'
import { WasteStream } from '../../schemas/values/waste.ts'

/** Who is asking, as the token says: what events record of them, and for an official the streams of waste of their office. */
export interface AuthenticatedActor extends Actor {
  readonly competence?: readonly WasteStream[]
}

/** What an access token says of its bearer. Roles that are not ours are another system's and are passed over. */
export const ActorClaims = z.object({
  sub: z.string().min(1).max(200),
  unit: UnitCode.optional(),
  roles: z.array(z.string().max(64)).max(64).default([]),
  competence: z.array(WasteStream).optional(),
})

export function actorOf(claims: unknown): AuthenticatedActor | undefined {
  const read = ActorClaims.safeParse(claims)
  if (!read.success) return undefined
  const { sub: subject, unit, roles, competence } = read.data
  return {
    subject,
    ...(unit === undefined ? {} : { unit }),
    roles: ROLES.filter((role) => roles.includes(role)),
    ...(competence === undefined ? {} : { competence }),
  }
}

/** The part of an actor that events keep. */
export const recordedActor = ({ subject, unit, roles }: AuthenticatedActor): Actor => ({
  subject,
  ...(unit === undefined ? {} : { unit }),
  roles,
})
