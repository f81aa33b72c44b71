import { claims, type Claim, type ClaimEventOf } from '../../../schemas/claim/events.ts'
import { accept, type Decider } from '../../../schemas/decision.ts'

export interface ClaimLoad {
  readonly occurredAt: string
  readonly load: ClaimEventOf<'LoadClaimed'>['data']
}

/** Every slip of the same load is taken, each once: what they mean is judged where the trip is (R107). */
export const claimLoad: Decider<Claim, ClaimLoad, ClaimEventOf<'LoadClaimed'>, undefined> = {
  initial: claims.initial,
  evolve: claims.evolve,
  decide: ({ occurredAt, load }, { loads }) =>
    accept(loads.some(({ by }) => by === load.by) ? [] : [{ type: 'LoadClaimed', occurredAt, data: load }]),
}
