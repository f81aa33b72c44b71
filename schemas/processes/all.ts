import { holdTerms } from './hold-terms.ts'
import { manifestTerms } from './manifest-terms.ts'
import type { ProcessManager } from './process.ts'
import { unfiledReservations } from './unfiled-reservations.ts'
import { unrecordedTreatments } from './unrecorded-treatments.ts'

/** Every process manager of the park, by its name; the leader of its service carries out what is due. */
export const processManagers: readonly ProcessManager[] = [
  unfiledReservations,
  unrecordedTreatments,
  manifestTerms,
  holdTerms,
]
